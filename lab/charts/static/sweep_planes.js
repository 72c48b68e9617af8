// Ranks on two axes: recall against parameters, and alignment against uniformity.
(function (Lab) {
  "use strict";

  // Filled: no other has as much recall with as few parameters. The rest stand back.
  Lab.drawFront = function (plot, value) {
    const w = value.words, rows = value.rows, front = rows.filter((row) => row.on_front);
    const path = { type: "scatter", mode: "lines", x: front.map((row) => row.parameters), y: front.map((row) => row.recall),
      hoverinfo: "skip", line: { width: 1.5, color: Lab.colour("neutral"), shape: "hv" } };
    const dots = { type: "scatter", mode: "markers+text", x: rows.map((row) => row.parameters), y: rows.map((row) => row.recall),
      text: rows.map((row) => String(row.rank)), textposition: "top center", textfont: { size: 11, color: Lab.colour("faint") },
      cliponaxis: false, customdata: rows.map((row) => [row.rank, row.parameters.toLocaleString("en"), Lab.number(row.recall, false)]),
      hovertemplate: "r = %{customdata[0]}: %{customdata[2]}, %{customdata[1]}<extra></extra>",
      marker: { size: 11, opacity: rows.map((row) => (row.on_front ? 1 : 0.45)),
        symbol: rows.map((row) => Lab.lineSymbol(row.line) + (row.on_front ? "" : "-open")),
        color: rows.map((row) => Lab.rankColour(value.ranks, row.rank)), line: { width: rows.map((row) => (row.on_front ? 1 : 2)) } } };
    return Lab.draw(plot, [path, dots], { margin: { l: 48, r: 16, t: 18, b: 40 }, dragmode: false, hoverlabel: Lab.hoverLabel(),
      xaxis: { type: "log", dtick: "D2", fixedrange: true, exponentformat: "SI", tickformat: "~s", title: Lab.axisTitle(w.parameters), nticks: 6 },
      yaxis: { nticks: 5, fixedrange: true, title: Lab.axisTitle(w["metric_recall@1"]) } });
  };

  // Both lower is better. near: the ranks alone; else with the base and what theory says.
  Lab.drawPlane = function (plot, value, near) {
    const w = value.words, lines = [...new Set(value.rows.map((row) => row.line))];
    const traces = lines.map((k) => ranked(value, value.rows.filter((row) => row.line === k), k, near));
    if (!near) traces.unshift(...marks(value));
    const better = (text) => Lab.axisTitle(`← ${w.better}   ${text}`);
    return Lab.draw(plot, traces, { margin: { l: 54, r: 24, t: 18, b: 40 }, dragmode: false, hoverlabel: Lab.hoverLabel(),
      xaxis: { fixedrange: true, nticks: 6, title: better(w.uniformity_axis) }, yaxis: { fixedrange: true, nticks: 5, title: better(w.alignment_axis) } });
  };

  // On the whole plane the ranks lie too close for their numbers.
  function ranked(value, rows, k, named) {
    return { type: "scatter", mode: named ? "lines+markers+text" : "lines+markers", x: rows.map((row) => row.uniformity), y: rows.map((row) => row.alignment),
      text: rows.map((row) => String(row.rank)), textposition: "top center", textfont: { size: 11, color: Lab.colour("faint") }, cliponaxis: false,
      hovertemplate: "r = %{text}: %{x:.3f}, %{y:.3f}<extra></extra>", line: { width: 1.5, color: Lab.colour("neutral"), dash: Lab.lineDash(k) },
      marker: { size: 10, symbol: Lab.lineSymbol(k), color: rows.map((row) => Lab.rankColour(value.ranks, row.rank)), line: { width: 1, color: Lab.colour("text") } } };
  }

  function marks(value) {
    const w = value.words, { collapse, sphere } = value.marks;
    const mark = ([alignment, uniformity], text, symbol, colour, side) => ({ type: "scatter", mode: "markers+text", x: [uniformity], y: [alignment],
      text: [text], textposition: side, textfont: { size: 11, color: Lab.colour("faint") }, cliponaxis: false,
      hovertemplate: `${text}: %{x:.2f}, %{y:.2f}<extra></extra>`, marker: { size: 10, symbol, color: Lab.colour(colour) } });
    return [mark(collapse, w.collapse, "x-thin-open", "faint", "top left"), mark(sphere, w.sphere, "x-thin-open", "faint", "bottom right"),
      mark(value.base, w.base, "square-open", "before", "top center")];
  }
})((window.Lab = window.Lab || {}));
