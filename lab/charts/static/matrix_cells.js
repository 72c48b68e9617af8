// What a similarity matrix is made of: its numbers, its colours, and a cell's two items in words.
(function (Lab) {
  "use strict";

  // Equal steps are equally far apart to the eye (0.09 in OKLab); little similarity looks like the page.
  const EVEN = {
    light: ["#effaf6", "#b8e5dd", "#7ad0ca", "#4fb3c0", "#3093b6", "#2973a9", "#325296", "#313378", "#281657"],
    dark: ["#1e1d2d", "#2c2f57", "#344580", "#2e649c", "#2185b0", "#29a5bb", "#52c3c0", "#8eddcc", "#c3f5de"],
  };

  Lab.evenColours = function () {
    const colours = EVEN[document.body.classList.contains("dark") ? "dark" : "light"];
    return colours.map((colour, i) => [i / (colours.length - 1), colour]);
  };

  Lab.divergingColours = () => [[0, Lab.colour("loss")], [0.5, Lab.colour("surface")], [1, Lab.colour("gain")]];

  // Base64 of signed bytes -> similarities, -1 to 1, row after row.
  const decode = (text) =>
    Float32Array.from(atob(text), (letter) => ((letter.charCodeAt(0) << 24) >> 24) / 127);

  // [before, after, difference] as rows of numbers, rows and columns in `order`.
  Lab.matrixRows = function (view, order) {
    const [before, after] = [decode(view.before), decode(view.after)];
    const made = (pick) => order.map((i) => order.map((j) => pick(i * view.size + j)));
    return [made((k) => before[k]), made((k) => after[k]), made((k) => after[k] - before[k])];
  };

  Lab.extent = function (matrices) {
    let low = Infinity, high = -Infinity;
    for (const rows of matrices) for (const row of rows) for (const v of row) { if (v < low) low = v; if (v > high) high = v; }
    return [low, high];
  };

  // Two decimals: similarities travel as bytes, 1/127 apart.
  Lab.signed = (v, plus) => (plus && v > 0 ? "+" : "") + v.toFixed(2).replace("-", "−");

  // The items of a cell, what they are to each other, and their similarity before and after.
  Lab.compared = function (node, value, [one, other], [before, after, difference]) {
    const w = value.words;
    Lab.clear(node);
    for (const place of [one, other]) {
      const item = node.appendChild(Lab.el("div", "lab-item")), { tile, text } = value.items[place];
      if (value.sprite && tile >= 0) item.appendChild(Lab.tile(value.sprite, tile, 56));
      item.appendChild(Lab.el("div", "lab-text", text));
    }
    const said = node.appendChild(Lab.el("div", "lab-compared-said"));
    const numbers = { before: Lab.signed(before), after: Lab.signed(after), difference: Lab.signed(difference, true) };
    said.appendChild(Lab.el("div", "lab-rank", Lab.fill(w.cosine, numbers)));
    const isPair = value.items[one].pair === value.items[other].pair;
    said.appendChild(Lab.el("small", "", one === other ? w.same : isPair ? w.pair : w.no_pair));
  };
})((window.Lab = window.Lab || {}));
