// Cosine similarities before, after, and their difference: of the sides with each other, or of all items.
(function (Lab) {
  "use strict";

  const NAMES = ["before", "after", "difference"];
  const LEAST_SPAN = 0.05; // of the difference's scale, so that rounding does not look like change
  const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  Lab.matrices = function (root, send) {
    let value = null, parts = null, view = null, order = null, z = null, shown = null, kept = false;
    let asked = { view: 0, order: "cluster" };
    const wants = send ? Lab.askWhenSeen(root, () => send("seen", {})) : () => {};

    function update(next) {
      value = next;
      parts = null;
      wants(!value);
      if (!value) return Lab.clear(root);
      asked = { ...asked, view: Math.min(asked.view, value.views.length - 1) };
      build();
      arrange();
    }

    function build() {
      const w = value.words;
      Lab.clear(root);
      parts = { figures: [], bar: root.appendChild(Lab.el("div", "lab-bar lab-compared-bar")) };
      if (value.views.length > 1) {
        const named = value.views.map((v, k) => [k, Lab.fill(v.joint ? w.joint : w.across, { rows: w.row, columns: w.column })]);
        toggle(w.view, "view", named);
      }
      toggle(w.order, "order", [["cluster", w.cluster], ["given", w.given]]);
      parts.hint = root.appendChild(Lab.el("p", "lab-hint"));
      parts.said = root.appendChild(Lab.el("div", "lab-compared"));
      parts.said.setAttribute("aria-live", "polite");
      const grid = root.appendChild(Lab.el("div", "lab-triple"));
      for (const name of NAMES) parts.figures.push(figure(grid, name));
      parts.note = root.appendChild(Lab.el("p", "lab-hint"));
      const mine = parts;
      Lab.keepDrawn(() => parts === mine && draw(), parts.figures.map((f) => f.plot));
    }

    function toggle(label, name, choices) {
      const pick = (key) => { asked = { ...asked, [name]: key }; arrange(); };
      const group = Lab.toggle(choices, asked[name], pick);
      group.setAttribute("aria-label", label);
      parts.bar.appendChild(Lab.el("span", "lab-field", label)).appendChild(group);
    }

    function figure(grid, name) {
      const node = grid.appendChild(Lab.el("figure", "lab-map"));
      const title = node.appendChild(Lab.el("figcaption", "lab-" + name, value.words[name]));
      const holder = node.appendChild(Lab.el("div", "lab-matrix"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      const plot = holder.appendChild(Lab.el("div", "lab-plot lab-plot-square"));
      const cell = holder.appendChild(Lab.el("div", "lab-cell"));
      const scale = node.appendChild(Lab.el("div", "lab-legend lab-scale"));
      holder.addEventListener("pointermove", (e) => e.pointerType !== "touch" && !kept && say(under(plot, e)));
      holder.addEventListener("pointerleave", () => !kept && say(null));
      holder.addEventListener("click", (e) => keep(under(plot, e)));
      holder.addEventListener("keydown", steer);
      return { title, holder, plot, cell, scale };
    }

    // Another view or order: the numbers stand elsewhere, and no cell is the one it was.
    function arrange() {
      view = value.views[asked.view];
      order = asked.order === "cluster" ? view.cluster : view.cluster.map((_, k) => k);
      z = Lab.matrixRows(view, order);
      const w = value.words;
      const hints = [view.joint ? w.joint_hint : w.across_hint, asked.order === "cluster" ? w.cluster_hint : ""];
      parts.hint.textContent = Lab.fill(hints.join(" "), w);
      parts.note.textContent = [view.note, w.keys].filter(Boolean).join(" ");
      draw();
      kept = false;
      say(null);
    }

    function draw() {
      const w = value.words, [low, high] = Lab.extent([z[0], z[1]]);
      const most = Lab.extent([z[2]]).reduce((a, b) => Math.max(a, Math.abs(b)), LEAST_SPAN);
      NAMES.forEach((name, k) => {
        const { holder, plot, scale } = parts.figures[k], differs = k === 2;
        const [least, top] = differs ? [-most, most] : [low, high];
        const colours = differs ? Lab.divergingColours() : Lab.evenColours();
        holder.setAttribute("aria-label", `${w[name]}: ${axes().join(", ")}`);
        Lab.gradient(scale, colours, Lab.signed(least, differs), Lab.signed(top, differs));
        const trace = { type: "heatmap", z: z[k], zmin: least, zmax: top, colorscale: colours, showscale: false, hoverinfo: "skip" };
        Promise.resolve(Lab.draw(plot, [trace], layout())).then(mark);
      });
    }

    const axes = () => {
      const { row, column } = value.words;
      return view.joint ? [`${row} · ${column}`, `${row} · ${column}`] : [row, column];
    };

    function layout() {
      const [rows, columns] = axes(), far = view.size - 0.5, half = view.size / 2 - 0.5;
      const axis = (text, range) => ({ title: { text, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 },
        showticklabels: false, ticks: "", showgrid: false, showline: false, range, fixedrange: true });
      const line = (x0, x1, y0, y1) => ({ type: "line", x0, x1, y0, y1, line: { width: 1, color: Lab.colour("text") } });
      return { margin: { l: 22, r: 0, t: 0, b: 22 }, hovermode: false, dragmode: false,
        shapes: view.joint ? [line(half, half, -0.5, far), line(-0.5, far, half, half)] : [],
        xaxis: axis(columns, [-0.5, far]), yaxis: axis(rows, [far, -0.5]) };
    }

    function under(plot, event) {
      const full = plot._fullLayout;
      if (!full || !full.xaxis) return null;
      const box = plot.getBoundingClientRect();
      const j = Math.round(full.xaxis.p2d(event.clientX - box.left - full.xaxis._offset));
      const i = Math.round(full.yaxis.p2d(event.clientY - box.top - full.yaxis._offset));
      return Math.min(i, j) >= 0 && Math.max(i, j) < view.size ? [i, j] : null;
    }

    function keep(cell) {
      kept = Boolean(cell) && !(kept && shown && cell[0] === shown[0] && cell[1] === shown[1]);
      say(cell);
    }

    function steer(event) {
      const way = WAYS[event.key];
      if (way) {
        const [i, j] = shown || [-way[0], -way[1]], inside = (n) => Math.max(0, Math.min(view.size - 1, n));
        say([inside(i + way[0]), inside(j + way[1])]);
      } else if (event.key === "Enter" && shown) keep(shown);
      else if (event.key === "Escape") keep(null);
      else return;
      event.preventDefault();
    }

    function say(cell) {
      shown = cell;
      mark();
      parts.said.classList.toggle("lab-kept", kept);
      if (!cell) return Lab.clear(parts.said).appendChild(Lab.el("p", "lab-hint", value.words.point));
      const [i, j] = cell;
      Lab.compared(parts.said, value, [view.rows[order[i]], view.columns[order[j]]], z.map((rows) => rows[i][j]));
    }

    // The same cell on all three; at least large enough to be seen.
    function mark() {
      if (!parts) return;
      for (const { plot, cell } of parts.figures) {
        const full = plot._fullLayout;
        cell.style.display = shown && full && full.xaxis ? "block" : "none";
        if (!shown || !full || !full.xaxis) continue;
        const side = Math.max(9, full.xaxis._length / view.size + 3);
        cell.style.width = cell.style.height = side + "px";
        cell.style.left = full.xaxis._offset + full.xaxis.d2p(shown[1]) - side / 2 + "px";
        cell.style.top = full.yaxis._offset + full.yaxis.d2p(shown[0]) - side / 2 + "px";
      }
    }

    root.__lab = { plots: () => parts.figures.map((f) => f.plot), say };
    return { update };
  };
})((window.Lab = window.Lab || {}));
