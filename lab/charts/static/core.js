// What every chart shares: elements, numbers, colours, plotly's layout, thumbnails.
// User texts reach the page through textContent and plotly's data only, never as markup.
(function (Lab) {
  "use strict";

  Lab.el = function (tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  Lab.clear = function (node) {
    while (node.firstChild) node.removeChild(node.firstChild);
    return node;
  };

  Lab.plotly = () => window.Plotly || window.moduleName;

  // Three significant digits: 0.0213 -> "0.0213", 1.5 -> "1.50", -3.914 -> "−3.91". A whole number
  // keeps no decimals unless the numbers it stands among have some.
  Lab.number = function (x, whole = Number.isInteger(x)) {
    if (x === null || x === undefined || Number.isNaN(x)) return "–";
    const size = Math.abs(x), steps = [100, 10, 1, 0.1];
    const digits = whole ? 0 : size === 0 ? 2 : steps.findIndex((step) => size >= step);
    return x.toFixed(digits < 0 ? 4 : digits).replace("-", "−");
  };

  Lab.colour = (name) =>
    getComputedStyle(document.body).getPropertyValue("--lab-" + name).trim() || "#888";

  Lab.config = { displaylogo: false, displayModeBar: false, responsive: false };

  Lab.layout = function (more) {
    const axis = {
      gridcolor: Lab.colour("grid"), linecolor: Lab.colour("grid"), zeroline: false,
      tickfont: { size: 11, color: Lab.colour("faint") }, fixedrange: false,
    };
    const { xaxis, yaxis, ...rest } = more || {};
    return Object.assign({
      margin: { l: 40, r: 12, t: 8, b: 36 }, hovermode: "closest", showlegend: false,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, sans-serif", size: 12, color: Lab.colour("text") },
      xaxis: Object.assign({}, axis, xaxis), yaxis: Object.assign({}, axis, yaxis),
    }, rest);
  };

  // Draws a plot at the size its element has now; one that is not shown is drawn when it is.
  Lab.draw = function (plot, traces, more) {
    if (!plot.clientWidth) return Promise.resolve();
    const size = { width: plot.clientWidth, height: plot.clientHeight };
    return Lab.plotly().react(plot, traces, Lab.layout({ ...more, ...size }), Lab.config);
  };

  // Colours change with the theme, sizes with the window, when a hidden tab is shown, and when a
  // neighbour comes or goes.
  Lab.keepDrawn = function (draw, plots) {
    new MutationObserver(draw).observe(document.body, { attributeFilter: ["class"] });
    const observer = new ResizeObserver((entries) => {
      const grew = ({ target }) => target.clientWidth && target.clientWidth !== target._fullLayout?.width;
      if (entries.some(grew)) draw();
    });
    for (const plot of plots) observer.observe(plot);
  };

  // Where a finger scrolls the page, dragging must not zoom a chart.
  Lab.dragmode = () => (window.matchMedia("(pointer: coarse)").matches ? false : "zoom");

  // Buttons side by side, one of them pressed. choices: [key, words]; pick is called with a key.
  Lab.toggle = function (choices, chosen, pick) {
    const group = Lab.el("span", "lab-toggle");
    group.setAttribute("role", "group");
    const buttons = choices.map(([key, words]) => {
      const button = group.appendChild(Lab.el("button", "", words));
      button.type = "button";
      button.setAttribute("aria-pressed", key === chosen);
      button.addEventListener("click", () => {
        for (const one of buttons) one.setAttribute("aria-pressed", one === button);
        pick(key);
      });
      return button;
    });
    return group;
  };

  // Pairs of mark and words; a mark is a class of charts.css.
  Lab.legend = function (node, entries) {
    Lab.clear(node);
    for (const [mark, words] of entries) {
      const entry = node.appendChild(Lab.el("span", "lab-entry"));
      entry.appendChild(Lab.el("i", "lab-mark " + mark));
      entry.appendChild(document.createTextNode(words));
    }
    return node;
  };

  // A bar of a colour scale between what its two ends mean.
  Lab.gradient = function (node, scale, low, high) {
    Lab.clear(node);
    const bar = Lab.el("i", "lab-gradient");
    bar.style.background = `linear-gradient(to right, ${scale.map(([at, c]) => `${c} ${100 * at}%`).join(", ")})`;
    node.append(Lab.el("span", "", low), bar, Lab.el("span", "", high));
    return node;
  };

  // A tile of a sprite sheet as an element; empty when the item has no picture.
  Lab.tile = function (sprite, index, size) {
    const node = Lab.el("div", "lab-tile");
    Lab.setTile(node, sprite, index, size);
    return node;
  };

  Lab.setTile = function (node, sprite, index, size) {
    const has = sprite && index >= 0;
    node.style.display = has ? "" : "none";
    if (!has) return;
    const side = size || sprite.tile, scale = side / sprite.tile, columns = sprite.columns;
    node.style.width = node.style.height = side + "px";
    node.style.backgroundImage = `url("${sprite.url}")`;
    node.style.backgroundSize = `${columns * side}px auto`;
    node.style.backgroundPosition =
      `-${(index % columns) * sprite.tile * scale}px -${Math.floor(index / columns) * sprite.tile * scale}px`;
  };

  Lab.empty = function (root, text) {
    Lab.clear(root);
    root.appendChild(Lab.el("p", "lab-empty", text));
  };

  Lab.fill = (template, values) =>
    template.replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
})((window.Lab = window.Lab || {}));
