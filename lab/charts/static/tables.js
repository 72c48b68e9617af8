// Numbers before and after with their intervals, what each means, and the same by group.
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

  // A "?" that opens what the metric means: a native disclosure, so that keys and readers know it.
  function what(node, row, w) {
    const details = node.appendChild(Lab.el("details", "lab-what"));
    const mark = details.appendChild(Lab.el("summary", "", "?"));
    mark.setAttribute("aria-label", Lab.fill(w.what, { name: row.name }));
    mark.title = mark.getAttribute("aria-label");
    details.appendChild(Lab.el("p", "", row.what));
  }

  function verdict(line, row, w) {
    const last = line.appendChild(Lab.el("td", "lab-verdict lab-" + row.verdict));
    const moved = !["same", "chance"].includes(row.verdict), arrow = row.went === "up" ? "▲" : "▼";
    last.appendChild(Lab.el("span", "lab-arrow", moved ? arrow : "·")).setAttribute("aria-hidden", "true");
    last.appendChild(Lab.el("span", "", w[row.verdict]));
    if (row.p) last.appendChild(Lab.el("small", "", row.p));
  }

  function line(body, row, w) {
    const node = body.appendChild(Lab.el("tr")), name = node.appendChild(Lab.el("th", "", row.name));
    name.scope = "row";
    if (row.what) what(name, row, w);
    for (const said of [row.note || w[row.direction], row.marks]) if (said) name.appendChild(Lab.el("small", "", said));
    for (const estimate of [row.before, row.after]) cell(node, estimate, isWhole(row), w);
    verdict(node, row, w);
  }

  function table(box, title, rows, w) {
    const body = box.appendChild(Lab.el("tbody")), head = body.appendChild(Lab.el("tr", "lab-group"));
    head.appendChild(Lab.el("th", "", title)).scope = "rowgroup";
    head.appendChild(Lab.el("th", "lab-before", w.before));
    head.appendChild(Lab.el("th", "lab-after", w.after));
    head.appendChild(Lab.el("th", ""));
    for (const row of rows) line(body, row, w);
  }

  Lab.metrics = function (root) {
    function update(value) {
      Lab.clear(root);
      if (!value) return;
      const box = root.appendChild(Lab.el("div", "lab-scroll")).appendChild(Lab.el("table", "lab-metrics"));
      for (const group of value.groups) table(box, group.title, group.rows, value.words);
    }
    return { update };
  };

  // One table at a time: of a column of the upload, and a direction.
  Lab.groups = function (root) {
    let value = null, at = { table: 0, way: 0 };

    function update(next) {
      value = next;
      at = { table: 0, way: 0 };
      Lab.clear(root);
      if (!value) return;
      const w = value.words, bar = root.appendChild(Lab.el("div", "lab-bar"));
      bar.appendChild(Lab.el("h4", "", w.title));
      choice(bar, w.column, "table", value.tables.map((t) => t.column));
      choice(bar, w.direction, "way", value.ways);
      root.appendChild(Lab.el("div", "lab-scroll")).appendChild(Lab.el("table", "lab-metrics"));
      root.appendChild(Lab.el("p", "lab-hint"));
      draw();
    }

    function choice(bar, label, name, names) {
      const field = bar.appendChild(Lab.el("label", "lab-field", label)), select = field.appendChild(Lab.el("select"));
      names.forEach((text, k) => { select.appendChild(Lab.el("option", "", text)).value = k; });
      select.addEventListener("change", () => { at = { ...at, [name]: Number(select.value) }; draw(); });
    }

    function draw() {
      const shown = value.tables[at.table], w = value.words;
      table(Lab.clear(root.querySelector("table")), value.ways[at.way], shown.ways[at.way], w);
      root.lastChild.textContent = [shown.note, w.hint].filter(Boolean).join(". ");
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
