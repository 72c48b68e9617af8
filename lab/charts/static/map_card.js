// Below the maps: the item that is pointed at, with its partner, and the items that are marked.
(function (Lab) {
  "use strict";

  const LISTED = 24; // of the items marked; the maps show them all

  // The item and its partner, with the picture and the text of each; or how to choose one.
  Lab.mapCard = function (node, value, said, i, j) {
    const w = value.words;
    Lab.clear(node);
    if (i < 0) { node.appendChild(Lab.el("p", "lab-hint", w.hint)); return; }
    const pairs = value.side.length / 2;
    for (const [place, index] of [i, j].entries()) {
      const item = node.appendChild(Lab.el("div", "lab-item"));
      if (value.sprite) item.appendChild(Lab.tile(value.sprite, value.sprite.index[index], 56));
      const body = item.appendChild(Lab.el("div")), name = body.appendChild(Lab.el("small"));
      name.appendChild(Lab.el("i", "lab-ring-mark lab-ring-" + place));
      name.appendChild(document.createTextNode(w[index < pairs ? "a" : "b"]));
      body.appendChild(Lab.el("div", "lab-text", value.text[index]));
    }
    if (value.ranks) node.appendChild(Lab.el("div", "lab-rank", Lab.fill(w.rank, value.ranks[i % pairs])));
    if (said) node.appendChild(Lab.el("div", "lab-faint", said));
  };

  // What is marked: how many, and the first of them, to be chosen one by one.
  Lab.mapList = function (node, value, marked, title, on) {
    const w = value.words;
    node.hidden = !marked;
    if (!marked) return;
    const head = Lab.clear(node).appendChild(Lab.el("div", "lab-list-head"));
    head.setAttribute("role", "status");
    head.append(Lab.el("strong", "lab-cut", title), Lab.el("span", "lab-faint", Lab.fill(w.marked, { count: marked.length })));
    const clear = head.appendChild(Lab.el("button", "lab-button", w.clear));
    clear.type = "button";
    clear.addEventListener("click", on.clear);
    const list = node.appendChild(Lab.el("div", "lab-chips"));
    for (const i of marked.slice(0, LISTED)) list.appendChild(Lab.chip(value.sprite, value.sprite ? value.sprite.index[i] : -1, value.text[i], () => on.keep(i)));
    const more = marked.length - LISTED;
    if (more > 0) list.appendChild(Lab.el("span", "lab-faint", Lab.fill(w.more, { count: more })));
  };

  // An item to press: its picture, else its text.
  Lab.chip = function (sprite, tile, text, then) {
    const node = Lab.el("button", "lab-chip"), has = sprite && tile >= 0;
    node.type = "button";
    node.title = text;
    if (has) { node.appendChild(Lab.tile(sprite, tile, 36)); node.setAttribute("aria-label", text); }
    else node.appendChild(Lab.el("span", "lab-cut", text));
    node.addEventListener("click", then);
    return node;
  };
})((window.Lab = window.Lab || {}));
