// What the colours of a map can mean: the side, a measured value, or a group.
//   value.scales: [{ name, signed, values }]    value.groups: [{ name, title, labels, codes }]
// Lists hold one entry an item, or one a pair: both of its items then have it.
(function (Lab) {
  "use strict";

  const MOST = 4; // doublings of a rank at which the colour of a change is full
  const CATEGORIES = 12; // colours of charts.css; what comes after them is grey
  const FULL = 0.98; // of the items have less than a full colour: one far away leaves them some

  const of = (list, i) => list[i % list.length];

  // { name, title } of all there is to choose from, for the maps that are shown.
  Lab.colourChoices = function (value) {
    const w = value.words, title = (entry) => ({ name: entry.name, title: entry.title || w[entry.name] });
    const travelled = value.scales.length ? [{ name: "travelled" }] : [];
    return [{ name: "side" }, ...value.scales, ...travelled, ...value.groups].map(title);
  };

  // How to colour: { kind: "side" | "signed" | "scale" | "groups", ... }.
  Lab.colouring = function (value, { method, colour }) {
    if (colour === "travelled" && value.scales.length) return measured(distances(value.maps[method]));
    const scale = value.scales.find((entry) => entry.name === colour);
    if (scale) return scale.signed ? { kind: "signed", values: scale.values } : measured(scale.values);
    const group = value.groups.find((entry) => entry.name === colour);
    return group ? { kind: "groups", ...group } : { kind: "side" };
  };

  const distances = ({ before, after }) =>
    before.map((p, i) => (after ? Math.hypot(after[i][0] - p[0], after[i][1] - p[1]) : 0));

  function measured(values) {
    const sorted = Float64Array.from(values).sort();
    return { kind: "scale", values, top: sorted[Math.floor(FULL * (sorted.length - 1))] || 1e-9 };
  }

  // The marks of side k, `count` pairs, as plotly wants them.
  Lab.mapMarker = function (value, colouring, k, count) {
    const size = count > 1200 ? 4.5 : count > 400 ? 5.5 : 7, line = { width: 0 };
    const symbol = k === 0 && value.a_is_image ? "square" : "circle", base = { size, symbol, line };
    const items = Array.from({ length: count }, (_, i) => i + k * count), { kind } = colouring;
    if (kind === "side") return { ...base, opacity: 0.72, color: Lab.colour(k === 0 ? "side-a" : "side-b") };
    if (kind === "groups") {
      const palette = colouring.labels.map((_, n) => category(n));
      return { ...base, opacity: 0.85, color: items.map((i) => palette[of(colouring.codes, i)]) };
    }
    const [cmin, cmax] = kind === "signed" ? [-MOST, MOST] : [0, colouring.top];
    const colorscale = kind === "signed" ? changes() : amounts();
    return { ...base, opacity: 0.85, color: items.map((i) => of(colouring.values, i)), cmin, cmax, colorscale };
  };

  const category = (n) => Lab.colour(n < CATEGORIES ? `category-${n}` : "neutral");
  const changes = () => [[0, Lab.colour("loss")], [0.5, Lab.colour("neutral")], [1, Lab.colour("gain")]];
  const amounts = () => [[0, Lab.colour("neutral")], [1, Lab.colour("after")]];

  // What the colours mean. A group's entry marks its items when it is pressed.
  Lab.mapLegend = function (node, value, colouring, mark) {
    const w = value.words, square = value.a_is_image ? "lab-square" : "lab-circle";
    if (colouring.kind === "signed") return Lab.gradient(node, changes(), "▼ " + w.lost, w.gained + " ▲");
    if (colouring.kind === "scale") return Lab.gradient(node, amounts(), "0", Lab.number(colouring.top, false));
    if (colouring.kind === "side") return Lab.legend(node, [[square + " lab-side-a", w.a], ["lab-circle lab-side-b", w.b]]);
    Lab.clear(node);
    colouring.labels.forEach((label, n) => {
      const entry = node.appendChild(Lab.el("button", "lab-entry"));
      entry.type = "button";
      entry.appendChild(Lab.el("i", "lab-mark")).style.background = category(n);
      entry.appendChild(Lab.el("span", "lab-cut", label));
      entry.addEventListener("click", () => mark(value.side.flatMap((_, i) => (of(colouring.codes, i) === n ? [i] : [])), label));
    });
    return node;
  };

  // What an item's colour says, in words: colour alone tells nobody anything.
  Lab.sayColour = function (value, { colour }, colouring, i) {
    const title = Lab.colourChoices(value).find((choice) => choice.name === colour)?.title;
    if (colouring.kind === "groups") return `${title}: ${colouring.labels[of(colouring.codes, i)]}`;
    return colouring.kind === "scale" ? `${title}: ${Lab.number(of(colouring.values, i), false)}` : "";
  };
})((window.Lab = window.Lab || {}));
