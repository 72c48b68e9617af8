// What stands around the charts: the printed model, W + BA to scale, pairs as they were read, a run's state.
(function (Lab) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // The printed model; lines that LoRA can go on are marked, those it goes on are lit.
  Lab.layers = function (root) {
    function update(value) {
      if (!value) return Lab.empty(root, "…");
      Lab.clear(root);
      const box = root.appendChild(Lab.el("pre", "lab-code"));
      box.tabIndex = 0;
      for (const line of value.lines) {
        const state = line.on ? " lab-on" : line.match ? " lab-can" : "";
        box.appendChild(Lab.el("span", "lab-line-text" + state, line.text + "\n"));
      }
    }
    return { update };
  };

  // W (out x in) + B (out x r) · A (r x in), drawn to one scale.
  Lab.rank = function (root) {
    function update(value) {
      if (!value) return Lab.empty(root, "…");
      Lab.clear(root);
      const scale = 120 / Math.max(value.out, value.in), px = (n) => Math.max(1.5, n * scale);
      const h = px(value.out), w = px(value.in), r = px(value.r), gap = 34, top = 26;
      const width = 16 + w + gap + r + gap + w + 70, height = top + Math.max(h, r) + 44;
      const drawing = root.appendChild(svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "lab-rank-picture", role: "img" }));
      const text = (x, y, words, anchor) => drawing.appendChild(svg("text", { x, y, "text-anchor": anchor || "middle" }, words));
      const box = (x, y, bw, bh, mark) => drawing.appendChild(svg("rect", { x, y, width: bw, height: bh, class: mark }));
      drawing.appendChild(svg("title", {}, `${value.name}: ${value.out} x ${value.in}, r = ${value.r}`));
      box(8, top, w, h, "lab-frozen");
      text(8 + w / 2, top - 8, "W");
      text(8 + w / 2, top + h + 16, `${value.out} × ${value.in}`);
      text(8 + w + gap / 2, top + h / 2 + 4, "+");
      const bx = 8 + w + gap;
      box(bx, top, r, h, "lab-trained");
      text(bx + r / 2, top - 8, "B");
      text(bx + r / 2, top + h + 16, `${value.out} × ${value.r}`);
      text(bx + r + gap / 2, top + 4 + Math.min(r, h) / 2, "·");
      const ax = bx + r + gap;
      box(ax, top, w, r, "lab-trained");
      text(ax + w / 2, top - 8, "A");
      text(ax + w / 2, top + r + 16, `${value.r} × ${value.in}`);
      const share = (100 * value.r * (value.out + value.in)) / (value.out * value.in);
      root.appendChild(Lab.el("p", "lab-hint", Lab.fill(value.caption, {
        name: value.name, frozen: (value.out * value.in).toLocaleString(), trained: (value.r * (value.out + value.in)).toLocaleString(),
        share: share < 10 ? share.toFixed(1) : share.toFixed(0),
      })));
    }
    return { update };
  };

  // Pairs as they were read, rows that were left out, and what is worth knowing before a run.
  Lab.preview = function (root) {
    function update(value) {
      if (!value) return Lab.empty(root, "…");
      Lab.clear(root);
      root.appendChild(Lab.el("p", "lab-lead", value.summary));
      for (const finding of value.findings || []) {
        const node = root.appendChild(Lab.el("div", "lab-finding lab-level-" + finding.level));
        node.appendChild(Lab.el("strong", "", finding.title + ". "));
        node.appendChild(document.createTextNode(finding.way_out));
      }
      const grid = root.appendChild(Lab.el("div", "lab-cards"));
      for (const pair of value.pairs) {
        const item = grid.appendChild(Lab.el("div", "lab-item"));
        if (value.sprite) item.appendChild(Lab.tile(value.sprite, pair.tile, 64));
        const body = item.appendChild(Lab.el("div"));
        for (const text of pair.texts) body.appendChild(Lab.el("div", "lab-text", text));
        for (const text of pair.extra) body.appendChild(Lab.el("small", "", text));
      }
      if (value.rejected && value.rejected.length) {
        const details = root.appendChild(Lab.el("details", "lab-details"));
        details.appendChild(Lab.el("summary", "", value.rejected_title));
        const list = details.appendChild(Lab.el("ul"));
        for (const row of value.rejected) list.appendChild(Lab.el("li", "", row));
      }
    }
    return { update };
  };

  // A run's stage, how far it is, and the time left.
  Lab.status = function (root) {
    root.setAttribute("role", "status");
    root.setAttribute("aria-live", "polite");
    function update(value) {
      if (!value || !value.text) { Lab.clear(root); root.dataset.level = "idle"; return; }
      root.dataset.level = value.level;
      Lab.clear(root);
      const line = root.appendChild(Lab.el("div", "lab-status lab-level-" + value.level));
      line.appendChild(Lab.el("span", "", value.text));
      if (value.left) line.appendChild(Lab.el("span", "lab-faint", value.left));
      if (value.level === "running") {
        const track = root.appendChild(Lab.el("div", "lab-track"));
        const bar = track.appendChild(Lab.el("div", value.fraction === null ? "lab-unknown" : ""));
        if (value.fraction !== null) bar.style.width = Math.round(100 * value.fraction) + "%";
      }
    }
    return { update };
  };

  // A sentence or two of plain text with a mark for its kind: the verdict, a reason, a total.
  Lab.note = function (root) {
    function update(value) {
      Lab.clear(root);
      if (!value) return;
      for (const text of value.texts) root.appendChild(Lab.el("p", "lab-note lab-note-" + (value.kind || "plain"), text));
      if (value.aside) root.appendChild(Lab.el("p", "lab-hint", value.aside));
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
