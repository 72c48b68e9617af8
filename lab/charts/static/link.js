// What is chosen on one chart is shown on the others, wherever they stand on the page.
//   "keep": an item by its number;  "mark": { items, title }, a set of them
(function (Lab) {
  "use strict";

  Lab.tell = (name, detail) => document.dispatchEvent(new CustomEvent("lab-" + name, { detail }));

  // A chart that is no longer on the page hears nothing.
  Lab.hear = (root, name, then) =>
    document.addEventListener("lab-" + name, (event) => { if (root.isConnected) then(event.detail); });
})((window.Lab = window.Lab || {}));
