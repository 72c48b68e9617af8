// Places on a map: which item is near, which lies in a direction or in a loop, and where it is on the
// screen. A layout is a list of [x, y], one an item.
(function (Lab) {
  "use strict";

  // [[least x, most x], [least y, most y]] with a margin around.
  Lab.bounds = (points) => [0, 1].map((axis) => {
    let low = Infinity, high = -Infinity;
    for (const p of points) { low = Math.min(low, p[axis]); high = Math.max(high, p[axis]); }
    const margin = 0.05 * (high - low || 1);
    return [low - margin, high + margin];
  });

  // Where the items are when they have gone a share of their way from one layout to another.
  Lab.between = (from, to, share) =>
    to.map(([x, y], i) => [from[i][0] + share * (x - from[i][0]), from[i][1] + share * (y - from[i][1])]);

  const axesOf = (plot) => {
    const full = plot._fullLayout;
    return full && full.xaxis && full.xaxis._length ? [full.xaxis, full.yaxis] : null;
  };

  // The item within `reach` pixels of the pointer, or -1. One pass is far under a millisecond.
  Lab.nearest = function (plot, points, event, reach) {
    const axes = axesOf(plot);
    if (!axes) return -1;
    const [x, y] = axes, box = plot.getBoundingClientRect();
    const px = event.clientX - box.left - x._offset, py = event.clientY - box.top - y._offset;
    let found = -1, least = reach * reach;
    for (let i = 0; i < points.length; i++) {
      const dx = x.d2p(points[i][0]) - px, dy = y.d2p(points[i][1]) - py, d = dx * dx + dy * dy;
      if (d < least) { least = d; found = i; }
    }
    return found;
  };

  // The nearest item in a direction: along it counts once, across it twice. From nowhere: the middle.
  Lab.towards = function (points, from, [wx, wy]) {
    const [[x0, x1], [y0, y1]] = Lab.bounds(points);
    const start = from >= 0 ? points[from] : [(x0 + x1) / 2, (y0 + y1) / 2];
    let found = from, least = Infinity;
    points.forEach((p, i) => {
      const dx = p[0] - start[0], dy = p[1] - start[1], along = dx * wx + dy * wy, across = Math.abs(dx * wy) + Math.abs(dy * wx);
      const cost = from < 0 ? Math.hypot(dx, dy) : along > 0 ? along + 2 * across : Infinity;
      if (i !== from && cost < least) { least = cost; found = i; }
    });
    return found;
  };

  // The items inside a loop, whose corners are in pixels of the plot.
  Lab.within = function (plot, points, loop) {
    const axes = axesOf(plot);
    if (!axes || loop.length < 3) return [];
    const [x, y] = axes;
    const inside = ([px, py]) => isInside(x._offset + x.d2p(px), y._offset + y.d2p(py), loop);
    return points.flatMap((point, i) => (inside(point) ? [i] : []));
  };

  // A ray to the right crosses the border an odd number of times.
  function isInside(x, y, loop) {
    let odd = false;
    loop.forEach(([ax, ay], k) => {
      const [bx, by] = loop[(k + 1) % loop.length];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) odd = !odd;
    });
    return odd;
  }

  // Puts an element over a point of a plot; hides it when there is none, or when it is out of view.
  Lab.put = function (node, plot, point) {
    const axes = point && axesOf(plot);
    node.style.display = "none";
    if (!axes) return;
    const [x, y] = axes, px = x.d2p(point[0]), py = y.d2p(point[1]);
    if (px < 0 || py < 0 || px > x._length || py > y._length) return;
    node.style.display = "block";
    node.style.left = x._offset + px + "px";
    node.style.top = y._offset + py + "px";
  };

  // A thin line over a plot between two points.
  Lab.stretch = function (node, plot, from, to) {
    const axes = from && to && axesOf(plot);
    node.style.display = axes ? "block" : "none";
    if (!axes) return;
    const [x, y] = axes, [ax, ay] = [x.d2p(from[0]), y.d2p(from[1])], [bx, by] = [x.d2p(to[0]), y.d2p(to[1])];
    node.style.left = x._offset + ax + "px";
    node.style.top = y._offset + ay + "px";
    node.style.width = Math.hypot(bx - ax, by - ay) + "px";
    node.style.transform = `rotate(${Math.atan2(by - ay, bx - ax)}rad)`;
  };

  // Moves the marks that plotly drew. It would take many times as long a picture, and cannot know of
  // it: the next draw has to be of the same layout.
  Lab.movePoints = function (plot, points) {
    const axes = axesOf(plot);
    if (!axes) return;
    const [x, y] = axes;
    plot.querySelectorAll(".scatterlayer .point").forEach((node, i) =>
      node.setAttribute("transform", `translate(${x.d2p(points[i][0])},${y.d2p(points[i][1])})`));
  };
})((window.Lab = window.Lab || {}));
