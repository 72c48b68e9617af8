// The directions that two adapters share: φ(i, j) as a heat map for a pair, beside two seeds of one
// rank and two random matrices, all on one scale; and what of W the update amplifies.
(function (Lab) {
  "use strict";

  const CORNER = 8; // directions of the corner, with a number in each cell
  const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const TICKS = 7; // labels that fit on an axis

  // Base64 of bytes -> rows of φ, 0 to 1, as wide as j is long.
  function rows(text, j) {
    const flat = Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255);
    return Array.from({ length: flat.length / j.length }, (_, k) => flat.slice(k * j.length, (k + 1) * j.length));
  }

  // The first directions of a grid; ranks are whole up to the corner and beyond.
  function corner(grid) {
    const [i, j] = [grid.i, grid.j].map((ranks) => ranks.filter((rank) => rank <= CORNER));
    return { ...grid, i, j, phi: grid.phi.slice(0, i.length).map((row) => row.slice(0, j.length)) };
  }

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
      toggle(bar, w.shown, "small", [[false, w.whole], [true, Lab.fill(w.corner, { count: CORNER })]]);
      parts.sentence = root.appendChild(Lab.el("p", "lab-lead"));
      parts.sentence.setAttribute("aria-live", "polite");
      parts.notes = root.appendChild(Lab.el("div"));
      parts.means = root.appendChild(Lab.el("p", "lab-hint"));
      parts.said = root.appendChild(Lab.el("div", "lab-said"));
      parts.said.setAttribute("aria-live", "polite");
      const grid = root.appendChild(Lab.el("div", "lab-triple"));
      parts.figures = Array.from({ length: 3 }, () => figure(grid));
      parts.scale = root.appendChild(Lab.el("div", "lab-legend lab-scale"));
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
      const group = bar.appendChild(Lab.el("span", "lab-field", label)).appendChild(Lab.el("span", "lab-toggle"));
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", label);
      for (const [key, text] of choices) {
        const button = group.appendChild(Lab.el("button", "", text));
        button.type = "button";
        const press = () => [...group.children].forEach((b) => b.setAttribute("aria-pressed", b === button));
        if (asked[name] === key) press();
        else button.setAttribute("aria-pressed", false);
        button.addEventListener("click", () => { press(); ask({ [name]: key }); });
      }
    }

    function figure(grid) {
      const node = grid.appendChild(Lab.el("figure", "lab-map")), title = node.appendChild(Lab.el("figcaption"));
      const holder = node.appendChild(Lab.el("div", "lab-matrix"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      const plot = holder.appendChild(Lab.el("div", "lab-plot lab-plot-square")), cell = holder.appendChild(Lab.el("div", "lab-cell"));
      const none = node.appendChild(Lab.el("p", "lab-hint")), made = { node, title, holder, plot, cell, none };
      const index = () => parts.figures.indexOf(made);
      holder.addEventListener("pointermove", (e) => e.pointerType !== "touch" && say(under(index(), e)));
      holder.addEventListener("pointerleave", (e) => e.pointerType !== "touch" && say(null));
      holder.addEventListener("click", (e) => say(under(index(), e)));
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
      panels = [...shown.filter(Boolean), chance(shown[0])].filter(Boolean).map((one) => (asked.small && one.phi ? corner(one) : one));
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
      return { title: pair.name, axes, i, j, phi: rows(grid.phi, j), chance: grid.chance };
    }

    function chance(beside) {
      if (!beside.phi) return null;
      const w = value.words, { i, j, phi } = value.chances[beside.chance];
      return { title: w.random, axes: [w.random_axis, w.random_axis], i, j, phi: rows(phi, j) };
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
        Promise.resolve(Lab.draw(made.plot, [trace], layout(one))).then(mark);
      });
    }

    // The first i down, the first j across, as in the paper; a step is a rank that is shown.
    function layout(one) {
      const axis = (text, ranks, range) => {
        const every = Math.ceil(ranks.length / TICKS), last = ranks.length - 1;
        const kept = ranks.map((_, k) => k).filter((k) => k === last || (k % every === 0 && last - k >= every / 2));
        return { title: { text, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 }, range, fixedrange: true,
          tickvals: kept, ticktext: kept.map((k) => String(ranks[k])), ticks: "", showgrid: false, showline: false };
      };
      const [far, deep] = [one.j.length - 0.5, one.i.length - 0.5];
      return { margin: { l: 44, r: 2, t: 2, b: 42 }, hovermode: false, dragmode: false,
        xaxis: axis(one.axes[1], one.j, [-0.5, far]), yaxis: axis(one.axes[0], one.i, [deep, -0.5]) };
    }

    function under(k, event) {
      const full = parts.figures[k].plot._fullLayout, one = panels[k];
      if (!full?.xaxis) return null;
      const box = parts.figures[k].plot.getBoundingClientRect();
      const across = Math.round(full.xaxis.p2d(event.clientX - box.left - full.xaxis._offset));
      const down = Math.round(full.yaxis.p2d(event.clientY - box.top - full.yaxis._offset));
      const [i, j] = [one.i[down], one.j[across]];
      return i && j ? [i, j] : null;
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

    const phiAt = (one) => one.phi?.[one.i.indexOf(at[0])]?.[one.j.indexOf(at[1])];

    // The same i and j on every panel that has them.
    function say(cell) {
      at = cell;
      mark();
      const w = value.words, node = Lab.clear(parts.said);
      if (!at) return node.appendChild(Lab.el("p", "lab-hint", w.point));
      node.appendChild(Lab.el("span", "", Lab.fill(w.cell, { i: at[0], j: at[1] })));
      for (const one of panels) {
        const phi = phiAt(one);
        if (phi === undefined) continue;
        node.append(Lab.el("span", "lab-rank", `φ = ${phi.toFixed(2)}`), Lab.el("span", "lab-faint", one.title));
      }
    }

    function mark() {
      if (!parts) return;
      parts.figures.forEach(({ plot, cell }, k) => {
        const full = plot._fullLayout, one = panels[k];
        const seen = at && one?.phi && full?.xaxis && phiAt(one) !== undefined;
        cell.style.display = seen ? "block" : "none";
        if (!seen) return;
        const [wide, high] = [full.xaxis._length / one.j.length, full.yaxis._length / one.i.length];
        Object.assign(cell.style, { width: `${wide + 2}px`, height: `${high + 2}px`,
          left: `${full.xaxis._offset + full.xaxis.d2p(one.j.indexOf(at[1])) - wide / 2 - 1}px`,
          top: `${full.yaxis._offset + full.yaxis.d2p(one.i.indexOf(at[0])) - high / 2 - 1}px` });
      });
    }

    function drawTable(w, pair) {
      const told = layerOf(pair).amplification, node = Lab.clear(parts.table);
      node.hidden = !told.length;
      if (!told.length) return;
      node.appendChild(Lab.el("h4", "", w.amplification));
      const body = node.appendChild(Lab.el("div", "lab-scroll")).appendChild(Lab.el("table", "lab-metrics")).appendChild(Lab.el("tbody"));
      const head = body.appendChild(Lab.el("tr", "lab-group"));
      for (const text of ["", pair.first, pair.second]) head.appendChild(Lab.el("th", "", text));
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
