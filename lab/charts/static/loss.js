// The loss while it falls: each step thin, its running mean thick, validation as dots.
(function (Lab) {
  "use strict";

  const WORDS = { loss: "loss of a batch", smooth: "running mean", validation: "validation loss", step: "step",
    chance: "chance", empty: "No run yet. The loss will be drawn here while it falls." };

  Lab.loss = function (root) {
    let value = null, plot = null;

    function update(next) {
      value = next;
      if (!value || !value.steps.length) { plot = null; return Lab.empty(root, (value && value.words || WORDS).empty || WORDS.empty); }
      if (!plot) {
        Lab.clear(root);
        root.appendChild(Lab.el("div", "lab-legend lab-loss-legend"));
        plot = root.appendChild(Lab.el("div", "lab-plot lab-plot-low"));
        Lab.keepDrawn(() => plot && draw(), [plot]);
      }
      draw();
    }

    function smooth(y) {
      const out = [];
      let mean = 0, weight = 0;
      for (const v of y) { mean = 0.9 * mean + 0.1 * v; weight = 0.9 * weight + 0.1; out.push(mean / weight); }
      return out;
    }

    function draw() {
      const w = Object.assign({}, WORDS, value.words), x = value.steps, y = value.loss;
      const line = (name, ys, extra) => Object.assign({ type: "scatter", mode: "lines", x, y: ys, name }, extra);
      const traces = [
        line(w.loss, y, { line: { width: 1, color: Lab.colour("after-faint") }, hoverinfo: "skip" }),
        line(w.smooth, smooth(y), { line: { width: 2.5, color: Lab.colour("after") },
          hovertemplate: w.step + " %{x}: %{y:.3f}<extra></extra>" }),
      ];
      const seen = value.validation || [];
      if (seen.length) {
        traces.push({ type: "scatter", mode: "lines+markers", name: w.validation, x: seen.map((p) => p[0]), y: seen.map((p) => p[1]),
          line: { width: 1, dash: "dot", color: Lab.colour("gain") }, marker: { size: 7, color: Lab.colour("gain") } });
      }
      const shapes = value.chance ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: value.chance, y1: value.chance,
        line: { width: 1, dash: "dash", color: Lab.colour("faint") } }] : [];
      Lab.draw(plot, traces, { shapes,
        xaxis: { title: { text: w.step, font: { size: 12 } }, range: [0, value.total_steps] },
        yaxis: { rangemode: "tozero" } });
      legend(w, seen.length > 0);
    }

    function legend(w, validated) {
      const node = Lab.clear(root.querySelector(".lab-loss-legend"));
      const add = (mark, text) => {
        node.appendChild(Lab.el("i", "lab-mark " + mark));
        node.appendChild(document.createTextNode(text + " "));
      };
      add("lab-line-faint", w.loss);
      add("lab-line", w.smooth);
      if (validated) add("lab-circle lab-gain", w.validation);
      if (value.chance) add("lab-line-dash", `${w.chance} ${Lab.number(value.chance)}`);
    }

    root.__lab = { plot: () => plot };
    return { update };
  };
})((window.Lab = window.Lab || {}));
