// The first visit's guide: the way through the page in a few steps, each of which shows its place.
(function (Lab) {
  "use strict";

  const KEPT = "lab-guide-closed"; // in this browser only
  const NARROW = 640; // pixels: there the page itself comes first, and the guide when it is asked for
  const SHOWN = 1600; // ms that a place stays outlined

  const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
  const keep = (value) => { try { localStorage.setItem(KEPT, value); } catch { /* a private window keeps nothing */ } };

  // A place in a folded sidebar or another tab is opened first.
  function show(step) {
    if (step.tab) [...document.querySelectorAll("#tabs [role=tab]")].find((tab) => tab.textContent.trim() === step.tab)?.click();
    const sidebar = document.querySelector("#sidebar");
    const place = document.querySelector(step.place);
    if (!place) return;
    if (sidebar?.contains(place) && !sidebar.classList.contains("open")) sidebar.querySelector(".toggle-button")?.click();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    place.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    place.classList.add("lab-shown");
    setTimeout(() => place.classList.remove("lab-shown"), SHOWN);
  }

  // Value: {"title", "open", "close", "steps": [{"text", "place": selector, "tab": its name or null}]}.
  Lab.guide = function (root) {
    let value = null;

    function draw(open) {
      Lab.clear(root);
      const button = Lab.el("button", "lab-guide-toggle", open ? "×" : value.open);
      button.type = "button";
      button.setAttribute("aria-expanded", String(open));
      if (open) button.setAttribute("aria-label", value.close);
      button.addEventListener("click", () => { keep(open ? "yes" : ""); draw(!open); root.querySelector("button").focus(); });
      if (!open) return void root.appendChild(button);
      const box = root.appendChild(Lab.el("section", "lab-guide"));
      const head = box.appendChild(Lab.el("div", "lab-guide-head"));
      head.append(Lab.el("b", "", value.title), button);
      const list = box.appendChild(Lab.el("ol"));
      for (const step of value.steps) {
        const link = list.appendChild(Lab.el("li")).appendChild(Lab.el("button", "lab-guide-step", step.text));
        link.type = "button";
        link.addEventListener("click", () => show(step));
      }
    }

    function update(next) {
      value = next;
      if (!value) return Lab.clear(root);
      draw(!kept() && window.innerWidth > NARROW);
    }
    return { update };
  };
})((window.Lab = window.Lab || {}));
