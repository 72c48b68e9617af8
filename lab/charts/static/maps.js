// Two maps of the same items, before and after, linked: what is pointed at on one is ringed on both.
(function (Lab) {
  "use strict";

  const WORDS = {
    before: "Before", after: "After", colour: "Colour by", side: "side", change: "change of rank",
    lines: "Lines between pairs", pca: "PCA", umap: "UMAP", umap_waits: "UMAP is on its way",
    a: "image", b: "text", gained: "rank gained", lost: "rank lost", empty: "No map yet.",
    hint: "Point at an item to find it on both maps; click to keep it.",
  };
  const SIDES = ["before", "after"];

  Lab.maps = function (root, trigger) {
    let value = null, method = null, chosen = false, colour = "side", lines = false, kept = -1;
    let plots = {}, rings = {}, parts = null, version = 0;

    function update(next) {
      value = next;
      version += 1;
      if (!value) { parts = null; plots = {}; return Lab.empty(root, WORDS.empty); }
      const methods = Object.keys(value.maps);
      if (!chosen || !methods.includes(method)) method = methods.includes("umap") ? "umap" : methods[0];
      if (!parts) build();
      kept = -1;
      refresh();
    }

    const words = () => Object.assign({}, WORDS, value.words);

    // Before a run there is one map; the second stands in its place once there is one.
    const sides = () => SIDES.filter((side) => value.maps[method][side]);

    function build() {
      Lab.clear(root);
      parts = { bar: Lab.el("div", "lab-bar"), grid: Lab.el("div", "lab-pair"), card: Lab.el("div", "lab-card") };
      for (const side of SIDES) {
        const figure = Lab.el("figure", "lab-map");
        figure.appendChild(Lab.el("figcaption", "lab-" + side));
        const holder = figure.appendChild(Lab.el("div", "lab-holder"));
        plots[side] = holder.appendChild(Lab.el("div", "lab-plot"));
        rings[side] = [0, 1].map((k) => holder.appendChild(Lab.el("div", "lab-ring lab-ring-" + k)));
        parts.grid.appendChild(figure);
      }
      parts.card.setAttribute("aria-live", "polite");
      root.append(parts.bar, parts.grid, parts.card);
      Lab.keepDrawn(() => parts && refresh(), Object.values(plots));
    }

    function refresh() {
      buildBar();
      const w = words();
      for (const side of SIDES) plots[side].closest("figure").hidden = !sides().includes(side);
      for (const side of sides()) {
        root.querySelector("figcaption.lab-" + side).textContent = w[side];
        Lab.draw(plots[side], traces(side), layout()).then(() => bind(side));
      }
      show(kept);
    }

    function buildBar() {
      const w = words(), bar = Lab.clear(parts.bar), group = bar.appendChild(Lab.el("span", "lab-toggle"));
      for (const name of ["pca", "umap"]) {
        const button = group.appendChild(Lab.el("button", "", w[name]));
        button.type = "button";
        button.setAttribute("aria-pressed", name === method);
        button.disabled = !(name in value.maps);
        button.title = button.disabled ? w.umap_waits : "";
        button.onclick = () => { method = name; chosen = true; refresh(); };
      }
      const label = bar.appendChild(Lab.el("label", "lab-field", w.colour + " "));
      const select = label.appendChild(Lab.el("select"));
      for (const name of value.change ? ["side", "change"] : ["side"]) {
        const option = select.appendChild(Lab.el("option", "", w[name]));
        option.value = name;
      }
      select.value = colour;
      select.onchange = () => { colour = select.value; refresh(); };
      const check = bar.appendChild(Lab.el("label", "lab-field"));
      const box = check.appendChild(Lab.el("input"));
      box.type = "checkbox";
      box.checked = lines;
      box.onchange = () => { lines = box.checked; refresh(); };
      check.appendChild(document.createTextNode(" " + w.lines));
      bar.appendChild(legend(w));
    }

    function legend(w) {
      const node = Lab.el("span", "lab-legend");
      const add = (mark, text) => {
        node.appendChild(Lab.el("i", "lab-mark " + mark));
        node.appendChild(document.createTextNode(text + " "));
      };
      const square = value.a_is_image ? "lab-square" : "lab-circle";
      if (colour === "side") { add(square + " lab-side-a", w.a); add("lab-circle lab-side-b", w.b); }
      else { add("lab-circle lab-gain", "▲ " + w.gained); add("lab-circle lab-loss", "▼ " + w.lost); }
      return node;
    }

    function traces(side) {
      const at = value.maps[method][side], pairs = at.length / 2;
      const size = pairs > 600 ? 5 : 7, found = [];
      if (lines) {
        const x = [], y = [];
        for (let i = 0; i < pairs; i++) {
          x.push(at[i][0], at[pairs + i][0], null);
          y.push(at[i][1], at[pairs + i][1], null);
        }
        found.push({ type: "scatter", mode: "lines", x, y, hoverinfo: "skip",
          line: { width: 0.6, color: Lab.colour("faint") }, opacity: 0.45 });
      }
      for (const k of [0, 1]) {
        const part = at.slice(k * pairs, (k + 1) * pairs);
        found.push({ type: "scatter", mode: "markers", hoverinfo: "none", meta: k,
          x: part.map((p) => p[0]), y: part.map((p) => p[1]), marker: marker(k, size) });
      }
      return found;
    }

    function marker(k, size) {
      const symbol = k === 0 && value.a_is_image ? "square" : "circle";
      if (colour === "side") {
        return { size, symbol, opacity: 0.75, color: Lab.colour(k === 0 ? "side-a" : "side-b") };
      }
      return { size, symbol, opacity: 0.85, color: value.change, cmid: 0, cmin: -4, cmax: 4,
        colorscale: [[0, Lab.colour("loss")], [0.5, Lab.colour("grid")], [1, Lab.colour("gain")]] };
    }

    // One range for both maps, so that a place on one is the same place on the other.
    function range(axis) {
      const at = sides().flatMap((side) => value.maps[method][side].map((p) => p[axis]));
      const low = at.reduce((a, b) => Math.min(a, b)), high = at.reduce((a, b) => Math.max(a, b));
      const margin = 0.05 * (high - low || 1);
      return [low - margin, high + margin];
    }

    const layout = () => ({ margin: { l: 8, r: 8, t: 8, b: 8 }, uirevision: method + version, dragmode: "pan",
      xaxis: { range: range(0), showticklabels: false, scaleanchor: "y", scaleratio: 1 },
      yaxis: { range: range(1), showticklabels: false } });

    function bind(side) {
      const plot = plots[side];
      if (!plot.on || plot.__bound) return;
      plot.__bound = true;
      const index = (e) => {
        const p = e.points.find((q) => q.data.meta !== undefined);
        return p ? p.data.meta * (value.side.length / 2) + p.pointNumber : -1;
      };
      plot.on("plotly_hover", (e) => show(index(e)));
      plot.on("plotly_unhover", () => show(kept));
      plot.on("plotly_relayout", () => show(kept));
      plot.on("plotly_click", (e) => {
        kept = index(e) === kept ? -1 : index(e);
        show(kept);
        if (trigger && kept >= 0) trigger("point_click", { index: kept });
      });
    }

    function show(i) {
      const pairs = value.side.length / 2, partner = i < pairs ? i + pairs : i - pairs;
      for (const side of sides()) {
        place(rings[side][0], side, i);
        place(rings[side][1], side, i < 0 ? -1 : partner);
      }
      card(i, partner, pairs);
      root.dataset.shown = i;
    }

    // A ring is an element over the plot: restyling a trace would cost 15 times as much a hover.
    function place(ring, side, i) {
      const full = plots[side]._fullLayout, at = i >= 0 && value.maps[method][side][i];
      if (!at || !full || !full.xaxis || !full.xaxis._length) { ring.style.display = "none"; return; }
      const x = full.xaxis.d2p(at[0]), y = full.yaxis.d2p(at[1]);
      const inside = x >= 0 && y >= 0 && x <= full.xaxis._length && y <= full.yaxis._length;
      ring.style.display = inside ? "block" : "none";
      ring.style.left = full.xaxis._offset + x + "px";
      ring.style.top = full.yaxis._offset + y + "px";
    }

    function card(i, partner, pairs) {
      const w = words(), node = Lab.clear(parts.card);
      if (i < 0) { node.appendChild(Lab.el("p", "lab-hint", w.hint)); return; }
      for (const [k, j] of [[i < pairs ? 0 : 1, i], [i < pairs ? 1 : 0, partner]]) {
        const item = node.appendChild(Lab.el("div", "lab-item"));
        const sprite = value.sprite;
        if (sprite) item.appendChild(Lab.tile(sprite, sprite.index[j], 56));
        const body = item.appendChild(Lab.el("div"));
        body.appendChild(Lab.el("small", "", w[k === 0 ? "a" : "b"]));
        body.appendChild(Lab.el("div", "lab-text", value.text[j]));
      }
      if (value.ranks) {
        const pair = i % pairs, r = value.ranks[pair];
        node.appendChild(Lab.el("div", "lab-rank", Lab.fill(w.rank || "rank {before} → {after}", r)));
      }
    }

    root.__lab = { show, plots: () => plots, method: () => method };
    return { update };
  };
})((window.Lab = window.Lab || {}));
