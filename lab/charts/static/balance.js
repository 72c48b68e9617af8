// What was won and what it cost: recall on new pairs and on the control set, before to after, one scale.
(function (Lab) {
  "use strict";

  const percent = (share) => `${100 * share}%`;

  // A line from 0 to 1 with both moments on it, joined in the colour of what happened.
  function track(row, w) {
    const node = Lab.el("div", "lab-balance-track");
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", `${w.before} ${row.before.toFixed(2)}, ${w.after} ${row.after.toFixed(2)}`);
    const between = node.appendChild(Lab.el("div", "lab-balance-between lab-balance-" + row.kind));
    between.style.left = percent(Math.min(row.before, row.after));
    between.style.width = percent(Math.abs(row.after - row.before));
    for (const moment of ["before", "after"]) {
      node.appendChild(Lab.el("i", "lab-balance-dot lab-balance-" + moment)).style.left = percent(row[moment]);
    }
    return node;
  }

  Lab.balance = function (root) {
    function update(value) {
      Lab.clear(root);
      if (!value) return;
      const w = value.words, head = root.appendChild(Lab.el("div", "lab-bar"));
      head.appendChild(Lab.el("span", "lab-faint", w.scale));
      const marks = [["lab-circle lab-balance-before", w.before], ["lab-circle lab-balance-after", w.after]];
      Lab.legend(head.appendChild(Lab.el("span", "lab-legend")), marks);
      for (const row of value.rows) {
        const line = root.appendChild(Lab.el("div", "lab-balance"));
        line.appendChild(Lab.el("div", "lab-balance-name", row.name));
        const scale = line.appendChild(Lab.el("div", "lab-balance-scale"));
        scale.append(Lab.el("small", "", "0"), track(row, w), Lab.el("small", "", "1"));
        const said = line.appendChild(Lab.el("div", "lab-balance-said"));
        const arrow = row.kind === "rose" ? "▲" : row.kind === "fell" ? "▼" : "·";
        const numbers = `${row.before.toFixed(2)} → ${row.after.toFixed(2)}`;
        said.appendChild(Lab.el("span", "lab-value lab-balance-word-" + row.kind, `${numbers} ${arrow} ${w[row.kind]}`));
        said.appendChild(Lab.el("span", "lab-interval", ` ${row.change}`));
      }
      root.appendChild(Lab.el("p", "lab-hint", value.note));
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
