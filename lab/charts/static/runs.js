// Finished runs as a table: ticks choose which stand side by side; settings go back into the form.
(function (Lab) {
  "use strict";

  const MARKS = { rose: "▲", fell: "▼", same: "=", chance: "·" };
  const KINDS = { rose: "lab-better", fell: "lab-worse", same: "lab-same", chance: "lab-same" };
  const FILES = ["adapter", "report", "run"];

  Lab.runs = function (root, send) {
    let value = null, ticked = [];

    function update(next) {
      value = next;
      if (!value) return Lab.clear(root);
      const there = value.runs.map((run) => run.number), before = ticked;
      ticked = ticked.filter((number) => there.includes(number));
      // Nothing was chosen yet: the newest two, so that there is something to see.
      if (!ticked.length && there.length > 1) ticked = there.slice(0, 2);
      draw();
      if (String(ticked) !== String(before)) send("pick_runs", { numbers: ticked });
    }

    function draw() {
      const w = value.words;
      Lab.clear(root);
      root.appendChild(Lab.el("p", "lab-hint", value.note));
      const table = root.appendChild(Lab.el("table", "lab-metrics lab-runs")), head = table.appendChild(Lab.el("thead")).appendChild(Lab.el("tr"));
      const names = ["", w.model_column, w.settings_column, w.recall_column];
      const controlled = value.runs.some((run) => run.control);
      if (controlled) names.push(w.control_column);
      for (const name of [...names, ""]) head.appendChild(Lab.el("th", "", name)).scope = "col";
      head.children[3].appendChild(Lab.el("small", "", w.recall_note));
      const body = table.appendChild(Lab.el("tbody"));
      for (const run of value.runs) body.appendChild(row(run, w, controlled));
    }

    function row(run, w, controlled) {
      const line = Lab.el("tr"), name = line.appendChild(Lab.el("th"));
      name.scope = "row";
      name.appendChild(tick(run, w));
      const when = new Date(run.finished).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      name.appendChild(Lab.el("small", "", [when, run.status].filter(Boolean).join(", ")));
      cell(line, w.model_column, run.model, run.pairs);
      cell(line, w.settings_column, run.settings, run.targets).appendChild(Lab.el("small", "", run.cost));
      change(line, w.recall_column, run.recall, w);
      if (controlled) change(line, w.control_column, run.control, w, run.control_name);
      actions(line.appendChild(Lab.el("td", "lab-actions")), run, w);
      return line;
    }

    function tick(run, w) {
      const label = Lab.el("label", "lab-field"), box = label.appendChild(Lab.el("input"));
      box.type = "checkbox";
      box.checked = ticked.includes(run.number);
      box.disabled = value.runs.length < 2;
      box.setAttribute("aria-label", Lab.fill(w.tick, { name: run.name }));
      label.appendChild(Lab.el("span", "lab-value", run.name));
      box.addEventListener("change", () => {
        ticked = box.checked ? [...ticked, run.number] : ticked.filter((number) => number !== run.number);
        send("pick_runs", { numbers: ticked });
      });
      return label;
    }

    function cell(line, column, text, note) {
      const node = line.appendChild(Lab.el("td", "", text));
      node.dataset.column = column;
      const small = node.appendChild(Lab.el("small", "lab-text", note));
      small.title = note;
      return node;
    }

    const signed = (x) => (x > 0 ? "+" : "") + Lab.number(x, false);

    function change(line, column, recall, w, note) {
      const node = line.appendChild(Lab.el("td", "lab-rank"));
      node.dataset.column = column;
      if (!recall) { node.textContent = "–"; return; }
      node.appendChild(Lab.el("span", "lab-before", Lab.number(recall.before, false)));
      node.appendChild(document.createTextNode(" → "));
      node.appendChild(Lab.el("span", "lab-after lab-value", Lab.number(recall.after, false)));
      const gain = node.appendChild(Lab.el("div", KINDS[recall.kind]));
      gain.textContent = `${MARKS[recall.kind]} ${w[recall.kind]} ${signed(recall.gain)}`;
      node.appendChild(Lab.el("small", "", Lab.fill(w.interval, { low: signed(recall.low), high: signed(recall.high) })));
      if (note) node.appendChild(Lab.el("small", "", note));
    }

    function actions(node, run, w) {
      const use = node.appendChild(Lab.el("button", "lab-button", w.use));
      use.type = "button";
      use.addEventListener("click", () => send("use_settings", { number: run.number }));
      const links = node.appendChild(Lab.el("div", "lab-links"));
      for (const name of FILES) {
        const file = run.files[name];
        if (!file) continue;
        const link = links.appendChild(Lab.el("a", "", w["take_" + name]));
        link.href = file.url;
        link.download = file.orig_name || "";
      }
    }

    return { update };
  };
})((window.Lab = window.Lab || {}));
