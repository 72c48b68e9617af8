// A query's first ten, before and after side by side: place, picture or text, score, where it went.
(function (Lab) {
  "use strict";

  const MARKS = { rose: "▲", fell: "▼", same: "=" };

  Lab.explorer = function (root, send) {
    let value = null, form = null, parts = null, asked = 0, last = null;

    function update(next) {
      if (!next) { value = form = parts = null; return Lab.clear(root); }
      const isNew = !form || form.key !== next.form.key || next.form.words.tab !== form.words.tab;
      if (isNew) build(next.form);
      else if (next.opening && (value.answer || last)) return; // back on the tab: what was found stays
      if (next.ask !== undefined && next.ask !== asked) return; // a newer query is on its way
      value = next;
      if (isNew && next.opening && last && !("row" in last)) return ask(last); // the same, after a run
      show();
    }

    function build(next) {
      form = next;
      Lab.clear(root);
      parts = { about: root.appendChild(Lab.el("p", "lab-hint", form.about)) };
      parts.query = Lab.explorerForm(form, ask);
      if (last && last.text) parts.query.write(last.text);
      parts.said = Lab.el("p", "lab-hint");
      parts.said.setAttribute("role", "status");
      parts.answer = Lab.el("div", "lab-answer");
      root.append(parts.query.node, parts.said, parts.answer);
    }

    // Each query has a number, which comes back with its answer.
    function ask(query) {
      last = query;
      asked += 1;
      say(form.words.waiting);
      parts.answer.classList.add("lab-waits");
      send("ask", { ...query, ask: asked });
    }

    function say(text, isError) {
      parts.said.textContent = text;
      parts.said.className = isError ? "lab-note lab-note-error" : "lab-hint";
      parts.said.hidden = !text;
    }

    function show() {
      const answer = value.answer;
      parts.answer.classList.remove("lab-waits");
      say(value.error || "", Boolean(value.error));
      if (!answer) return;
      parts.query.among(answer.gallery);
      Lab.clear(parts.answer);
      parts.answer.append(query(answer), legend(answer), columns(answer));
    }

    function query(answer) {
      const node = Lab.el("div", "lab-item lab-query");
      if (answer.query.sprite) node.appendChild(Lab.tile(answer.query.sprite, 0, 56));
      const body = node.appendChild(Lab.el("div"));
      body.appendChild(Lab.el("small", "", form.words.query));
      body.appendChild(Lab.el("div", "lab-text", answer.query.text));
      if (answer.right) body.appendChild(Lab.el("div", "lab-rank", answer.right));
      return node;
    }

    function legend(answer) {
      const w = form.words, node = Lab.legend(Lab.el("div", "lab-legend"), [["lab-score-mark", w.score]]);
      const marks = answer.right ? [["✓", w.right, "lab-right"]] : [];
      if (answer.columns.length > 1) marks.push(["▲", w.rose, "lab-better"], ["▼", w.fell, "lab-worse"]);
      for (const [mark, words, kind] of marks) {
        const entry = node.appendChild(Lab.el("span", "lab-entry"));
        entry.appendChild(Lab.el("span", "lab-sign " + kind, mark));
        entry.appendChild(document.createTextNode(words));
      }
      return node;
    }

    function columns(answer) {
      const grid = Lab.el("div", answer.columns.length > 1 ? "lab-pair" : "");
      for (const { state, hits } of answer.columns) {
        const part = grid.appendChild(Lab.el("section", "lab-hits lab-hits-" + state));
        part.appendChild(Lab.el("h4", "lab-" + state, form.words[state]));
        const list = part.appendChild(Lab.el("ol"));
        for (const hit of hits) list.appendChild(line(hit, answer));
      }
      // What is pointed at in one list is marked in the other.
      const mark = (row) => {
        for (const node of grid.querySelectorAll("li")) node.classList.toggle("lab-same-item", node.dataset.row === row);
      };
      grid.addEventListener("pointerover", (e) => mark(e.target.closest("li")?.dataset.row));
      grid.addEventListener("pointerleave", () => mark());
      return grid;
    }

    function line(hit, answer) {
      const node = Lab.el("li", hit.right ? "lab-hit lab-hit-right" : "lab-hit");
      node.dataset.row = hit.row;
      node.appendChild(Lab.el("span", "lab-place", String(hit.place)));
      if (answer.sprite && hit.tile >= 0) node.appendChild(Lab.tile(answer.sprite, hit.tile, 44));
      const body = node.appendChild(Lab.el("div", "lab-hit-body"));
      const head = body.appendChild(Lab.el("div", "lab-hit-head"));
      head.appendChild(Lab.el("span", "lab-text", hit.text)).title = hit.name;
      if (hit.right) head.appendChild(Lab.el("span", "lab-right", "✓ " + form.words.right));
      const foot = body.appendChild(Lab.el("div", "lab-hit-foot"));
      const track = foot.appendChild(Lab.el("div", "lab-score"));
      track.appendChild(Lab.el("div")).style.width = `${100 * Math.max(0, Math.min(1, hit.score))}%`;
      foot.appendChild(Lab.el("span", "lab-rank", Lab.number(hit.score, false)));
      if (hit.move) foot.appendChild(Lab.el("span", "lab-moved lab-moved-" + hit.move, `${MARKS[hit.move]} ${hit.moved}`));
      return node;
    }

    return { update };
  };
})((window.Lab = window.Lab || {}));
