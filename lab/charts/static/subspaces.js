// The directions that two adapters share: φ(i, j) as a heat map for a pair, beside two seeds of one
// rank and two random matrices, all on one scale; and what of W the update amplifies.
(function (Lab) {
  "use strict";

  const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  Lab.subspaces = function (root) {
    let value = null, parts = null, panels = [], at = null;
    let asked = { pair: 0, path: null, matrix: null, small: false };

    function update(next) {
      value = next;
      parts = null;
      if (!value) return Lab.clear(root);
      asked = { ...asked, pair: Math.min(asked.pair, value.pairs.length - 1), matrix: asked.matrix || value.matrices[0] };
      build();
      arrange();
    }

    function build() {
      const w = value.words, bar = Lab.clear(root).appendChild(Lab.el("div", "lab-bar lab-compared-bar"));
      parts = { pair: select(bar, w.adapters, "pair"), path: select(bar, w.layer, "path") };
      offer(parts.pair, value.pairs.map((pair, k) => [k, pair.name]), asked.pair);
      toggle(bar, w.matrix, "matrix", value.matrices.map((matrix) => [matrix, w[matrix]]));
      toggle(bar, w.shown, "small", [[false, w.whole], [true, Lab.fill(w.corner, { count: Lab.cornerRanks })]]);
      parts.sentence = root.appendChild(Lab.el("p", "lab-lead"));
      parts.sentence.setAttribute("aria-live", "polite");
      parts.notes = root.appendChild(Lab.el("div"));
      parts.means = root.appendChild(Lab.el("p", "lab-hint"));
      parts.said = root.appendChild(Lab.el("div", "lab-said"));
      parts.said.setAttribute("aria-live", "polite");
      const grid = root.appendChild(Lab.el("div", "lab-triple"));
      parts.figures = Array.from({ length: 3 }, () => figure(grid));
      parts.scale = root.appendChild(Lab.el("div", "lab-bar")).appendChild(Lab.el("span", "lab-legend lab-scale"));
      parts.scale.style.flex = "1"; // its words stay on one line where there is room
      parts.table = root.appendChild(Lab.el("div", "lab-part"));
      reading(w);
      const mine = parts;
      Lab.keepDrawn(() => parts === mine && draw(), parts.figures.map((f) => f.plot));
    }

    function select(bar, label, name) {
      const node = bar.appendChild(Lab.el("label", "lab-field", label)).appendChild(Lab.el("select"));
      node.addEventListener("change", () => ask({ [name]: name === "pair" ? Number(node.value) : node.value }));
      return node;
    }

    function offer(node, choices, chosen) {
      Lab.clear(node);
      for (const [key, text] of choices) node.appendChild(Lab.el("option", "", text)).value = key;
      node.value = chosen;
    }

    function toggle(bar, label, name, choices) {
      const group = Lab.toggle(choices, asked[name], (key) => ask({ [name]: key }));
      group.setAttribute("aria-label", label);
      bar.appendChild(Lab.el("span", "lab-field", label)).appendChild(group);
    }

    function figure(grid) {
      const node = grid.appendChild(Lab.el("figure", "lab-map")), title = node.appendChild(Lab.el("figcaption"));
      const holder = node.appendChild(Lab.el("div", "lab-matrix"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      const plot = holder.appendChild(Lab.el("div", "lab-plot lab-plot-square")), cell = holder.appendChild(Lab.el("div", "lab-cell"));
      const none = node.appendChild(Lab.el("p", "lab-hint")), made = { node, title, holder, plot, cell, none };
      const index = () => parts.figures.indexOf(made);
      holder.addEventListener("pointermove", (e) => e.pointerType !== "touch" && say(Lab.phiUnder(panels[index()], plot, e)));
      holder.addEventListener("pointerleave", (e) => e.pointerType !== "touch" && say(null));
      holder.addEventListener("click", (e) => say(Lab.phiUnder(panels[index()], plot, e)));
      holder.addEventListener("keydown", (e) => steer(index(), e));
      return made;
    }

    function reading(w) {
      const details = root.appendChild(Lab.el("details", "lab-help"));
      details.appendChild(Lab.el("summary", "", w.read));
      for (let k = 1; w["read_" + k]; k++) details.appendChild(Lab.el("p", "", w["read_" + k]));
    }

    function ask(more) {
      asked = { ...asked, ...more };
      arrange();
    }

    // Another choice: what is shown of it, a panel for each that there is.
    function arrange() {
      const w = value.words, pair = value.pairs[asked.pair], paths = pair.layers.map((layer) => layer.path);
      if (!paths.includes(asked.path)) asked.path = paths[0];
      offer(parts.path, paths.map((path) => [path, path]), asked.path);
      parts.sentence.textContent = pair.said[asked.matrix];
      parts.means.textContent = w[asked.matrix + "_means"];
      Lab.clear(parts.notes);
      for (const note of pair.notes) parts.notes.appendChild(Lab.el("p", "lab-finding lab-level-warning", note));
      const shown = [panel(pair), pair.beside === null ? null : panel(value.pairs[pair.beside])];
      panels = [...shown.filter(Boolean), chance(shown[0])].filter(Boolean).map((one) => (asked.small && one.phi ? Lab.phiCorner(one) : one));
      drawTable(w, pair);
      draw();
      say(null);
    }

    const layerOf = (pair) => pair.layers.find((layer) => layer.path === asked.path);

    function panel(pair) {
      const w = value.words, grid = layerOf(pair)?.grids[asked.matrix], names = [pair.first, pair.second];
      const axes = names.map((name) => Lab.fill(w.axis, { name }));
      if (!grid) return { title: pair.name, axes, phi: null };
      const { i, j } = value.chances[grid.chance];
      return { title: pair.name, axes, i, j, phi: Lab.phiRows(grid.phi, j), chance: grid.chance };
    }

    function chance(beside) {
      if (!beside.phi) return null;
      const w = value.words, { i, j, phi } = value.chances[beside.chance];
      return { title: w.random, axes: [w.random_axis, w.random_axis], i, j, phi: Lab.phiRows(phi, j) };
    }

    function draw() {
      const colours = Lab.evenColours(), w = value.words;
      Lab.gradient(parts.scale, colours, w.low, w.high);
      parts.figures.forEach((made, k) => {
        const one = panels[k];
        made.node.hidden = !one;
        made.holder.hidden = !one?.phi;
        made.none.textContent = one && !one.phi ? w.no_directions : "";
        if (!one) return;
        made.title.textContent = one.title;
        if (!one.phi) return;
        made.holder.setAttribute("aria-label", `${one.title}: ${one.axes.join(", ")}`);
        const trace = { type: "heatmap", z: one.phi, zmin: 0, zmax: 1, colorscale: colours, showscale: false, hoverinfo: "skip",
          texttemplate: asked.small ? "%{z:.2f}" : "", xgap: 1, ygap: 1 };
        Promise.resolve(Lab.draw(made.plot, [trace], Lab.phiLayout(one))).then(mark);
      });
    }

    function steer(k, event) {
      const way = WAYS[event.key], one = panels[k];
      if (event.key === "Escape") say(null);
      else if (!way) return;
      else {
        const inside = (n, ranks) => ranks[Math.max(0, Math.min(ranks.length - 1, n))];
        const [i, j] = at ? [one.i.indexOf(at[0]), one.j.indexOf(at[1])] : [-way[0], -way[1]];
        say([inside(i + way[0], one.i), inside(j + way[1], one.j)]);
      }
      event.preventDefault();
    }

    // The same i and j on every panel that has them.
    function say(cell) {
      at = cell;
      mark();
      const w = value.words, node = Lab.clear(parts.said);
      if (!at) return node.appendChild(Lab.el("p", "lab-hint", w.point));
      node.appendChild(Lab.el("span", "", Lab.fill(w.cell, { i: at[0], j: at[1] })));
      for (const one of panels) {
        const phi = Lab.phiAt(one, at);
        if (phi === undefined) continue;
        node.append(Lab.el("span", "lab-rank", `φ = ${phi.toFixed(2)}`), Lab.el("span", "lab-faint", one.title));
      }
    }

    function mark() {
      if (!parts) return;
      parts.figures.forEach(({ plot, cell }, k) => {
        const full = plot._fullLayout, one = panels[k];
        const seen = at && one?.phi && full?.xaxis && Lab.phiAt(one, at) !== undefined;
        cell.style.display = seen ? "block" : "none";
        if (seen) Lab.frameCell(cell, one, plot, at);
      });
    }

    function drawTable(w, pair) {
      const told = layerOf(pair).amplification, node = Lab.clear(parts.table);
      node.hidden = !told.length;
      if (!told.length) return;
      const body = node.appendChild(Lab.el("div", "lab-scroll")).appendChild(Lab.el("table", "lab-metrics")).appendChild(Lab.el("tbody"));
      const head = body.appendChild(Lab.el("tr", "lab-group"));
      for (const text of [w.amplification, pair.first, pair.second]) head.appendChild(Lab.el("th", "", text));
      for (const [name, ...numbers] of told) {
        const line = body.appendChild(Lab.el("tr"));
        line.appendChild(Lab.el("th", "", name)).scope = "row";
        for (const number of numbers) line.appendChild(Lab.el("td", "lab-value", number));
      }
    }

    root.__lab = { plots: () => parts.figures.map((f) => f.plot), panels: () => panels, at: () => at, asked: () => asked };
    return { update };
  };
})((window.Lab = window.Lab || {}));
