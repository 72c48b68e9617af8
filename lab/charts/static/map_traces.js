// What plotly draws on a map: the marks, lines between pairs, and trails from the places before.
(function (Lab) {
  "use strict";

  // points: where the items are; from: where they were, if trails are to be drawn to them;
  // state: { lines, trails, marked }. Marks that are not among those marked fade.
  Lab.mapTraces = function ({ value, points, from, state, colouring }) {
    const count = value.side.length / 2, { marked } = state, found = [];
    const chosen = marked ? [...marked] : points.map((_, i) => i);
    if (state.lines) found.push(segments([...new Set(chosen.map((i) => i % count))].map((i) => [points[i], points[i + count]]), "faint", 0.4));
    if (from && (state.trails || marked)) found.push(segments(chosen.map((i) => [from[i], points[i]]), "after", marked ? 0.55 : 0.3));
    for (const k of [0, 1]) {
      const part = points.slice(k * count, (k + 1) * count);
      const selectedpoints = marked ? chosen.map((i) => i - k * count).filter((i) => i >= 0 && i < count) : null;
      found.push({ type: "scatter", mode: "markers", hoverinfo: "skip", meta: k, selectedpoints,
        selected: { marker: { opacity: 0.95 } }, unselected: { marker: { opacity: 0.1 } },
        x: part.map((p) => p[0]), y: part.map((p) => p[1]), marker: Lab.mapMarker(value, colouring, k, count) });
    }
    return found;
  };

  // Any number of lines as one path.
  function segments(ends, colour, opacity) {
    const along = (axis) => ends.flatMap(([a, b]) => [a[axis], b[axis], null]);
    return { type: "scatter", mode: "lines", x: along(0), y: along(1), hoverinfo: "skip",
      line: { width: 0.8, color: Lab.colour(colour) }, opacity };
  }
})((window.Lab = window.Lab || {}));
