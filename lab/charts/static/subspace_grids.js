// Grids of φ(i, j): their numbers, their corner, their axes, and which cell lies under the mouse.
(function (Lab) {
  "use strict";

  const TICKS = 7; // labels that fit on an axis

  Lab.cornerRanks = 8; // the first directions, with a number in each cell

  // Base64 of bytes -> rows of φ, 0 to 1, as wide as j is long.
  Lab.phiRows = function (text, j) {
    const flat = Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255);
    return Array.from({ length: flat.length / j.length }, (_, k) => flat.slice(k * j.length, (k + 1) * j.length));
  };

  // The first directions of a grid: up to there every rank is shown.
  Lab.phiCorner = function (grid) {
    const [i, j] = [grid.i, grid.j].map((ranks) => ranks.filter((rank) => rank <= Lab.cornerRanks));
    return { ...grid, i, j, phi: grid.phi.slice(0, i.length).map((row) => row.slice(0, j.length)) };
  };

  // The first i down, the first j across, as in the paper; a step is a rank that is shown.
  Lab.phiLayout = function (grid) {
    const axis = (text, ranks, range) => {
      const every = Math.ceil(ranks.length / TICKS), last = ranks.length - 1;
      const kept = ranks.map((_, k) => k).filter((k) => k === last || (k % every === 0 && last - k >= every / 2));
      return { title: { text, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 }, range, fixedrange: true,
        tickvals: kept, ticktext: kept.map((k) => String(ranks[k])), ticks: "", showgrid: false, showline: false };
    };
    const [far, deep] = [grid.j.length - 0.5, grid.i.length - 0.5];
    return { margin: { l: 44, r: 2, t: 2, b: 42 }, hovermode: false, dragmode: false,
      xaxis: axis(grid.axes[1], grid.j, [-0.5, far]), yaxis: axis(grid.axes[0], grid.i, [deep, -0.5]) };
  };

  // φ at [i, j]; undefined where the grid does not show it.
  Lab.phiAt = (grid, [i, j]) => grid.phi?.[grid.i.indexOf(i)]?.[grid.j.indexOf(j)];

  // [i, j] of the cell under the mouse, or null.
  Lab.phiUnder = function (grid, plot, event) {
    const full = plot._fullLayout;
    if (!full?.xaxis) return null;
    const box = plot.getBoundingClientRect();
    const across = Math.round(full.xaxis.p2d(event.clientX - box.left - full.xaxis._offset));
    const down = Math.round(full.yaxis.p2d(event.clientY - box.top - full.yaxis._offset));
    const [i, j] = [grid.i[down], grid.j[across]];
    return i && j ? [i, j] : null;
  };

  // Puts an element around the cell [i, j] of a drawn grid.
  Lab.frameCell = function (node, grid, plot, [i, j]) {
    const { xaxis: x, yaxis: y } = plot._fullLayout;
    const [wide, high] = [x._length / grid.j.length, y._length / grid.i.length];
    Object.assign(node.style, { width: `${wide + 2}px`, height: `${high + 2}px`,
      left: `${x._offset + x.d2p(grid.j.indexOf(j)) - wide / 2 - 1}px`,
      top: `${y._offset + y.d2p(grid.i.indexOf(i)) - high / 2 - 1}px` });
  };
})((window.Lab = window.Lab || {}));
