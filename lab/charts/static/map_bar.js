// The bar above the maps: which layout, which colours, and what they mean.
(function (Lab) {
  "use strict";

  const METHODS = ["pca", "umap"];

  Lab.mapBar = function (on) {
    const node = Lab.el("div", "lab-bar"), toggle = node.appendChild(Lab.el("span", "lab-toggle"));
    toggle.setAttribute("role", "group");
    const buttons = METHODS.map((name) => {
      const button = toggle.appendChild(Lab.el("button"));
      button.type = "button";
      button.dataset.method = name;
      button.addEventListener("click", () => on.method(name));
      return button;
    });
    const waits = node.appendChild(Lab.el("span", "lab-faint"));
    const field = node.appendChild(Lab.el("label", "lab-field")), title = field.appendChild(Lab.el("span"));
    const select = field.appendChild(Lab.el("select")), legend = node.appendChild(Lab.el("span", "lab-legend"));
    select.addEventListener("change", () => on.colour(select.value));

    function update(value, state, colouring) {
      const w = value.words, awaited = value.awaited || [];
      for (const button of buttons) {
        const name = button.dataset.method, there = name in value.maps;
        button.textContent = w[name];
        button.hidden = !there && !awaited.includes(name);
        button.disabled = !there;
        button.setAttribute("aria-pressed", String(name === state.method));
      }
      toggle.hidden = buttons.filter((button) => !button.hidden).length < 2;
      waits.textContent = awaited.includes("umap") && !("umap" in value.maps) ? w.umap_waits : "";
      waits.hidden = !waits.textContent;
      title.textContent = w.colour;
      fillChoices(Lab.colourChoices(value), state.colour);
      Lab.mapLegend(legend, value, colouring, on.mark);
    }

    // Options stay while the choices do: the one in use keeps the focus.
    function fillChoices(choices, chosen) {
      field.hidden = choices.length < 2;
      const key = choices.map((choice) => choice.name + choice.title).join("\n");
      if (select.dataset.key !== key) {
        Lab.clear(select).append(...choices.map(({ name, title }) => new Option(title, name)));
        select.dataset.key = key;
      }
      select.value = chosen;
    }
    return { node, update };
  };
})((window.Lab = window.Lab || {}));
