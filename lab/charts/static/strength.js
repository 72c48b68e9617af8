// W + λ·ΔW over λ: what each strength gains and loses as two curves, and the held-out pairs moving
// as the slider does. Between measured strengths, values and places lie on the lines between them.
(function (Lab) {
  "use strict";

  const STEP = 0.05; // of the slider
  const TRAINED = 1;
  const LINES = {
    new: { mark: "lab-line", symbol: "circle", colour: "after", dash: "solid" },
    control: { mark: "lab-line-control", symbol: "diamond", colour: "text", dash: "dot" },
  };

  Lab.strength = function (root, send) {
    let value = null, parts = null, at = TRAINED, wanted = TRAINED, waiting = false;

    function update(next) {
      value = next;
      if (!value) { parts = null; wanted = TRAINED; return Lab.clear(root); }
      if (!parts) build();
      const last = value.strengths[value.strengths.length - 1];
      parts.range.max = last;
      at = Math.min(wanted, last); // more strengths may still come
      parts.summary.textContent = value.summary;
      parts.note.textContent = value.note;
      draw();
    }

    function build() {
      Lab.clear(root);
      parts = { summary: root.appendChild(Lab.el("p", "lab-lead")) };
      parts.summary.setAttribute("aria-live", "polite");
      const line = root.appendChild(Lab.el("div", "lab-strength-line")), field = line.appendChild(Lab.el("label", "lab-strength"));
      parts.name = field.appendChild(Lab.el("span"));
      parts.range = field.appendChild(Lab.el("input"));
      Object.assign(parts.range, { type: "range", min: 0, step: STEP });
      parts.range.addEventListener("input", () => choose(Number(parts.range.value)));
      parts.said = field.appendChild(Lab.el("output"));
      parts.save = line.appendChild(Lab.el("button", "lab-button lab-button-main"));
      parts.save.type = "button";
      parts.save.addEventListener("click", () => send && send("export_adapter", { strength: at }));
      parts.where = root.appendChild(Lab.el("p", "lab-hint"));
      const grid = root.appendChild(Lab.el("div", "lab-pair"));
      Object.assign(parts, { curve: figure(grid), map: figure(grid, "lab-strength-map") });
      parts.rings = Object.keys(LINES).map((line) => parts.curve.plot.parentNode.appendChild(Lab.el("div", "lab-chosen lab-chosen-" + line)));
      parts.partners = svg(svg(parts.map.plot.parentNode, "svg", "lab-partners"), "path");
      parts.upright = parts.curve.plot.parentNode.appendChild(Lab.el("div", "lab-chosen-line"));
      parts.table = root.appendChild(Lab.el("div", "lab-scroll"));
      parts.note = root.appendChild(Lab.el("p", "lab-hint"));
      Lab.keepDrawn(() => parts && draw(), [parts.curve.plot, parts.map.plot]);
    }

    function svg(parent, tag, className) {
      const node = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
      if (className) node.setAttribute("class", className);
      return node;
    }

    function figure(grid, name = "") {
      const node = grid.appendChild(Lab.el("figure", "lab-map " + name)), title = node.appendChild(Lab.el("figcaption"));
      const holder = node.appendChild(Lab.el("div", "lab-holder")), plot = holder.appendChild(Lab.el("div", "lab-plot lab-plot-low"));
      return { title, plot, legend: node.appendChild(Lab.el("div", "lab-legend")) };
    }

    // At most one drawing a frame, however fast the slider moves.
    function choose(strength) {
      at = wanted = strength;
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (parts) move(); });
    }

    // Where λ lies among the measured: the one below, the one above, and how far between.
    function among() {
      const s = value.strengths, low = Math.max(1, s.findIndex((one) => one >= at - 1e-9)) - 1;
      return [low, low + 1, (at - s[low]) / (s[low + 1] - s[low])];
    }

    const mix = (a, b, share) => a + share * (b - a);
    const told = (strength) => String(Math.round(100 * strength) / 100);

    function recall(row) {
      const [low, high, share] = among();
      return mix(row.recall[low], row.recall[high], share);
    }

    // All of it: another value, theme or size.
    function draw() {
      const w = value.words;
      parts.name.textContent = w.slider;
      drawCurve(w).then(() => parts && mark());
      drawMap(w);
      describe(w);
    }

    // Another λ: only what depends on it is moved, and nothing drawn anew.
    function move() {
      mark();
      describe(value.words);
      Lab.movePoints(parts.map.plot, places());
      joinPartners();
    }

    function describe(w) {
      const [low, high, share] = among(), s = value.strengths, strength = told(at);
      parts.range.value = at;
      parts.said.textContent = strength;
      parts.range.setAttribute("aria-valuetext", `λ = ${strength}`);
      parts.where.textContent = share * (1 - share) > 1e-6 ? Lab.fill(w.between, { low: told(s[low]), high: told(s[high]) }) : w.measured_here;
      parts.save.textContent = at > 0 ? Lab.fill(w.adapter, { strength }) : w.no_adapter;
      parts.save.disabled = !(at > 0);
      parts.map.title.textContent = Lab.fill(w.map, { strength });
      drawTable(w);
    }

    function drawCurve(w) {
      const lines = value.rows.filter((row) => row.line);
      const traces = lines.map((row) => {
        const { symbol, colour, dash } = LINES[row.line], ink = Lab.colour(colour);
        return { type: "scatter", mode: "lines+markers", x: value.strengths, y: row.recall, hoverinfo: "skip",
          line: { width: 2.5, color: ink, dash }, marker: { size: 7, symbol, color: ink } };
      });
      const upright = (x) => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { width: 1, dash: "dash", color: Lab.colour("neutral") } });
      const word = (x, text) => ({ x, y: 1, yref: "paper", yanchor: "bottom", xanchor: x ? "center" : "left", text, showarrow: false, font: { size: 11, color: Lab.colour("faint") } });
      const axis = { fixedrange: true, dtick: 0.25 };
      parts.curve.title.textContent = w.curve;
      Lab.legend(parts.curve.legend, lines.map((row) => [LINES[row.line].mark, row.line === "new" ? w.new : row.name]));
      return Lab.draw(parts.curve.plot, traces, {
        margin: { l: 38, r: 14, t: 22, b: 26 }, hovermode: false, dragmode: false,
        shapes: [upright(0), upright(TRAINED)], annotations: [word(0, w.base), word(TRAINED, w.trained)],
        xaxis: { ...axis, range: [-0.06, 1.56], showgrid: false }, yaxis: { ...axis, range: [-0.04, 1.04] },
      });
    }

    // The chosen λ on the curve: an upright line, and a ring on each of the two.
    function mark() {
      const full = parts.curve.plot._fullLayout;
      Object.keys(LINES).forEach((name, k) => {
        const row = value.rows.find((one) => one.line === name);
        Lab.put(parts.rings[k], parts.curve.plot, row && [at, recall(row)]);
      });
      if (!full || !full.xaxis) return;
      Object.assign(parts.upright.style, { left: `${full.xaxis._offset + full.xaxis.d2p(at)}px`,
        top: `${full.yaxis._offset}px`, height: `${full.yaxis._length}px` });
    }

    function places() {
      const [low, high, share] = among();
      return Lab.between(value.places[low], value.places[high], share);
    }

    function drawMap(w) {
      const points = places(), bounds = Lab.bounds(value.places.flat()), first = value.a_is_image ? "lab-square" : "lab-circle";
      const layout = { margin: { l: 0, r: 0, t: 0, b: 0 }, hovermode: false, dragmode: false,
        xaxis: { visible: false, range: bounds[0], scaleanchor: "y" }, yaxis: { visible: false, range: bounds[1] } };
      Lab.draw(parts.map.plot, [side(points, 0), side(points, 1)], layout).then(() => parts && joinPartners());
      Lab.legend(parts.map.legend, [[first + " lab-side-a", w.a], ["lab-circle lab-side-b", w.b], ["lab-line-thin", w.partners]]);
    }

    function side(points, k) {
      const half = points.length / 2, part = points.slice(k * half, (k + 1) * half);
      return { type: "scatter", mode: "markers", x: part.map((p) => p[0]), y: part.map((p) => p[1]), hoverinfo: "skip",
        marker: { size: half > 250 ? 5.5 : 7, symbol: k === 0 && value.a_is_image ? "square" : "circle", opacity: 0.8,
          color: Lab.colour(k === 0 ? "side-a" : "side-b") } };
    }

    // Pairs that are learned come together: their lines grow short.
    function joinPartners() {
      const full = parts.map.plot._fullLayout, points = places(), half = points.length / 2;
      if (!full || !full.xaxis) return;
      const { xaxis: x, yaxis: y } = full;
      const on = (p) => `${(x._offset + x.d2p(p[0])).toFixed(1)} ${(y._offset + y.d2p(p[1])).toFixed(1)}`;
      parts.partners.setAttribute("d", points.slice(0, half).map((p, i) => `M${on(p)}L${on(points[half + i])}`).join(""));
    }

    function drawTable(w) {
      const trained = value.strengths.indexOf(TRAINED), table = Lab.el("table", "lab-metrics lab-strengths");
      const head = table.appendChild(Lab.el("tbody")).appendChild(Lab.el("tr", "lab-group"));
      for (const [mark, text] of [["", w.recall], ["lab-before", w.base], ["lab-at", Lab.fill(w.at, { strength: told(at) })], ["lab-after", w.trained]])
        head.appendChild(Lab.el("th", mark, text));
      for (const row of value.rows) {
        const line = table.lastChild.appendChild(Lab.el("tr")), base = row.recall[0], here = recall(row);
        line.appendChild(Lab.el("th", "", row.name)).scope = "row";
        line.appendChild(Lab.el("td", "", base.toFixed(2)));
        const arrow = here > base + 0.005 ? "▲ " : here < base - 0.005 ? "▼ " : "";
        line.appendChild(Lab.el("td", "lab-value " + (arrow ? (here > base ? "lab-better" : "lab-worse") : ""), arrow + here.toFixed(2)));
        line.appendChild(Lab.el("td", "", trained < 0 ? "–" : row.recall[trained].toFixed(2)));
      }
      Lab.clear(parts.table).appendChild(table);
    }

    root.__lab = { choose, at: () => at, places, plots: () => [parts.curve.plot, parts.map.plot] };
    return { update };
  };
})((window.Lab = window.Lab || {}));
