// A number against rank: a dot for each seed, the mean with a bar of one standard error.
(function (Lab) {
  "use strict";

  const NEAR = 1; // how many times the span of the points the base may lie away and still be drawn

  // panel: { title, note, base, lines: [[{ rank, mean, error, values }]] }
  Lab.drawAgainstRank = function (plot, panel, ranks, words) {
    const [low, high] = span(panel), wide = high - low || Math.abs(high) || 1;
    const near = panel.base !== null && panel.base > low - NEAR * wide && panel.base < high + NEAR * wide;
    const ends = near ? [Math.min(low, panel.base), Math.max(high, panel.base)] : [low, high];
    const room = 0.12 * (ends[1] - ends[0] || wide);
    const traces = panel.lines.flatMap((line, k) => [seeds(line, ranks), means(line, k, ranks)]);
    const layout = { margin: { l: 48, r: 8, t: 6, b: 40 }, dragmode: false, hoverlabel: Lab.hoverLabel(),
      xaxis: Lab.rankAxis(ranks, words.rank_axis, plot.clientWidth - 56), yaxis: { nticks: 5, fixedrange: true, range: [ends[0] - room, ends[1] + room] },
      shapes: near ? [level(panel.base)] : [] };
    return Lab.draw(plot, traces, layout);
  };

  function span(panel) {
    const all = panel.lines.flat().flatMap((at) => [...at.values, at.mean - (at.error || 0), at.mean + (at.error || 0)]);
    return [Math.min(...all), Math.max(...all)];
  }

  const level = (y) => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y,
    line: { width: 1, dash: "dash", color: Lab.colour("before") } });

  function seeds(line, ranks) {
    const dots = line.flatMap((at) => (at.values.length > 1 ? at.values.map((value) => [at.rank, value]) : []));
    return { type: "scatter", mode: "markers", x: dots.map((d) => d[0]), y: dots.map((d) => d[1]), hoverinfo: "skip",
      marker: { size: 6, opacity: 0.55, color: dots.map((d) => Lab.rankColour(ranks, d[0])) } };
  }

  function means(line, k, ranks) {
    const told = line.map((at) => (at.error === null ? Lab.number(at.mean, false) : `${Lab.number(at.mean, false)} ± ${Lab.number(at.error, false)}`));
    return { type: "scatter", mode: "lines+markers", x: line.map((at) => at.rank), y: line.map((at) => at.mean),
      customdata: told, hovertemplate: "r = %{x}: %{customdata}<extra></extra>",
      error_y: { type: "data", array: line.map((at) => at.error || 0), thickness: 1.5, width: 4, color: Lab.colour("text") },
      line: { width: 1.5, color: Lab.colour("neutral"), dash: Lab.lineDash(k) },
      marker: { size: 10, symbol: Lab.lineSymbol(k), color: line.map((at) => Lab.rankColour(ranks, at.rank)),
        line: { width: 1, color: Lab.colour("text") } } };
  }
})((window.Lab = window.Lab || {}));
