// Two maps of the same items, before and after, linked: what is pointed at on one is ringed on both.
(function (Lab) {
  "use strict";

  const SIDES = ["before", "after"], METHODS = ["pca", "umap"];
  const REACH = 24; // pixels from the pointer to the item it means

  Lab.maps = function (root, trigger) {
    let value = null, method = null, chosen = false, colour = "side", lines = false;
    let kept = -1, shown = -1, plots = {}, marks = {}, parts = null, following = false;

    const count = () => value.side.length / 2;
    const partner = (i) => (i < count() ? i + count() : i - count());
    // Before a run there is one map; the second stands in its place once there is one.
    const sides = () => SIDES.filter((side) => value.maps[method][side]);

    function update(next) {
      const was = value && kept >= 0 ? value.text[kept] : null;
      value = next;
      if (!value) { parts = null; plots = {}; return Lab.clear(root); }
      const methods = METHODS.filter((name) => name in value.maps);
      if (!chosen || !methods.includes(method)) method = methods[methods.length - 1];
      if (kept >= value.text.length || value.text[kept] !== was) kept = -1;
      if (!parts) build();
      refresh();
    }

    function build() {
      Lab.clear(root);
      plots = {};
      marks = {};
      parts = { grid: Lab.el("div", "lab-pair"), card: Lab.el("div", "lab-card") };
      parts.bar = Lab.mapBar({
        method: (name) => { method = name; chosen = true; refresh(); },
        colour: (name) => { colour = name; refresh(); },
        lines: (on) => { lines = on; refresh(); },
      });
      for (const side of SIDES) parts.grid.appendChild(figure(side));
      root.append(parts.bar.node, parts.grid, parts.card);
      Lab.keepDrawn(() => parts && refresh(), Object.values(plots));
    }

    function figure(side) {
      const node = Lab.el("figure", "lab-map");
      node.appendChild(Lab.el("figcaption", "lab-" + side));
      const holder = node.appendChild(Lab.el("div", "lab-holder"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      plots[side] = holder.appendChild(Lab.el("div", "lab-plot"));
      marks[side] = {
        trail: holder.appendChild(Lab.el("div", "lab-trail")),
        rings: [0, 1].map((k) => holder.appendChild(Lab.el("div", "lab-ring lab-ring-" + k))),
      };
      holder.addEventListener("pointermove", (e) => show(Lab.nearest(plots[side], at(side), e, REACH), false));
      holder.addEventListener("pointerleave", () => show(kept, false));
      holder.addEventListener("click", (e) => keep(Lab.nearest(plots[side], at(side), e, REACH)));
      holder.addEventListener("keydown", (e) => steer(e, side));
      return node;
    }

    const at = (side) => value.maps[method][side] || [];

    function refresh() {
      const w = value.words;
      parts.bar.update({ value, words: w, method, colour, lines });
      for (const side of SIDES) {
        const node = plots[side].closest("figure");
        node.hidden = !sides().includes(side);
        node.querySelector("figcaption").textContent = w[side];
        node.querySelector(".lab-holder").setAttribute("aria-label", `${w[side]}. ${w.keys}`);
        if (!node.hidden) draw(side);
      }
      Lab.clear(parts.card); // the words in it may be new too
      show(kept, false);
    }

    function draw(side) {
      const both = Lab.bounds(sides().flatMap((s) => at(s)));
      const layout = {
        margin: { l: 0, r: 0, t: 0, b: 0 }, hovermode: false, dragmode: Lab.dragmode(),
        uirevision: `${method} ${count()} ${both.flat()}`,
        xaxis: { visible: false, range: both[0], scaleanchor: "y" }, yaxis: { visible: false, range: both[1] },
      };
      const traces = Lab.mapTraces({ value, points: at(side), colour, lines });
      Lab.draw(plots[side], traces, layout).then(() => bind(side));
    }

    function bind(side) {
      show(shown, false);
      if (!plots[side].on || plots[side].__bound) return;
      plots[side].__bound = true;
      plots[side].on("plotly_relayout", (change) => {
        if (!following && !("autosize" in change)) follow(side);
        show(shown, false);
      });
    }

    // Both maps share their axes, so that a place on one is the same place on the other.
    async function follow(side) {
      const other = side === "before" ? "after" : "before";
      if (!sides().includes(other)) return;
      const { xaxis, yaxis } = plots[side]._fullLayout;
      following = true;
      await Lab.plotly().relayout(plots[other], { "xaxis.range": [...xaxis.range], "yaxis.range": [...yaxis.range] });
      following = false;
    }

    function keep(i) {
      kept = i === kept ? -1 : i;
      show(kept < 0 ? i : kept, true);
      if (trigger && kept >= 0) trigger("point_click", { index: kept });
    }

    function steer(event, side) {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (way) show(Lab.towards(at(side), shown, way), true);
      else if (event.key === "Enter" || event.key === " ") { if (shown >= 0) keep(shown); }
      else if (event.key === "Escape") { kept = -1; show(-1, true); }
      else return;
      event.preventDefault();
    }

    // spoken: the reader of a screen hears what keys and clicks show, not all a mouse passes.
    function show(i, spoken) {
      const wanted = i < 0 ? kept : i, same = wanted === shown;
      shown = wanted;
      for (const side of sides()) place(side);
      root.dataset.shown = shown;
      if (same && parts.card.firstChild && !spoken) return;
      parts.card.setAttribute("aria-live", spoken ? "polite" : "off");
      Lab.mapCard(parts.card, value, value.words, shown, shown < 0 ? -1 : partner(shown));
    }

    // A ring is an element over the plot: restyling a trace would cost 15 times as much a hover.
    function place(side) {
      const { rings, trail } = marks[side], points = at(side);
      Lab.put(rings[0], plots[side], points[shown]);
      Lab.put(rings[1], plots[side], shown < 0 ? undefined : points[partner(shown)]);
      const from = side === "after" ? at("before")[shown] : undefined;
      Lab.stretch(trail, plots[side], from, points[shown]);
    }

    root.__lab = { show: (i) => show(i, false), keep, plots: () => plots, method: () => method };
    return { update };
  };
})((window.Lab = window.Lab || {}));
