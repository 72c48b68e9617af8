// W + B·A, drawn to one scale: what is frozen beside what is trained.
(function (Lab) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const TALLEST = 132, GAP = 40, TOP = 30, LABEL = 74; // pixels of the drawing
  const THINNEST = 1.5; // so that r = 1 of 4,096 is still seen

  function svg(parent, tag, className, text) {
    const node = parent.appendChild(document.createElementNS(SVG, tag));
    if (className) node.setAttribute("class", className);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  Lab.rank = function (root) {
    let parts = null;

    function build() {
      Lab.clear(root);
      const drawing = svg(root, "svg", "lab-rank-picture");
      drawing.setAttribute("role", "img");
      const factor = (name, mark) => {
        const group = svg(drawing, "g", "lab-factor");
        const box = svg(group, "rect", mark);
        return { group, box, name: svg(group, "text", "lab-factor-name", name), shape: svg(group, "text", "lab-factor-shape") };
      };
      parts = {
        drawing, title: svg(drawing, "title"),
        w: factor("W", "lab-frozen"), plus: svg(drawing, "text", "lab-factor lab-sign", "+"),
        b: factor("B", "lab-trained"), times: svg(drawing, "text", "lab-factor lab-sign", "·"),
        a: factor("A", "lab-trained"), caption: root.appendChild(Lab.el("p", "lab-hint")),
      };
    }

    const at = (node, x, y) => { node.style.transform = `translate(${x}px, ${y}px)`; };

    // Centres a factor at x, and at the middle of the drawing; its words stand above and below.
    function set(part, x, width, height, shape, tall) {
      at(part.group, x, TOP + (tall - height) / 2);
      Object.assign(part.box.style, { width: width + "px", height: height + "px", transform: `translateX(${-width / 2}px)` });
      at(part.name, 0, -10);
      at(part.shape, 0, height + 18);
      part.shape.textContent = shape;
    }

    function update(value) {
      if (!value) { parts = null; return Lab.clear(root); }
      if (!parts) build();
      const { out: d, in: k, r } = value, scale = TALLEST / Math.max(d, k), px = (n) => Math.max(THINNEST, n * scale);
      const wide = Math.max(px(k), LABEL), thin = Math.max(px(r), LABEL);
      const [wx, bx, ax] = [wide / 2, wide + GAP + thin / 2, wide + GAP + thin + GAP + wide / 2];
      const tall = Math.max(px(d), px(r)), middle = TOP + tall / 2 + 5;
      set(parts.w, wx, px(k), px(d), `${d} × ${k}`, tall);
      set(parts.b, bx, px(r), px(d), `${d} × ${r}`, tall);
      set(parts.a, ax, px(k), px(r), `${r} × ${k}`, tall);
      at(parts.plus, wide + GAP / 2, middle);
      at(parts.times, wide + GAP + thin + GAP / 2, middle);
      const width = 2 * wide + thin + 2 * GAP, height = TOP + tall + 30;
      parts.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      parts.drawing.style.maxWidth = width + "px";
      parts.title.textContent = `${value.name}: W ${d} × ${k}, B ${d} × ${r}, A ${r} × ${k}`;
      parts.caption.textContent = caption(value, d * k, r * (d + k));
    }

    function caption(value, frozen, trained) {
      const share = (100 * trained) / frozen;
      return Lab.fill(value.caption, { name: value.name, frozen: frozen.toLocaleString("en"), trained: trained.toLocaleString("en"),
        share: share < 10 ? share.toFixed(1) : share.toFixed(0) });
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
