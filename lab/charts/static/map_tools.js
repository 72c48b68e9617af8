// The bar below the maps: find a text, draw a loop, join pairs, trails, and the way from before to after.
(function (Lab) {
  "use strict";

  const SECONDS = 1.6; // of the whole way, when it is played
  const TYPING = 150; // milliseconds between two letters of one word

  Lab.mapTools = function (on) {
    const node = Lab.el("div", "lab-bar lab-tools");
    const search = node.appendChild(Lab.el("input", "lab-input lab-map-search"));
    search.type = "search";
    search.autocomplete = "off";
    let typed = 0;
    search.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => on.search(search.value), TYPING); });
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") { clearTimeout(typed); on.next(search.value); } });
    const lasso = node.appendChild(Lab.el("button", "lab-button"));
    lasso.type = "button";
    lasso.addEventListener("click", () => on.lasso());
    const lines = check(node, on.lines), trails = check(node, on.trails);
    const way = node.appendChild(Lab.mapWay(on.share));

    function update(value, state) {
      const w = value.words, two = Boolean(value.maps[state.method].after);
      search.placeholder = w.search;
      search.setAttribute("aria-label", w.search);
      lasso.textContent = w.lasso;
      lasso.setAttribute("aria-pressed", String(state.lassos));
      lines.update(w.lines, state.lines);
      trails.update(w.trails, state.trails);
      trails.node.hidden = way.hidden = !two;
      way.update(w, state.share);
    }
    return { node, update, clearSearch: () => { search.value = ""; } };
  };

  function check(bar, then) {
    const node = bar.appendChild(Lab.el("label", "lab-field")), box = node.appendChild(Lab.el("input"));
    const title = node.appendChild(Lab.el("span"));
    box.type = "checkbox";
    box.addEventListener("change", () => then(box.checked));
    return { node, update: (text, checked) => { title.textContent = text; box.checked = checked; } };
  }

  // A slider from before to after, and a button that plays it. Who wants less motion moves it alone.
  Lab.mapWay = function (then) {
    const node = Lab.el("span", "lab-field lab-way"), play = node.appendChild(Lab.el("button", "lab-button"));
    const before = node.appendChild(Lab.el("span", "lab-faint")), slider = node.appendChild(Lab.el("input"));
    const after = node.appendChild(Lab.el("span", "lab-faint"));
    let frame = 0;
    play.type = "button";
    Object.assign(slider, { type: "range", min: 0, max: 1, step: 0.01, value: 1 });
    const go = (share, settled) => { slider.value = share; then(share, settled); };
    slider.addEventListener("input", () => { cancelAnimationFrame(frame); go(Number(slider.value), false); });
    slider.addEventListener("change", () => go(Number(slider.value), true));
    play.addEventListener("click", () => {
      cancelAnimationFrame(frame);
      const began = performance.now();
      const step = (now) => {
        const share = Math.min(1, Math.max(0, (now - began) / 1000 / SECONDS)), eased = share * share * (3 - 2 * share);
        go(eased, share === 1);
        if (share < 1) frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    });
    node.update = function (w, share) {
      [play.textContent, before.textContent, after.textContent] = [w.play, w.before, w.after];
      play.hidden = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      slider.setAttribute("aria-label", w.way);
      slider.setAttribute("aria-valuetext", Lab.fill(w.on_the_way, { share: Math.round(100 * share) }));
      slider.value = share;
    };
    return node;
  };
})((window.Lab = window.Lab || {}));
