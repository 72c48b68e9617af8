// Two maps of the same items, before and after, linked: what is pointed at, or marked, on one is so on
// both. What the item at hand stands near in its own space is another chart's to tell (neighbours.js).
(function (Lab) {
  "use strict";

  const SIDES = ["before", "after"], METHODS = ["pca", "umap"];
  const REACH = 24; // pixels from the pointer to the item it means

  Lab.maps = function (root, trigger) {
    // marked: items by number, or null; share: how far the map after has gone from the one before.
    const state = { method: null, colour: "side", lines: false, trails: false, marked: null, title: "", share: 1, lassos: false };
    let value = null, chosen = false, kept = -1, shown = -1, colouring = null, following = false;
    let plots = {}, marks = {}, parts = null;

    const count = () => value.side.length / 2;
    const partner = (i) => (i < count() ? i + count() : i - count());
    const places = (side) => value.maps[state.method][side] || [];
    const at = (side) =>
      side === "after" && state.share < 1 ? Lab.between(places("before"), places("after"), state.share) : places(side);
    // Before a run there is one map; the second stands in its place once there is one.
    const sides = () => SIDES.filter((side) => value.maps[state.method][side]);

    function update(next) {
      const was = value;
      value = next;
      if (!value) { parts = null; plots = {}; return Lab.clear(root); }
      if (!was || was.text.join("\n") !== value.text.join("\n")) Object.assign(state, { marked: null, share: 1 }), (kept = -1);
      const methods = METHODS.filter((name) => name in value.maps);
      if (!chosen || !methods.includes(state.method)) state.method = methods[methods.length - 1];
      if (!Lab.colourChoices(value).some(({ name }) => name === state.colour)) state.colour = "side";
      if (!parts) build();
      refresh();
    }

    function build() {
      Lab.clear(root);
      plots = {};
      marks = {};
      const set = (name) => (to) => { state[name] = to; refresh(); };
      parts = { grid: Lab.el("div", "lab-pair"), faith: Lab.el("p", "lab-hint"), card: Lab.el("div", "lab-card"), list: Lab.el("div", "lab-list") };
      parts.bar = Lab.mapBar({ method: (name) => { chosen = true; set("method")(name); }, colour: set("colour"), mark });
      parts.tools = Lab.mapTools({
        search, next: findNext, share: morph, lines: set("lines"), trails: set("trails"), lasso: () => set("lassos")(!state.lassos),
      });
      for (const side of SIDES) parts.grid.appendChild(figure(side));
      root.append(parts.bar.node, parts.grid, parts.tools.node, parts.card, parts.list, parts.faith);
      Lab.keepDrawn(() => parts && refresh(), Object.values(plots));
    }

    function figure(side) {
      const node = Lab.el("figure", "lab-map");
      node.appendChild(Lab.el("figcaption", "lab-" + side));
      const holder = node.appendChild(Lab.el("div", "lab-holder"));
      holder.tabIndex = 0;
      holder.setAttribute("role", "group");
      const plot = (plots[side] = holder.appendChild(Lab.el("div", "lab-plot")));
      const near = (event) => Lab.nearest(plot, at(side), event, REACH);
      marks[side] = {
        trail: holder.appendChild(Lab.el("div", "lab-trail")),
        rings: [0, 1].map((k) => holder.appendChild(Lab.el("div", "lab-ring lab-ring-" + k))),
        lasso: Lab.lasso(holder, (loop) => mark(Lab.within(plot, at(side), loop), value.words.in_loop)),
      };
      holder.addEventListener("pointermove", (event) => show(near(event), false));
      holder.addEventListener("pointerleave", () => show(kept, false));
      holder.addEventListener("click", (event) => keep(near(event)));
      holder.addEventListener("keydown", (event) => steer(event, side));
      return node;
    }

    function refresh() {
      const w = value.words;
      colouring = Lab.colouring(value, state);
      parts.bar.update(value, state, colouring);
      parts.tools.update(value, state);
      for (const side of SIDES) {
        const node = plots[side].closest("figure");
        node.hidden = !sides().includes(side);
        node.querySelector("figcaption").textContent = w[side];
        node.querySelector(".lab-holder").setAttribute("aria-label", `${w[side]}. ${w.keys}`);
        marks[side].lasso.set(state.lassos);
        if (!node.hidden) draw(side);
      }
      parts.faith.textContent = (value.faith || {})[state.method] || "";
      Lab.mapList(parts.list, value, state.marked, state.title, { clear: () => mark(null), keep });
      Lab.clear(parts.card); // the words in it may be new too
      show(kept, false);
    }

    function draw(side) {
      const both = Lab.bounds(sides().flatMap(places));
      const layout = {
        margin: { l: 0, r: 0, t: 0, b: 0 }, hovermode: false, dragmode: Lab.dragmode(),
        uirevision: `${state.method} ${count()} ${both.flat()}`,
        xaxis: { visible: false, range: both[0], scaleanchor: "y" }, yaxis: { visible: false, range: both[1] },
      };
      const from = side === "after" ? places("before") : null;
      Lab.draw(plots[side], Lab.mapTraces({ value, points: at(side), from, state, colouring }), layout).then(() => bind(side));
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

    // The map after on its way from the places before; plotly draws it again where it comes to rest.
    function morph(share, settled) {
      state.share = share;
      parts.tools.update(value, state);
      if (settled) return refresh();
      Lab.movePoints(plots.after, at("after"));
      show(shown, false);
    }

    function mark(items, title = "") {
      state.marked = items && items.length ? [...items].sort((a, b) => a - b) : null;
      state.title = title;
      if (!items) parts.tools.clearSearch();
      refresh();
    }

    function search(words) {
      const items = Lab.findTexts(value.text, words);
      mark(words.trim() ? items : null, words.trim());
      if (words.trim() && !items.length) parts.list.replaceChildren(Lab.el("p", "lab-hint", value.words.not_found)), (parts.list.hidden = false);
    }

    function findNext(words) {
      const items = Lab.findTexts(value.text, words), after = items.find((i) => i > kept);
      if (items.length) choose(after === undefined ? items[0] : after);
    }

    // An item that is chosen stays, and whoever tells more about it is told.
    function choose(i) {
      kept = i;
      show(i, true);
      if (trigger) trigger("point_click", { index: i });
    }

    function keep(i) {
      if (i >= 0 && i !== kept) return choose(i);
      kept = -1;
      show(i, true);
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
      const said = shown < 0 ? "" : Lab.sayColour(value, state, colouring, shown);
      Lab.mapCard(parts.card, value, said, shown, shown < 0 ? -1 : partner(shown));
    }

    // A ring is an element over the plot: restyling a trace would cost 15 times as much a hover.
    function place(side) {
      const { rings, trail } = marks[side], points = at(side);
      Lab.put(rings[0], plots[side], points[shown]);
      Lab.put(rings[1], plots[side], shown < 0 ? undefined : points[partner(shown)]);
      const from = side === "after" ? places("before")[shown] : undefined;
      Lab.stretch(trail, plots[side], from, points[shown]);
    }

    const has = (i) => parts && i >= 0 && i < value.text.length;
    Lab.hear(root, "keep", (i) => has(i) && choose(i));
    Lab.hear(root, "mark", (wanted) => parts && mark(wanted.items && wanted.items.filter(has), wanted.title));
    root.__lab = { show: (i) => show(i, false), keep, plots: () => plots, method: () => state.method, state: () => state };
    return { update };
  };
})((window.Lab = window.Lab || {}));
