// The update inside each adapted layer: a heat map over blocks and names, and the chosen layer's
// singular values. Every cell is a button, so that keys and screen readers find it.
(function (Lab) {
  "use strict";

  const MEASURES = ["ratio", "effective_rank", "stable_rank"];
  const STEPS = [0, 0.25, 0.5, 0.75, 1];
  const FULL = 0.72; // share of the scale from which on a cell's number stands out in the page's tone
  const SOME = 8, MANY = 14; // blocks beyond which numbers fit on wide screens only, or nowhere
  const DENSE = 48; // singular values beyond which bars touch

  // From the page's own tone to the accent, in even steps to the eye.
  const tone = (share) => `color-mix(in oklab, var(--lab-after) ${(100 * share).toFixed(1)}%, var(--lab-soft))`;

  Lab.spectra = function (root) {
    let value = null, measure = MEASURES[0], chosen = null, parts = null;

    function update(next) {
      value = next;
      if (!value) { parts = null; return Lab.clear(root); }
      if (!value.layers.some((layer) => layer.path === chosen)) chosen = largest();
      build();
    }

    const largest = () => value.layers.reduce((a, b) => (b.ratio > a.ratio ? b : a)).path;

    function build() {
      const w = value.words;
      Lab.clear(root);
      root.appendChild(Lab.el("p", "lab-lead", value.summary));
      parts = { bar: root.appendChild(Lab.el("div", "lab-bar")), buttons: [], cells: [] };
      const toggle = parts.bar.appendChild(Lab.el("span", "lab-toggle"));
      toggle.setAttribute("role", "group");
      for (const name of MEASURES) parts.buttons.push(choice(toggle, name));
      parts.scale = parts.bar.appendChild(Lab.el("span", "lab-legend lab-scale"));
      parts.means = root.appendChild(Lab.el("p", "lab-hint"));
      const grid = root.appendChild(Lab.el("div", "lab-pair"));
      for (const panel of value.panels) grid.appendChild(figure(panel));
      root.appendChild(Lab.el("p", "lab-hint", w.choose));
      parts.spectrum = root.appendChild(Lab.el("section", "lab-spectrum"));
      parts.spectrum.setAttribute("aria-live", "polite");
      paint();
      open(chosen);
    }

    function choice(toggle, name) {
      const button = toggle.appendChild(Lab.el("button", "", value.words[name]));
      button.type = "button";
      button.addEventListener("click", () => { measure = name; paint(); });
      return button;
    }

    // One table a stack; Tab enters it once, arrows go from cell to cell.
    function figure(panel) {
      const node = Lab.el("figure", "lab-map"), table = Lab.el("table", "lab-heat"), blocks = panel.columns.length;
      if (blocks > SOME) table.classList.add(blocks > MANY ? "lab-heat-many" : "lab-heat-some");
      if (panel.columns[0] === null) table.classList.add("lab-heat-one");
      node.appendChild(Lab.el("figcaption", "", panel.title));
      table.setAttribute("aria-label", panel.title);
      const head = table.appendChild(Lab.el("thead")).appendChild(Lab.el("tr"));
      head.appendChild(Lab.el("td"));
      for (const block of panel.columns) head.appendChild(Lab.el("th", "", block === null ? "" : blocks > MANY && block % 4 ? "" : String(block))).scope = "col";
      const body = table.appendChild(Lab.el("tbody"));
      panel.cells.forEach((line, i) => {
        const row = body.appendChild(Lab.el("tr"));
        row.appendChild(Lab.el("th", "", panel.rows[i])).scope = "row";
        for (const index of line) row.appendChild(cell(index));
      });
      table.addEventListener("keydown", steer);
      node.appendChild(table);
      if (panel.columns[0] !== null) node.appendChild(Lab.el("small", "lab-depth", value.words.columns));
      return node;
    }

    function cell(index) {
      const node = Lab.el("td");
      if (index < 0) return node;
      const button = node.appendChild(Lab.el("button")), layer = value.layers[index];
      button.type = "button";
      button.addEventListener("click", () => open(layer.path));
      parts.cells.push({ button, layer });
      return node;
    }

    function steer(event) {
      const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      const at = event.target.closest("td");
      if (!way || !at) return;
      event.preventDefault();
      const row = at.parentNode, rows = [...row.parentNode.rows];
      const next = rows[rows.indexOf(row) + way[0]]?.cells[at.cellIndex + way[1]]?.querySelector("button");
      if (next) { next.tabIndex = 0; next.focus(); }
    }

    const said = (number) => (measure === "ratio" ? percent(number) : number.toFixed(1));

    function percent(share) {
      if (share === null) return "∞";
      return `${(100 * share).toFixed(share === 0 || share >= 0.0995 ? 0 : share >= 0.00995 ? 1 : 2)}%`;
    }

    function paint() {
      const w = value.words, top = Math.max(...value.layers.map((layer) => layer[measure] ?? 0)) || 1;
      parts.buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(MEASURES[k] === measure)));
      parts.means.textContent = w[measure + "_means"];
      Lab.gradient(parts.scale, STEPS.map((at) => [at, tone(at)]), "0", said(top));
      for (const { button, layer } of parts.cells) {
        const share = (layer[measure] ?? top) / top;
        button.style.background = tone(share);
        button.className = share > FULL ? "lab-heat-high" : "";
        button.textContent = said(layer[measure]);
        button.title = Lab.fill(w.cell, { label: layer.label, value: said(layer[measure]) });
        button.setAttribute("aria-label", button.title);
      }
    }

    function open(path) {
      const w = value.words, layer = value.layers.find((one) => one.path === path), node = Lab.clear(parts.spectrum);
      chosen = path;
      const tables = new Set();
      for (const { button, layer: of } of parts.cells) {
        const table = button.closest("table"), is = of.path === path;
        button.setAttribute("aria-pressed", String(is));
        button.tabIndex = is || !tables.has(table) ? 0 : -1;
        tables.add(table);
      }
      node.appendChild(Lab.el("h4", "", layer.label));
      node.appendChild(Lab.el("p", "", layer.said.charAt(0).toUpperCase() + layer.said.slice(1) + "."));
      node.appendChild(Lab.el("p", "lab-faint", layer.norms));
      bars(node, layer, w);
    }

    // As high as σ is beside the largest; those within the effective rank in the accent.
    function bars(node, layer, w) {
      const used = Math.round(layer.effective_rank), most = layer.values[0] || 1, box = Lab.el("div", layer.values.length > DENSE ? "lab-sigma lab-sigma-dense" : "lab-sigma");
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", `${w.values}: ${layer.values.slice(0, 16).map((v) => Lab.number(v)).join(", ")}`);
      layer.values.forEach((v, k) => {
        const bar = box.appendChild(Lab.el("i", k < used ? "lab-sigma-used" : "lab-sigma-beyond"));
        bar.style.height = `${(100 * v) / most}%`;
        bar.title = Lab.fill(w.value, { number: k + 1, value: Lab.number(v) });
      });
      const legend = Lab.el("div", "lab-legend"), ends = Lab.el("div", "lab-sigma-ends");
      Lab.legend(legend, [["lab-sigma-used", w.used], ["lab-sigma-beyond", w.beyond]]);
      ends.append(Lab.el("span", "", Lab.fill(w.value, { number: 1, value: Lab.number(layer.values[0]) })));
      const last = layer.values.length;
      if (last > 1) ends.append(Lab.el("span", "", Lab.fill(w.value, { number: last, value: Lab.number(layer.values[last - 1]) })));
      node.append(Lab.el("p", "lab-sigma-title", w.values), box, ends, legend);
      if (layer.shown) node.appendChild(Lab.el("p", "lab-hint", layer.shown));
    }

    root.__lab = { open, chosen: () => chosen, measure: () => measure };
    return { update };
  };
})((window.Lab = window.Lab || {}));
