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

  // Three significant digits, tabular: 0.0213 -> "0.021", 57 -> "57", -3.914 -> "-3.91".
  Lab.number = function (x) {
    if (x === null || x === undefined || Number.isNaN(x)) return "–";
    if (Number.isInteger(x)) return String(x);
    const digits = Math.abs(x) >= 100 ? 0 : Math.abs(x) >= 10 ? 1 : Math.abs(x) >= 1 ? 2 : 3;
    return x.toFixed(digits).replace("-", "−");
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
