// Cosine similarities of all first with all second items: before, after, and the difference.
(function (Lab) {
  "use strict";

  const NAMES = ["before", "after", "difference"];
  // Equal steps are equally far apart to the eye (0.09 in OKLab); little similarity looks like the page.
  const EVEN = {
    light: ["#effaf6", "#b8e5dd", "#7ad0ca", "#4fb3c0", "#3093b6", "#2973a9", "#325296", "#313378", "#281657"],
    dark: ["#1e1d2d", "#2c2f57", "#344580", "#2e649c", "#2185b0", "#29a5bb", "#52c3c0", "#8eddcc", "#c3f5de"],
  };
  const LEAST_SPAN = 0.05; // of the difference's scale, so that rounding does not look like change

  // Base64 of signed bytes -> rows of similarities, -1 to 1.
  function decode(text, size) {
    const bytes = Int8Array.from(atob(text), (letter) => (letter.charCodeAt(0) << 24) >> 24);
    return Array.from({ length: size }, (_, i) => Array.from(bytes.subarray(i * size, (i + 1) * size), (v) => v / 127));
  }

  function extent(rows) {
    let low = Infinity, high = -Infinity;
    for (const row of rows) for (const v of row) { if (v < low) low = v; if (v > high) high = v; }
    return [low, high];
  }

  function even() {
    const colours = EVEN[document.body.classList.contains("dark") ? "dark" : "light"];
    return colours.map((colour, i) => [i / (colours.length - 1), colour]);
  }

  const diverging = () => [[0, Lab.colour("loss")], [0.5, Lab.colour("surface")], [1, Lab.colour("gain")]];

  Lab.matrices = function (root) {
    let value = null, z = null, parts = null, shown = null;

    function update(next) {
      value = next;
      shown = null;
      if (!value) { parts = null; return Lab.clear(root); }
      const before = decode(value.before, value.size), after = decode(value.after, value.size);
      z = [before, after, after.map((row, i) => row.map((v, j) => v - before[i][j]))];
      if (!parts) build();
      draw();
    }

    function build() {
      Lab.clear(root);
      parts = { said: root.appendChild(Lab.el("p", "lab-hint lab-said")), figures: [] };
      const grid = root.appendChild(Lab.el("div", "lab-triple"));
      parts.said.setAttribute("aria-live", "polite");
      for (const name of NAMES) parts.figures.push(figure(grid, name));
      parts.note = root.appendChild(Lab.el("p", "lab-hint"));
      Lab.keepDrawn(() => parts && draw(), parts.figures.map((f) => f.plot));
    }

    function figure(grid, name) {
      const node = grid.appendChild(Lab.el("figure", "lab-map"));
      const title = node.appendChild(Lab.el("figcaption", "lab-" + name));
      const holder = node.appendChild(Lab.el("div", "lab-matrix"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      const plot = holder.appendChild(Lab.el("div", "lab-plot lab-plot-square"));
      const cell = holder.appendChild(Lab.el("div", "lab-cell"));
      const scale = node.appendChild(Lab.el("div", "lab-legend lab-scale"));
      holder.addEventListener("pointermove", (e) => say(under(plot, e)));
      holder.addEventListener("pointerleave", () => say(null));
      holder.addEventListener("keydown", steer);
      return { title, holder, plot, cell, scale };
    }

    function draw() {
      const w = value.words, [low, high] = extent([...z[0], ...z[1]]);
      const most = extent(z[2]).reduce((a, b) => Math.max(a, Math.abs(b)), LEAST_SPAN);
      NAMES.forEach((name, k) => {
        const { title, holder, plot, scale } = parts.figures[k], differs = k === 2;
        const [least, top] = differs ? [-most, most] : [low, high], colours = differs ? diverging() : even();
        title.textContent = w[name];
        holder.setAttribute("aria-label", `${w[name]}: ${w.rows}, ${w.columns}`);
        Lab.gradient(scale, colours, signed(least, differs), signed(top, differs));
        const trace = { type: "heatmap", z: z[k], zmin: least, zmax: top, colorscale: colours, showscale: false, hoverinfo: "skip" };
        Lab.draw(plot, [trace], layout(w)).then(mark);
      });
      parts.note.textContent = value.note || "";
      say(shown);
    }

    // Two decimals: similarities travel as bytes, 1/127 apart.
    const signed = (v, plus) => (plus && v > 0 ? "+" : "") + v.toFixed(2).replace("-", "−");

    const axis = (text) => ({ title: { text, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 },
      showticklabels: false, ticks: "", showgrid: false, showline: false, range: [-0.5, value.size - 0.5], fixedrange: true });

    const layout = (w) => ({ margin: { l: 22, r: 0, t: 0, b: 22 }, hovermode: false, dragmode: false,
      xaxis: axis(w.columns), yaxis: { ...axis(w.rows), range: [value.size - 0.5, -0.5] } });

    function under(plot, event) {
      const full = plot._fullLayout;
      if (!full || !full.xaxis) return null;
      const box = plot.getBoundingClientRect();
      const j = Math.round(full.xaxis.p2d(event.clientX - box.left - full.xaxis._offset));
      const i = Math.round(full.yaxis.p2d(event.clientY - box.top - full.yaxis._offset));
      return Math.min(i, j) >= 0 && Math.max(i, j) < value.size ? [i, j] : null;
    }

    function steer(event) {
      const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!way) return;
      const [i, j] = shown || [-way[0], -way[1]], inside = (n) => Math.max(0, Math.min(value.size - 1, n));
      say([inside(i + way[0]), inside(j + way[1])]);
      event.preventDefault();
    }

    function say(cell) {
      const w = value.words, node = Lab.clear(parts.said);
      shown = cell;
      mark();
      if (!cell) { node.textContent = w.pairs_on_diagonal; return; }
      const [i, j] = cell;
      node.append(Lab.el("span", "lab-cut", value.labels_a[i]), Lab.el("span", "lab-faint", "·"), Lab.el("span", "lab-cut", value.labels_b[j]));
      node.append(Lab.el("span", "lab-rank", Lab.fill(w.cell, { before: signed(z[0][i][j]), after: signed(z[1][i][j]) })));
    }

    // The same cell on all three; at least large enough to be seen.
    function mark() {
      for (const { plot, cell } of parts.figures) {
        const full = plot._fullLayout;
        cell.style.display = shown && full && full.xaxis ? "block" : "none";
        if (!shown || !full || !full.xaxis) continue;
        const side = Math.max(9, full.xaxis._length / value.size + 3);
        cell.style.width = cell.style.height = side + "px";
        cell.style.left = full.xaxis._offset + full.xaxis.d2p(shown[1]) - side / 2 + "px";
        cell.style.top = full.yaxis._offset + full.yaxis.d2p(shown[0]) - side / 2 + "px";
      }
    }

    root.__lab = { plots: () => parts.figures.map((f) => f.plot), say };
    return { update };
  };
})((window.Lab = window.Lab || {}));
