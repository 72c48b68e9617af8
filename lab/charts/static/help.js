// "What is this?": two sentences and a small picture beside the control that they explain.
(function (Lab) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function shape(parent, tag, attributes, className) {
    const node = parent.appendChild(document.createElementNS(SVG, tag));
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (className) node.setAttribute("class", className);
    return node;
  }

  const box = (g, x, y, width, height, mark) => shape(g, "rect", { x, y, width, height, rx: 1.5 }, mark);
  const dot = (g, cx, cy, mark) => shape(g, "circle", { cx, cy, r: 3.5 }, mark);
  const line = (g, x1, y1, x2, y2) => shape(g, "line", { x1, y1, x2, y2 }, "lab-help-line");

  const PICTURES = {
    // A picture and a text go through the network, and lie side by side in one space.
    model(g) {
      box(g, 4, 8, 14, 14, "lab-help-a");
      dot(g, 11, 44, "lab-help-b");
      box(g, 44, 6, 34, 44, "lab-help-frozen");
      line(g, 22, 15, 42, 22); line(g, 18, 44, 42, 36); line(g, 80, 28, 98, 28);
      box(g, 112, 20, 7, 7, "lab-help-a"); dot(g, 124, 27, "lab-help-b");
      box(g, 140, 42, 7, 7, "lab-help-a"); dot(g, 150, 41, "lab-help-b");
    },
    // Rows of pairs, the last of them set apart.
    pairs(g) {
      for (let row = 0; row < 5; row += 1) {
        const x = row < 4 ? 10 : 112, y = row < 4 ? 6 + 12 * row : 24;
        box(g, x, y, 8, 8, "lab-help-a"); line(g, x + 10, y + 4, x + 26, y + 4); dot(g, x + 31, y + 4, "lab-help-b");
      }
      shape(g, "line", { x1: 84, y1: 4, x2: 84, y2: 52, "stroke-dasharray": "3 3" }, "lab-help-line");
    },
    // Frozen matrices, some with a thin update beside them.
    layers(g) {
      for (let i = 0; i < 4; i += 1) {
        box(g, 8 + 38 * i, 14, 26, 28, "lab-help-frozen");
        if (i % 2 === 0) { box(g, 35 + 38 * i, 14, 3, 28, "lab-help-trained"); box(g, 8 + 38 * i, 44, 26, 3, "lab-help-trained"); }
      }
    },
    // W + B·A.
    lora(g) {
      box(g, 6, 8, 40, 40, "lab-help-frozen");
      line(g, 56, 28, 64, 28); line(g, 60, 24, 60, 32);
      box(g, 76, 8, 6, 40, "lab-help-trained"); box(g, 92, 25, 40, 6, "lab-help-trained");
    },
    // A batch's matrix: the diagonal is to be bright.
    training(g) {
      for (let row = 0; row < 5; row += 1) {
        for (let column = 0; column < 5; column += 1) box(g, 54 + 10 * column, 4 + 10 * row, 9, 9, row === column ? "lab-help-trained" : "lab-help-frozen");
      }
      for (let i = 0; i < 5; i += 1) { box(g, 40, 5 + 10 * i, 7, 7, "lab-help-a"); }
    },
  };

  // Value: {"open": words of the fold, "text", "picture": one of PICTURES}.
  Lab.help = function (root) {
    function update(value) {
      Lab.clear(root);
      if (!value) return;
      const fold = root.appendChild(Lab.el("details", "lab-help"));
      fold.appendChild(Lab.el("summary", "", value.open));
      const drawing = shape(fold, "svg", { viewBox: "0 0 160 56", "aria-hidden": "true" }, "lab-help-picture");
      (PICTURES[value.picture] || (() => {}))(drawing);
      fold.appendChild(Lab.el("p", "", value.text));
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
