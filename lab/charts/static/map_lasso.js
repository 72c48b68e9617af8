// A loop drawn over a plot with the pointer. While it is on, dragging draws and does not zoom.
(function (Lab) {
  "use strict";

  const NS = "http://www.w3.org/2000/svg";
  const SMALL = 4; // corners; fewer are a click

  // done(corners): in pixels of the holder.
  Lab.lasso = function (holder, done) {
    const sheet = holder.appendChild(document.createElementNS(NS, "svg"));
    const loop = sheet.appendChild(document.createElementNS(NS, "polygon"));
    let corners = null, drew = false;
    sheet.setAttribute("class", "lab-lasso");
    sheet.style.display = "none";

    const draw = () => loop.setAttribute("points", (corners || []).map((corner) => corner.join()).join(" "));
    const corner = (event) => {
      const box = holder.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    sheet.addEventListener("pointerdown", (event) => {
      corners = [corner(event)];
      sheet.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    sheet.addEventListener("pointermove", (event) => { if (corners) { corners.push(corner(event)); draw(); } });
    sheet.addEventListener("pointerup", () => end(true));
    sheet.addEventListener("pointercancel", () => end(false));
    // The click that ends a loop chooses no item.
    sheet.addEventListener("click", (event) => { if (drew) event.stopPropagation(); });

    function end(whole) {
      const drawn = corners;
      corners = null;
      draw();
      drew = Boolean(whole && drawn && drawn.length >= SMALL);
      if (drew) done(drawn);
    }
    return { set: (on) => { sheet.style.display = on ? "" : "none"; } };
  };
})((window.Lab = window.Lab || {}));
