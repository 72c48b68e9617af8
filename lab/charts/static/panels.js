// What stands around the charts: the printed model, pairs as they were read, a run's state.
(function (Lab) {
  "use strict";

  // The printed model; lines that LoRA can go on are marked, those it goes on are lit.
  Lab.layers = function (root) {
    let box = null, shown = "";

    function update(value) {
      if (!value) { box = null; return Lab.clear(root); }
      const printed = value.lines.map((line) => line.text).join("\n");
      if (!box || printed !== shown) build(value, printed);
      let first = null;
      value.lines.forEach((line, k) => {
        const node = box.children[k], was = node.className;
        node.className = "lab-line-text" + (line.on ? " lab-on" : line.match ? " lab-can" : "");
        if (line.on && !was.includes("lab-on")) first = first || node;
      });
      if (first) reveal(first);
    }

    function build(value, printed) {
      Lab.clear(root);
      shown = printed;
      box = root.appendChild(Lab.el("pre", "lab-code"));
      box.tabIndex = 0;
      for (const line of value.lines) box.appendChild(Lab.el("span", "lab-line-text", line.text + "\n"));
    }

    // A line that was just lit scrolls into its box; the page stays where it is.
    function reveal(node) {
      const top = node.offsetTop - box.offsetTop, height = box.clientHeight;
      if (top < box.scrollTop || top > box.scrollTop + height - 40) box.scrollTop = Math.max(0, top - height / 3);
    }
    return { update };
  };

  // Pairs as they were read, rows that were left out, and what is worth knowing before a run.
  Lab.preview = function (root) {
    function update(value) {
      if (!value) return Lab.clear(root);
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

  // A run's stage, how far it is, and the time left. Stages are read out, seconds are not.
  Lab.status = function (root) {
    let parts = null;

    function build() {
      Lab.clear(root);
      const line = root.appendChild(Lab.el("div", "lab-status"));
      parts = { line, text: line.appendChild(Lab.el("span")), left: line.appendChild(Lab.el("span", "lab-faint")) };
      parts.text.setAttribute("role", "status");
      parts.text.setAttribute("aria-live", "polite");
      parts.track = root.appendChild(Lab.el("div", "lab-track"));
      parts.track.setAttribute("role", "progressbar");
      parts.bar = parts.track.appendChild(Lab.el("div"));
    }

    function update(value) {
      root.dataset.level = value && value.text ? value.level : "idle";
      if (!value || !value.text) { parts = null; Lab.clear(root); return; }
      if (!parts) build();
      const { line, text, left, track, bar } = parts, known = value.fraction !== null && value.fraction !== undefined;
      line.className = "lab-status lab-level-" + value.level;
      if (text.textContent !== value.text) text.textContent = value.text;
      left.textContent = value.left || "";
      track.style.visibility = value.level === "running" ? "visible" : "hidden";
      track.setAttribute("aria-label", value.text);
      bar.className = known ? "" : "lab-unknown";
      bar.style.width = known ? `${(100 * value.fraction).toFixed(1)}%` : "";
      if (known) track.setAttribute("aria-valuenow", Math.round(100 * value.fraction));
      else track.removeAttribute("aria-valuenow");
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
