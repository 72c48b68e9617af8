// Every adapter of a sweep while it trains: its loss, and the held-out pairs at the ends of epochs.
(function (Lab) {
  "use strict";

  const SHOWN = ["loss", "recall", "alignment", "uniformity"];

  Lab.sweepCurves = function (root) {
    let value = null, parts = null;

    function update(next) {
      value = next;
      if (!value) { parts = null; return Lab.clear(root); }
      if (!parts) build();
      draw();
    }

    function build() {
      const w = value.words;
      Lab.clear(root);
      parts = { legend: root.appendChild(Lab.el("div", "lab-legend")) };
      const grid = root.appendChild(Lab.el("div", "lab-pair lab-sweep-pair"));
      const notes = { loss: w.lower, recall: w.higher, alignment: w.lower, uniformity: w.lower };
      parts.figures = SHOWN.map((name) => Lab.titledPlot(grid, w[name], notes[name]));
      const mine = parts;
      Lab.keepDrawn(() => parts === mine && draw(), parts.figures.map((figure) => figure.plot));
    }

    function draw() {
      const used = new Set(value.curves.map((curve) => curve.rank));
      const legend = Lab.rankLegend(parts.legend, value.ranks, value.words);
      [...legend.children].forEach((entry, k) => entry.classList.toggle("lab-faint-entry", !used.has(value.ranks[k])));
      SHOWN.forEach((name, k) => Lab.draw(parts.figures[k].plot, value.curves.map((curve) => trace(curve, name)), {
        margin: { l: 44, r: 12, t: 6, b: 38 }, dragmode: Lab.dragmode(), hoverlabel: Lab.hoverLabel(),
        xaxis: { title: Lab.axisTitle(value.words.step), rangemode: "tozero", showgrid: false, nticks: 6 },
        yaxis: { nticks: 5, ...(name === "recall" ? { rangemode: "tozero" } : {}) },
      }));
    }

    // Seeds of a rank share its colour; each is a thin line of its own.
    function trace(curve, name) {
      const isLoss = name === "loss", few = !isLoss && curve.steps.length < 2;
      return { type: "scatter", mode: few ? "markers" : "lines", x: isLoss ? curve.loss_steps : curve.steps, y: curve[name],
        name: curve.name, hovertemplate: `${curve.name}: %{y:.3f}<extra></extra>`,
        line: { width: 1.5, color: Lab.rankColour(value.ranks, curve.rank) },
        marker: { size: 6, color: Lab.rankColour(value.ranks, curve.rank) } };
    }

    root.__lab = { plots: () => parts.figures.map((figure) => figure.plot) };
    return { update };
  };
})((window.Lab = window.Lab || {}));
