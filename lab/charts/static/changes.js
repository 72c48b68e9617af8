// The pairs that changed most.
(function (Lab) {
  "use strict";

  Lab.changes = function (root) {
    function update(value) {
      if (!value) return Lab.clear(root);
      const w = value.words;
      Lab.clear(root);
      const grid = root.appendChild(Lab.el("div", "lab-pair"));
      for (const [name, mark] of [["risen", "▲"], ["fallen", "▼"]]) {
        const part = grid.appendChild(Lab.el("section"));
        part.appendChild(Lab.el("h4", "lab-" + name, `${mark} ${w[name]}`));
        if (!value[name].length) part.appendChild(Lab.el("p", "lab-hint", w.none));
        for (const pair of value[name]) {
          const item = part.appendChild(Lab.el("div", "lab-item"));
          if (value.sprite) item.appendChild(Lab.tile(value.sprite, value.sprite.index[pair.index], 48));
          const body = item.appendChild(Lab.el("div"));
          for (const text of pair.texts) body.appendChild(Lab.el("div", "lab-text", text));
          body.appendChild(Lab.el("small", "", Lab.fill(w.rank, pair)));
        }
      }
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
