// A sweep that has points: what they say, each metric against rank, the front, the plane, the numbers
// themselves, and the LoRA paper's own table beside them.
(function (Lab) {
  "use strict";

  Lab.rankSweep = function (root) {
    let value = null, parts = null, near = false;

    function update(next) {
      value = next;
      parts = null;
      Lab.clear(root);
      if (!value) return;
      build();
      draw();
    }

    function build() {
      const w = value.words;
      const said = root.appendChild(Lab.el("div"));
      said.setAttribute("aria-live", "polite");
      for (const text of value.said) said.appendChild(Lab.el("p", "lab-note lab-note-verdict", text));
      for (const text of value.left_out) root.appendChild(Lab.el("p", "lab-finding lab-level-warning", text));
      parts = {};
      const found = Lab.section(root, w.found);
      parts.legend = found.appendChild(Lab.el("div", "lab-legend lab-sweep-legend"));
      found.appendChild(signs());
      const panels = found.appendChild(Lab.el("div", "lab-triple lab-sweep-triple"));
      parts.panels = value.panels.map((panel) => Lab.titledPlot(panels, panel.title, toldOf(panel)));
      const planes = root.appendChild(Lab.el("div", "lab-pair lab-sweep-pair lab-part"));
      parts.front = Lab.titledPlot(planes, w.front, w.front_note);
      parts.plane = Lab.titledPlot(planes, w.plane, w.plane_note);
      toggle(parts.plane.words, w);
      numbers(Lab.section(root, w.numbers));
      paper(Lab.section(root, w.paper));
      const mine = parts, plots = all().map((figure) => figure.plot);
      Lab.keepDrawn(() => parts === mine && draw(), plots);
    }

    const all = () => [...parts.panels, parts.front, parts.plane, ...parts.paper];
    const toldOf = (panel) => [panel.note, panel.base === null ? "" : `${value.words.base} ${Lab.number(panel.base, false)}`].filter(Boolean).join(" · ");

    // What the marks mean; lines by name where there are several.
    function signs() {
      const w = value.words, node = Lab.el("div", "lab-legend lab-sweep-legend"), few = value.rows.every((row) => row.error === null);
      const entries = few ? [] : [["lab-circle lab-sweep-seed", w.one], ["lab-circle lab-sweep-mean", w.mean]];
      Lab.legend(node, [...entries, ["lab-line-dash lab-sweep-base", w.base]]);
      value.names.filter(Boolean).forEach((name, k) => {
        const entry = node.appendChild(Lab.el("span", "lab-entry")), mark = entry.appendChild(Lab.el("i", "lab-mark lab-run-mark"));
        mark.style.borderTopStyle = { solid: "solid", dash: "dashed", longdash: "dashed" }[Lab.lineDash(k)] || "dotted";
        entry.appendChild(document.createTextNode(name));
      });
      return node;
    }

    function toggle(before, w) {
      const pick = (key) => { near = key; Lab.drawPlane(parts.plane.plot, value, near); };
      before.after(Lab.toggle([[false, w.whole], [true, w.near]], near, pick));
    }

    function draw() {
      const w = value.words, of = value.paper;
      Lab.rankLegend(parts.legend, value.ranks, w);
      parts.panels.forEach((figure, k) => Lab.drawAgainstRank(figure.plot, value.panels[k], value.ranks, w));
      Lab.drawFront(parts.front.plot, value);
      Lab.drawPlane(parts.plane.plot, value, near);
      parts.paper.forEach((figure, k) => Lab.drawAgainstRank(figure.plot, single(of.columns[k].values), of.ranks, w));
    }

    const single = (values) => ({ base: null, lines: [values.map((mean, k) => ({ rank: value.paper.ranks[k], mean, error: null, values: [mean] }))] });

    function numbers(section) {
      const w = value.words, several = value.names.some(Boolean);
      const names = [w.rank_axis, w.parameters, w["metric_recall@1"], w.alignment, w.uniformity, w.seconds];
      const rows = value.rows.map((row) => [String(row.rank), row.parameters.toLocaleString("en"),
        row.recall.toFixed(3) + (row.error === null ? "" : ` ± ${row.error.toFixed(3)}`), row.alignment.toFixed(3), Lab.number(row.uniformity, false), String(row.seconds)]);
      section.appendChild(table(names, rows, several ? value.rows.map((row) => value.names[row.line]) : null));
    }

    function table(names, rows, lines) {
      const box = Lab.el("div", "lab-scroll"), node = box.appendChild(Lab.el("table", "lab-metrics lab-sweep-table"));
      const head = node.appendChild(Lab.el("thead")).appendChild(Lab.el("tr")), body = node.appendChild(Lab.el("tbody"));
      for (const name of names) head.appendChild(Lab.el("th", "", name)).scope = "col";
      rows.forEach((cells, k) => {
        const line = body.appendChild(Lab.el("tr")), first = line.appendChild(Lab.el("th", "lab-value", cells[0]));
        first.scope = "row";
        first.dataset.column = names[0];
        if (lines) first.appendChild(Lab.el("small", "lab-setting", lines[k]));
        cells.slice(1).forEach((text, i) => { line.appendChild(Lab.el("td", "", text)).dataset.column = names[i + 1]; });
      });
      return box;
    }

    function paper(section) {
      const w = value.words, of = value.paper, grid = Lab.el("div", "lab-pair lab-sweep-pair");
      section.append(Lab.el("p", "lab-hint", w.paper_note), grid);
      parts.paper = of.columns.map((column) => Lab.titledPlot(grid, column.title, column.note));
      const details = section.appendChild(Lab.el("details", "lab-help"));
      details.appendChild(Lab.el("summary", "", w.numbers));
      const rows = of.ranks.map((rank, k) => [String(rank), ...of.columns.map((column) => column.values[k].toFixed(2))]);
      details.appendChild(table([w.rank_axis, ...of.columns.map((column) => column.title)], rows, null));
    }

    root.__lab = { plots: () => all().map((figure) => figure.plot), near: () => near };
    return { update };
  };
})((window.Lab = window.Lab || {}));
