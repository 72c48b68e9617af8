// Some runs side by side: numbers with intervals, settings that differ, losses, maps.
(function (Lab) {
  "use strict";

  const COLOURS = 5, DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];

  Lab.runComparison = function (root) {
    let value = null, plots = [], loss = null;

    function update(next) {
      value = next;
      plots = [];
      loss = null;
      Lab.clear(root);
      if (!value) return;
      const w = value.words;
      if (value.note) root.appendChild(Lab.el("p", "lab-note lab-finding lab-level-warning", value.note));
      section(w.differ).append(value.settings.length ? settings() : Lab.el("p", "lab-hint", w.no_difference));
      section(w.numbers).append(numbers());
      const curves = section(w.losses);
      curves.append(legend(), (loss = Lab.el("div", "lab-plot lab-plot-low")));
      const maps = section(w.maps);
      maps.append(Lab.el("p", "lab-hint", value.shared ? w.maps_shared : w.maps_apart), sides(), pictures());
      Lab.keepDrawn(() => value && draw(), [loss, ...plots]);
      draw();
    }

    function section(title) {
      const node = root.appendChild(Lab.el("section", "lab-part"));
      node.appendChild(Lab.el("h4", "", title));
      return node;
    }

    const colour = (k) => Lab.colour("run-" + (k % COLOURS));
    const dash = (k) => DASHES[(k + Math.floor(k / COLOURS)) % DASHES.length];

    // A line as it is drawn, before a run's name: colour and pattern.
    function sign(k) {
      const mark = Lab.el("i", `lab-mark lab-run-mark lab-run-${k % COLOURS}`);
      mark.style.borderTopStyle = { solid: "solid", dash: "dashed", longdash: "dashed" }[dash(k)] || "dotted";
      return mark;
    }

    function named(tag, k) {
      const node = Lab.el(tag, "lab-run-name");
      node.append(sign(k), document.createTextNode(value.runs[k]));
      return node;
    }

    function legend() {
      const node = Lab.el("div", "lab-legend");
      value.runs.forEach((_, k) => node.appendChild(named("span", k)));
      return node;
    }

    function sides() {
      const square = value.maps.some((map) => map.a_is_image) ? "lab-square" : "lab-circle";
      return Lab.legend(Lab.el("div", "lab-legend"), [[square + " lab-side-a", value.sides[0]], ["lab-circle lab-side-b", value.sides[1]]]);
    }

    function table(first, withBase) {
      const box = Lab.el("div", "lab-scroll"), node = box.appendChild(Lab.el("table", "lab-metrics lab-side-by-side"));
      node.style.setProperty("--lab-columns", value.runs.length + (withBase ? 1 : 0));
      const head = node.appendChild(Lab.el("thead")).appendChild(Lab.el("tr"));
      head.appendChild(Lab.el("th", "", first));
      if (withBase) head.appendChild(Lab.el("th", "lab-before", value.words.base)).scope = "col";
      value.runs.forEach((_, k) => { head.appendChild(named("th", k)).scope = "col"; });
      node.appendChild(Lab.el("tbody"));
      return box;
    }

    function line(box, name, note) {
      const node = box.querySelector("tbody").appendChild(Lab.el("tr")), title = node.appendChild(Lab.el("th", "", name));
      title.scope = "row";
      if (note) title.appendChild(Lab.el("small", "", note));
      return node;
    }

    function settings() {
      const box = table(value.words.setting, false);
      for (const { name, cells } of value.settings) {
        const node = line(box, name);
        for (const text of cells) node.appendChild(Lab.el("td", "lab-setting", text));
      }
      return box;
    }

    function numbers() {
      const box = table("", value.shared);
      for (const { title, rows } of value.groups) {
        const head = line(box, title);
        head.className = "lab-group";
        head.firstChild.colSpan = 1 + value.runs.length + (value.shared ? 1 : 0);
        for (const row of rows) {
          const node = line(box, row.name, row.note);
          for (const estimate of row.cells) {
            const cell = node.appendChild(Lab.el("td"));
            const [middle, low, high] = [estimate.value, estimate.low, estimate.high].map((x) => Lab.number(x, row.whole));
            cell.appendChild(Lab.el("span", "lab-value", middle));
            cell.appendChild(Lab.el("span", "lab-interval", " " + Lab.fill(value.words.interval, { low, high })));
          }
        }
      }
      return box;
    }

    function pictures() {
      const grid = Lab.el("div", "lab-multiples");
      value.maps.forEach((map, k) => {
        const node = grid.appendChild(Lab.el("figure")), run = value.shared ? k - 1 : k;
        node.appendChild(run < 0 ? Lab.el("figcaption", "lab-before", map.name) : named("figcaption", run));
        plots.push(node.appendChild(Lab.el("div", "lab-holder")).appendChild(Lab.el("div", "lab-plot lab-plot-square")));
      });
      return grid;
    }

    function draw() {
      const w = value.words;
      Lab.draw(loss, value.losses.map(({ x, y }, k) => ({ type: "scatter", mode: "lines", x, y, name: value.runs[k],
        hovertemplate: "%{y:.3f}", line: { width: 2, color: colour(k), dash: dash(k) } })), {
        hovermode: "x unified", dragmode: Lab.dragmode(), yaxis: { rangemode: "tozero", nticks: 5 },
        hoverlabel: { bgcolor: Lab.colour("surface"), bordercolor: Lab.colour("grid"), font: { size: 12, color: Lab.colour("text") } },
        xaxis: { title: { text: w.step, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 }, showgrid: false, rangemode: "tozero", hoverformat: "d" } });
      const shared = value.shared ? Lab.bounds(value.maps.flatMap((map) => [...map.a, ...map.b])) : null;
      value.maps.forEach((map, k) => drawMap(plots[k], map, shared || Lab.bounds([...map.a, ...map.b])));
    }

    function drawMap(plot, map, [x, y]) {
      const traces = ["a", "b"].map((side) => ({ type: "scatter", mode: "markers", hoverinfo: "skip",
        x: map[side].map((p) => p[0]), y: map[side].map((p) => p[1]),
        marker: { size: 4, opacity: 0.7, symbol: side === "a" && map.a_is_image ? "square" : "circle", color: Lab.colour("side-" + side) } }));
      Lab.draw(plot, traces, { margin: { l: 0, r: 0, t: 0, b: 0 }, hovermode: false, dragmode: false,
        xaxis: { visible: false, range: x, scaleanchor: "y", fixedrange: true }, yaxis: { visible: false, range: y, fixedrange: true } });
    }

    return { update };
  };
})((window.Lab = window.Lab || {}));
