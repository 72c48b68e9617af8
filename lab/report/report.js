// Draws the report's charts from the data inside the page; the theme follows the system's.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.body.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", follow);
  follow();
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const name of Object.keys(data)) {
    window.Lab[name](document.getElementById(name)).update(data[name]);
  }
})();
