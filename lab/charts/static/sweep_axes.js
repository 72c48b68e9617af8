// What a sweep's charts share: a colour for each rank, an axis over ranks, figures with words.
(function (Lab) {
  "use strict";

  const FIRST = 0.34; // of the scale of colours: below it a thin line would not stand out
  const LABEL = 32; // pixels that a rank's number takes with its gap
  const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "cross", "star"];
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

  const channels = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));

  // A small rank is light on the page and a large one stands out most, in even steps to the eye.
  Lab.rankColour = function (ranks, rank) {
    const scale = Lab.evenColours(), last = scale.length - 1;
    const place = ranks.length < 2 ? 1 : ranks.indexOf(rank) / (ranks.length - 1);
    const at = (FIRST + (1 - FIRST) * Math.max(0, place)) * last, low = Math.min(last - 1, Math.floor(at));
    const [a, b] = [channels(scale[low][1]), channels(scale[low + 1][1])];
    return `rgb(${a.map((c, k) => Math.round(c + (at - low) * (b[k] - c))).join(", ")})`;
  };

  // Lines of a sweep (learning rates, targets) differ in these, ranks in colour.
  Lab.lineSymbol = (k) => SYMBOLS[k % SYMBOLS.length];
  Lab.lineDash = (k) => DASHES[k % DASHES.length];

  // Doubling a rank is a step; where there is no room for each, every other is named.
  Lab.rankAxis = function (ranks, title, width) {
    const ends = [Math.min(...ranks) / 1.35, Math.max(...ranks) * 1.35], every = Math.ceil((ranks.length * LABEL) / width);
    const named = ranks.filter((_, k) => k % every === 0);
    return { type: "log", range: ends.map(Math.log10), tickvals: named, ticktext: named.map(String), tickangle: 0,
      fixedrange: true, showgrid: false, title: Lab.axisTitle(title) };
  };

  Lab.axisTitle = (text) => ({ text, font: { size: 12, color: Lab.colour("faint") }, standoff: 6 });

  Lab.hoverLabel = () =>
    ({ bgcolor: Lab.colour("surface"), bordercolor: Lab.colour("grid"), font: { size: 12, color: Lab.colour("text") } });

  // A chart under its title, a line of words between.
  Lab.titledPlot = function (parent, title, note) {
    const node = parent.appendChild(Lab.el("figure", "lab-map"));
    node.appendChild(Lab.el("figcaption", "", title));
    const words = node.appendChild(Lab.el("p", "lab-hint lab-sweep-note", note || ""));
    const plot = node.appendChild(Lab.el("div", "lab-plot lab-plot-low"));
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", [title, note].filter(Boolean).join(", "));
    return { node, words, plot };
  };

  Lab.section = function (root, title) {
    const node = root.appendChild(Lab.el("section", "lab-part"));
    node.appendChild(Lab.el("h4", "", title));
    return node;
  };

  // The colour of each rank in words.
  Lab.rankLegend = function (node, ranks, words) {
    Lab.legend(node, ranks.map((rank) => ["lab-rank-mark", Lab.fill(words.rank, { rank })]));
    [...node.querySelectorAll("i")].forEach((mark, k) => { mark.style.background = Lab.rankColour(ranks, ranks[k]); });
    return node;
  };
})((window.Lab = window.Lab || {}));
