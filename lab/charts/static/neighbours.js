// One item's nearest before and after, in the original space: what it kept, lost and gained. Each of
// them can be chosen in its turn.
(function (Lab) {
  "use strict";

  const MOMENTS = ["before", "after"], AMONG = ["across", "within"];
  const SIGNS = { common: "=", lost: "−", gained: "+" };

  Lab.neighbours = function (root) {
    let value = null, among = "across";

    function update(next) {
      value = next;
      Lab.clear(root);
      if (!value) return;
      root.append(head(), Lab.el("p", "lab-hint", value.lists[among].summary), lists());
    }

    function head() {
      const w = value.words, node = Lab.el("div", "lab-near-head"), item = node.appendChild(Lab.el("div", "lab-item"));
      if (value.sprite) item.appendChild(Lab.tile(value.sprite, value.item.tile, 48));
      const body = item.appendChild(Lab.el("div"));
      body.append(Lab.el("small", "", `${w.of} · ${value.side}`), Lab.el("div", "lab-text", value.item.text));
      const toggle = node.appendChild(Lab.el("span", "lab-toggle"));
      toggle.setAttribute("role", "group");
      for (const name of AMONG) {
        const button = toggle.appendChild(Lab.el("button", "", w[name]));
        button.type = "button";
        button.setAttribute("aria-pressed", String(name === among));
        button.addEventListener("click", () => { among = name; update(value); root.querySelector("[aria-pressed=true]").focus(); });
      }
      return node;
    }

    function lists() {
      const node = Lab.el("div", "lab-pair");
      for (const moment of MOMENTS) {
        const part = node.appendChild(Lab.el("div")), list = Lab.el("ol", "lab-near");
        part.append(Lab.el("h4", "lab-" + moment, value.words[moment]), list);
        for (const near of value.lists[among][moment]) list.appendChild(Lab.el("li")).appendChild(row(near));
      }
      return node;
    }

    function row(near) {
      const w = value.words, node = Lab.el("button");
      node.type = "button";
      node.append(Lab.el("span", "lab-state lab-state-" + near.state, `${SIGNS[near.state]} ${w[near.state]}`));
      node.append(Lab.tile(value.sprite, value.sprite ? near.tile : -1, 28));
      const text = node.appendChild(Lab.el(near.partner ? "b" : "span", "lab-cut", near.text));
      text.title = near.text;
      if (near.partner) text.append(Lab.el("span", "lab-faint", ` · ${w.partner}`));
      node.append(Lab.el("span", "lab-rank", Lab.number(near.cosine, false)));
      node.addEventListener("click", () => Lab.tell("keep", near.item));
      return node;
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
