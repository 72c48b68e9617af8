// Where a query is put: a text, an image read in the browser, a side to search, and suggestions.
(function (Lab) {
  "use strict";

  const FORMATS = "image/png,image/jpeg,image/webp,image/gif,image/bmp";
  let forms = 0; // so that each field's label finds its own field

  Lab.explorerForm = function (form, ask) {
    const w = form.words, node = Lab.el("div", "lab-search"), id = `lab-query-${(forms += 1)}`;
    const words = node.appendChild(Lab.el("form", "lab-search-line"));
    const label = words.appendChild(Lab.el("label", "lab-search-label", form.takes_images ? w.label_image : w.label));
    const box = words.appendChild(Lab.el("input", "lab-input"));
    box.type = "search";
    box.id = label.htmlFor = id;
    box.maxLength = form.characters;
    box.placeholder = w.placeholder;
    words.appendChild(button(w.search, "lab-button lab-button-main")).type = "submit";
    // Of two sides of text the last one searched is kept; an image looks for texts, a text for images.
    let gallery = null, last = null;
    words.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim()) put({ text: box.value }, form.takes_images ? "a" : gallery);
    });

    function put(query, side) {
      last = query;
      if (!query.text) box.value = "";
      ask(side ? { ...query, gallery: side } : query);
    }

    const bar = node.appendChild(Lab.el("div", "lab-bar"));
    const problem = node.appendChild(Lab.el("p", "lab-note lab-note-error"));
    problem.hidden = true;
    if (form.takes_images) bar.appendChild(picker());
    const toggle = sides();
    node.appendChild(suggestions());
    const hint = node.appendChild(Lab.el("small", "", w.private));
    if (!form.takes_images) hint.textContent = `${w.sides_hint} ${w.private}`;

    function picker() {
      const field = Lab.el("label", "lab-button lab-drop", w.image), input = field.appendChild(Lab.el("input"));
      input.type = "file";
      input.accept = FORMATS;
      input.addEventListener("change", () => { read(input.files[0]); input.value = ""; });
      for (const name of ["dragover", "dragleave", "drop"]) {
        node.addEventListener(name, (event) => {
          event.preventDefault();
          node.classList.toggle("lab-dragged", name === "dragover");
          if (name === "drop") read(event.dataTransfer.files[0]);
        });
      }
      return field;
    }

    // Read here and sent with the query: no file of it is made anywhere.
    function read(file) {
      if (!file) return;
      const large = file.size > form.bytes, reader = new FileReader();
      complain(large ? Lab.fill(w.large, { limit: Math.floor(form.bytes / 2 ** 20) }) : "");
      if (large) return;
      reader.onload = () => put({ image: reader.result, name: file.name }, "b");
      reader.onerror = () => complain(w.failed);
      reader.readAsDataURL(file);
    }

    function complain(text) {
      problem.textContent = text;
      problem.hidden = !text;
    }

    function sides() {
      const field = bar.appendChild(Lab.el("span", "lab-field")), group = Lab.el("span", "lab-toggle");
      field.append(Lab.el("span", "", w.among), group);
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", w.among);
      const buttons = ["a", "b"].map((side) => {
        const one = group.appendChild(button(form.sides[side], ""));
        one.addEventListener("click", () => {
          gallery = side;
          among(side);
          if (last) put(last, side);
        });
        return [side, one];
      });
      return buttons;
    }

    function among(side) {
      gallery = side;
      for (const [name, one] of toggle) one.setAttribute("aria-pressed", String(name === side));
    }

    function suggestions() {
      const part = Lab.el("div", "lab-suggestions"), list = Lab.el("div", "lab-bar");
      part.append(Lab.el("small", "", w.examples), list);
      for (const { row, side, text } of form.examples) {
        const one = list.appendChild(button(text, "lab-button lab-cut"));
        one.title = text;
        one.addEventListener("click", () => put({ row, side }, side === "a" ? "b" : "a"));
      }
      return part;
    }

    function button(text, kind) {
      const one = Lab.el("button", kind, text);
      one.type = "button";
      return one;
    }

    return { node, among, write: (text) => { box.value = text; } };
  };
})((window.Lab = window.Lab || {}));
