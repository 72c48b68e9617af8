// The parts of the linked maps: what is drawn, the bar above, the card below, places on a plot.
(function (Lab) {
  "use strict";

  const METHODS = ["pca", "umap"];
  const MOST = 4; // doublings of a rank at which the colour of a change is full

  Lab.mapTraces = function ({ value, points, colour, lines }) {
    const pairs = value.side.length / 2, found = [];
    if (lines) found.push(pairLines(points, pairs));
    for (const k of [0, 1]) {
      const part = points.slice(k * pairs, (k + 1) * pairs);
      found.push({ type: "scatter", mode: "markers", hoverinfo: "skip", meta: k,
        x: part.map((p) => p[0]), y: part.map((p) => p[1]), marker: marker(value, colour, k, pairs) });
    }
    return found;
  };

  function pairLines(points, pairs) {
    const x = [], y = [];
    for (let i = 0; i < pairs; i++) {
      x.push(points[i][0], points[pairs + i][0], null);
      y.push(points[i][1], points[pairs + i][1], null);
    }
    return { type: "scatter", mode: "lines", x, y, hoverinfo: "skip",
      line: { width: 0.7, color: Lab.colour("faint") }, opacity: 0.4 };
  }

  function marker(value, colour, k, pairs) {
    const size = pairs > 1200 ? 4.5 : pairs > 400 ? 5.5 : 7;
    const symbol = k === 0 && value.a_is_image ? "square" : "circle";
    const line = { width: 0 };
    if (colour === "side") {
      return { size, symbol, line, opacity: 0.72, color: Lab.colour(k === 0 ? "side-a" : "side-b") };
    }
    return { size, symbol, line, opacity: 0.85, color: value.change, cmin: -MOST, cmax: MOST, colorscale: changes() };
  }

  const changes = () => [[0, Lab.colour("loss")], [0.5, Lab.colour("neutral")], [1, Lab.colour("gain")]];

  // Which layout, which colours, lines or none, and what the marks mean.
  Lab.mapBar = function (on) {
    const node = Lab.el("div", "lab-bar"), toggle = node.appendChild(Lab.el("span", "lab-toggle"));
    toggle.setAttribute("role", "group");
    const buttons = METHODS.map((name) => {
      const button = toggle.appendChild(Lab.el("button"));
      button.type = "button";
      button.dataset.method = name;
      button.addEventListener("click", () => on.method(name));
      return button;
    });
    const waits = node.appendChild(Lab.el("span", "lab-faint"));
    const field = node.appendChild(Lab.el("label", "lab-field")), title = field.appendChild(Lab.el("span"));
    const select = field.appendChild(Lab.el("select"));
    const options = ["side", "change"].map((name) => {
      const option = select.appendChild(Lab.el("option"));
      option.value = name;
      return option;
    });
    select.addEventListener("change", () => on.colour(select.value));
    const check = node.appendChild(Lab.el("label", "lab-field")), box = check.appendChild(Lab.el("input"));
    box.type = "checkbox";
    box.addEventListener("change", () => on.lines(box.checked));
    const lines = check.appendChild(Lab.el("span")), legend = node.appendChild(Lab.el("span", "lab-legend"));

    function update({ value, words: w, method, colour, lines: lined }) {
      const awaited = value.awaited || [];
      for (const button of buttons) {
        const name = button.dataset.method, there = name in value.maps;
        button.textContent = w[name];
        button.hidden = !there && !awaited.includes(name);
        button.disabled = !there;
        button.setAttribute("aria-pressed", String(name === method));
      }
      toggle.hidden = buttons.filter((button) => !button.hidden).length < 2;
      waits.textContent = awaited.includes("umap") && !("umap" in value.maps) ? w.umap_waits : "";
      waits.hidden = !waits.textContent;
      title.textContent = w.colour;
      for (const option of options) option.textContent = w[option.value];
      field.hidden = !value.change;
      select.value = colour;
      box.checked = lined;
      lines.textContent = w.lines;
      const square = value.a_is_image ? "lab-square" : "lab-circle";
      if (colour === "change") Lab.gradient(legend, changes(), "▼ " + w.lost, w.gained + " ▲");
      else Lab.legend(legend, [[square + " lab-side-a", w.a], ["lab-circle lab-side-b", w.b]]);
    }
    return { node, update };
  };

  // The item and its partner, with the picture and the text of each; or how to choose one.
  Lab.mapCard = function (node, value, w, i, j) {
    Lab.clear(node);
    if (i < 0) { node.appendChild(Lab.el("p", "lab-hint", w.hint)); return; }
    const pairs = value.side.length / 2;
    for (const [place, index] of [i, j].entries()) {
      const item = node.appendChild(Lab.el("div", "lab-item"));
      if (value.sprite) item.appendChild(Lab.tile(value.sprite, value.sprite.index[index], 56));
      const body = item.appendChild(Lab.el("div"));
      const name = body.appendChild(Lab.el("small"));
      name.appendChild(Lab.el("i", "lab-ring-mark lab-ring-" + place));
      name.appendChild(document.createTextNode(w[index < pairs ? "a" : "b"]));
      body.appendChild(Lab.el("div", "lab-text", value.text[index]));
    }
    if (value.ranks) node.appendChild(Lab.el("div", "lab-rank", Lab.fill(w.rank, value.ranks[i % pairs])));
  };

  // [[least x, most x], [least y, most y]] with a margin around.
  Lab.bounds = (points) => [0, 1].map((axis) => {
    let low = Infinity, high = -Infinity;
    for (const p of points) { low = Math.min(low, p[axis]); high = Math.max(high, p[axis]); }
    const margin = 0.05 * (high - low || 1);
    return [low - margin, high + margin];
  });

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
})((window.Lab = window.Lab || {}));
