// The loss while it falls: each step thin, its running mean thick, validation as dots.
(function (Lab) {
  "use strict";

  const KEPT = 0.9; // of the running mean, at each drawn step

  Lab.loss = function (root) {
    let value = null, plot = null, legend = null;

    function update(next) {
      value = next;
      if (!value || !value.steps.length) { plot = null; return Lab.empty(root, value ? value.words.empty : ""); }
      if (!plot) {
        Lab.clear(root);
        legend = root.appendChild(Lab.el("div", "lab-legend"));
        plot = root.appendChild(Lab.el("div", "lab-plot lab-plot-low"));
        Lab.keepDrawn(() => plot && draw(), [plot]);
      }
      draw();
    }

    // An exponential mean, corrected for its start.
    function smooth(y) {
      let mean = 0, weight = 0;
      return y.map((v) => {
        mean = KEPT * mean + (1 - KEPT) * v;
        weight = KEPT * weight + (1 - KEPT);
        return mean / weight;
      });
    }

    function draw() {
      const w = value.words, chance = value.chance ? `${w.chance} ${Lab.number(value.chance)}` : "";
      const shapes = chance ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: value.chance, y1: value.chance,
        line: { width: 1, dash: "dash", color: Lab.colour("neutral") } }] : [];
      Lab.draw(plot, traces(w), { shapes, hovermode: "x unified", dragmode: Lab.dragmode(),
        hoverlabel: { bgcolor: Lab.colour("surface"), bordercolor: Lab.colour("grid"), font: { size: 12, color: Lab.colour("text") } },
        xaxis: { title: { text: w.step, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 },
          range: [0, value.total_steps], showgrid: false, hoverformat: "d" },
        yaxis: { rangemode: "tozero", nticks: 5 }, uirevision: value.total_steps });
      Lab.legend(legend, [["lab-line-faint", w.loss], ["lab-line", w.smooth],
        ...((value.validation || []).length ? [["lab-diamond lab-validation", w.validation]] : []),
        ...(chance ? [["lab-line-dash", chance]] : [])]);
    }

    function traces(w) {
      const x = value.steps, seen = value.validation || [], show = "%{y:.3f}";
      const found = [
        { type: "scatter", mode: "lines", x, y: value.loss, name: w.loss, hovertemplate: show,
          line: { width: 1, color: Lab.colour("after-faint") } },
        { type: "scatter", mode: "lines", x, y: smooth(value.loss), name: w.smooth, hovertemplate: show,
          line: { width: 2.5, color: Lab.colour("after") } },
      ];
      if (seen.length) {
        found.push({ type: "scatter", mode: "lines+markers", x: seen.map((p) => p[0]), y: seen.map((p) => p[1]),
          name: w.validation, hovertemplate: show, line: { width: 1, dash: "dot", color: Lab.colour("text") },
          marker: { size: 7, symbol: "diamond", color: Lab.colour("text") } });
      }
      return found;
    }

    root.__lab = { plot: () => plot };
    return { update };
  };
})((window.Lab = window.Lab || {}));
