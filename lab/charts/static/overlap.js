// How many of its nearest each item kept, as bars that mark their items on the maps; and which items
// to look at first. What it shows is asked for when somebody looks.
(function (Lab) {
  "use strict";

  Lab.overlap = function (root, trigger) {
    let value = null, bars = [], chosen = null, from = -1, dragged = false;
    const want = Lab.askWhenSeen(root, () => trigger && trigger("look", {}));
    window.addEventListener("pointerup", () => {
      from = -1;
      if (dragged) tell();
      setTimeout(() => { dragged = false; }); // the click that ends a drag presses no bar
    });

    function update(next) {
      value = next;
      Lab.clear(root);
      want(Boolean(value && value.awaited));
      if (!value) return;
      if (value.awaited) return Lab.empty(root, value.words.waits);
      const node = root.appendChild(Lab.el("div", "lab-pair"));
      node.append(histogram(), advice());
    }

    function histogram() {
      const w = value.words, node = Lab.el("div"), group = Lab.el("div", "lab-bars"), axis = Lab.el("div", "lab-bars-axis");
      const counts = value.jaccard.map((_, kept) => value.kept.filter((k) => k === kept).length);
      const most = Math.max(1, ...counts);
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", w.title);
      bars = counts.map((items, kept) => bar(kept, items, most));
      group.append(...bars);
      axis.append(...value.jaccard.map((_, kept) => Lab.el("span", "", String(kept))));
      const ends = Lab.el("div", "lab-ends");
      ends.append(Lab.el("span", "", w.none_kept), Lab.el("span", "", Lab.fill(w.all_kept, value)));
      node.append(Lab.el("h4", "", w.title), group, axis, ends, Lab.el("p", "lab-hint", value.note));
      return node;
    }

    function bar(kept, items, most) {
      const node = Lab.el("button"), told = { kept, items, count: value.count, jaccard: Lab.number(value.jaccard[kept], false) };
      node.type = "button";
      node.disabled = !items;
      node.title = Lab.fill(value.words.bar, told);
      node.setAttribute("aria-label", node.title);
      node.appendChild(Lab.el("small", "", items ? String(items) : ""));
      node.appendChild(Lab.el("i")).style.height = `${(80 * items) / most}%`;
      node.addEventListener("pointerdown", () => { from = kept; });
      node.addEventListener("pointerenter", (event) => { if (from >= 0 && event.buttons) { dragged = true; choose(from, kept); } });
      // A key presses one bar, or with Shift all from the last one to it.
      node.addEventListener("click", (event) => {
        if (dragged) return;
        choose(event.shiftKey && chosen ? chosen.first : kept, kept, true);
        tell();
      });
      return node;
    }

    function choose(a, b, pressed) {
      const first = Math.min(a, b), last = Math.max(a, b);
      const again = pressed && chosen && chosen.first === first && chosen.last === last;
      chosen = again ? null : { first, last };
      bars.forEach((node, kept) => {
        const on = Boolean(chosen) && kept >= first && kept <= last;
        node.classList.toggle("lab-brushed", on);
        node.setAttribute("aria-pressed", String(on));
      });
    }

    // The maps list what is marked, which moves what stands below them: it stays under the hand.
    function tell() {
      const w = value.words, { first, last } = chosen || {}, top = root.getBoundingClientRect().top;
      const items = chosen && value.items.filter((_, k) => value.kept[k] >= first && value.kept[k] <= last);
      Lab.tell("mark", { items, title: chosen ? Lab.fill(first === last ? w.marks : w.marks_span, { ...chosen, count: value.count }) : "" });
      window.scrollBy(0, root.getBoundingClientRect().top - top);
    }

    function advice() {
      const node = Lab.el("div");
      node.appendChild(Lab.el("h4", "", value.words.suggested));
      for (const reason of new Set(value.suggestions.map((found) => found.reason))) {
        const part = node.appendChild(Lab.el("div", "lab-advice"));
        part.appendChild(Lab.el("small", "", reason));
        const chips = part.appendChild(Lab.el("div", "lab-chips"));
        for (const found of value.suggestions.filter((other) => other.reason === reason)) {
          const chip = Lab.chip(value.sprite, found.tile, found.text, () => Lab.tell("keep", found.item));
          chips.appendChild(chip).appendChild(Lab.el("small", "lab-rank", found.value));
        }
      }
      return node;
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
