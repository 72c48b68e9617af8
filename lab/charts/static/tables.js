// Numbers before and after, and the pairs that changed most.
(function (Lab) {
  "use strict";

  function cell(line, estimate, whole, w) {
    const node = line.appendChild(Lab.el("td"));
    const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((x) => Lab.number(x, whole));
    node.appendChild(Lab.el("span", "lab-value", value));
    node.appendChild(Lab.el("span", "lab-interval", " " + Lab.fill(w.interval, { low, high })));
  }

  // Ranks are whole; a recall of 1 is not, and stands among others as 1.00.
  const isWhole = (row) => [row.before, row.after].every((e) => [e.value, e.low, e.high].every(Number.isInteger)) && row.direction === "lower";

  // Two 95% intervals that do not overlap differ beyond chance; overlapping ones may or may not.
  function verdict(row) {
    const up = row.after.low > row.before.high, down = row.after.high < row.before.low;
    if (!up && !down) return ["same", "·"];
    return up === (row.direction === "higher") ? ["better", up ? "▲" : "▼"] : ["worse", up ? "▲" : "▼"];
  }

  Lab.metrics = function (root) {
    function update(value) {
      if (!value) return Lab.clear(root);
      const w = value.words;
      Lab.clear(root);
      const box = root.appendChild(Lab.el("div", "lab-scroll"));
      const table = box.appendChild(Lab.el("table", "lab-metrics"));
      for (const group of value.groups) {
        const head = table.appendChild(Lab.el("tbody")).appendChild(Lab.el("tr", "lab-group"));
        const title = head.appendChild(Lab.el("th", "", group.title));
        title.scope = "rowgroup";
        head.appendChild(Lab.el("th", "lab-before", w.before));
        head.appendChild(Lab.el("th", "lab-after", w.after));
        head.appendChild(Lab.el("th", ""));
        for (const row of group.rows) {
          const line = table.lastChild.appendChild(Lab.el("tr"));
          const name = line.appendChild(Lab.el("th", "", row.name));
          name.scope = "row";
          name.appendChild(Lab.el("small", "", row.direction === "higher" ? w.higher : w.lower));
          for (const estimate of [row.before, row.after]) cell(line, estimate, isWhole(row), w);
          const [word, arrow] = verdict(row);
          const last = line.appendChild(Lab.el("td", "lab-verdict lab-" + word));
          last.appendChild(Lab.el("span", "lab-arrow", arrow)).setAttribute("aria-hidden", "true");
          last.appendChild(Lab.el("span", "", w[word]));
        }
      }
    }
    return { update };
  };

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
