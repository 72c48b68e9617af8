// Cosine similarities of all first with all second items: before, after, and the difference.
(function (Lab) {
  "use strict";

  const WORDS = { before: "Before", after: "After", difference: "Difference", rows: "first items", columns: "second items",
    empty: "No similarities yet.", pairs_on_diagonal: "Pairs lie on the diagonal." };
  const EVEN = [[0, "#0d0887"], [0.2, "#6a00a8"], [0.4, "#b12a90"], [0.6, "#e16462"], [0.8, "#fca636"], [1, "#f0f921"]];

  // Base64 of signed bytes -> rows of numbers in -1..1.
  function decode(text, size) {
    const bytes = atob(text), rows = [];
    for (let i = 0; i < size; i++) {
      const row = new Array(size);
      for (let j = 0; j < size; j++) row[j] = ((bytes.charCodeAt(i * size + j) << 24) >> 24) / 127;
      rows.push(row);
    }
    return rows;
  }

  Lab.matrices = function (root) {
    let value = null, plots = [], z = null;

    function update(next) {
      value = next;
      if (!value) { plots = []; return Lab.empty(root, WORDS.empty); }
      const before = decode(value.before, value.size), after = decode(value.after, value.size);
      z = [before, after, after.map((row, i) => row.map((v, j) => v - before[i][j]))];
      if (!plots.length) build();
      draw();
    }

    function build() {
      Lab.clear(root);
      const grid = root.appendChild(Lab.el("div", "lab-triple"));
      for (const name of ["before", "after", "difference"]) {
        const figure = grid.appendChild(Lab.el("figure", "lab-map"));
        figure.appendChild(Lab.el("figcaption", "lab-" + name));
        plots.push(figure.appendChild(Lab.el("div", "lab-plot lab-plot-square")));
      }
      root.appendChild(Lab.el("p", "lab-hint"));
      Lab.keepDrawn(() => plots.length && draw(), plots);
    }

    const cut = (text) => (text.length > 40 ? text.slice(0, 39) + "…" : text);

    function draw() {
      const w = Object.assign({}, WORDS, value.words), flat = z[0].concat(z[1]).flat();
      const low = Math.min(...[flat.reduce((a, b) => Math.min(a, b), 1)]), high = flat.reduce((a, b) => Math.max(a, b), -1);
      const most = z[2].flat().reduce((a, b) => Math.max(a, Math.abs(b)), 0.05);
      ["before", "after", "difference"].forEach((name, k) => {
        root.querySelector("figcaption.lab-" + name).textContent = w[name];
        const differs = k === 2;
        const scale = differs ? [[0, Lab.colour("loss")], [0.5, Lab.colour("surface")], [1, Lab.colour("gain")]] : EVEN;
        const trace = { type: "heatmap", z: z[k], zmin: differs ? -most : low, zmax: differs ? most : high, colorscale: scale,
          hoverinfo: "none", colorbar: { thickness: 8, len: 0.9, outlinewidth: 0, tickfont: { size: 10, color: Lab.colour("faint") } } };
        const layout = { margin: { l: 26, r: 4, t: 4, b: 26 },
          xaxis: { title: { text: w.columns, font: { size: 11 } }, showticklabels: false, constrain: "domain" },
          yaxis: { title: { text: w.rows, font: { size: 11 } }, showticklabels: false, autorange: "reversed", scaleanchor: "x", constrain: "domain" } };
        Lab.draw(plots[k], [trace], layout).then(() => bind(plots[k], k));
      });
      say(w, null);
    }

    function bind(plot, k) {
      if (!plot.on || plot.__bound) return;
      plot.__bound = true;
      plot.on("plotly_hover", (e) => say(Object.assign({}, WORDS, value.words), { i: e.points[0].pointIndex[0], j: e.points[0].pointIndex[1] }));
    }

    function say(w, cell) {
      const node = root.querySelector(".lab-hint");
      if (!cell) { node.textContent = [w.pairs_on_diagonal, value.note].filter(Boolean).join(" "); return; }
      const { i, j } = cell, n = (v) => Lab.number(Number(v.toFixed(2)));
      node.textContent = `${cut(value.labels_a[i])}  ·  ${cut(value.labels_b[j])}:  ${n(z[0][i][j])} → ${n(z[1][i][j])}`;
    }

    root.__lab = { plots: () => plots };
    return { update };
  };
})((window.Lab = window.Lab || {}));
