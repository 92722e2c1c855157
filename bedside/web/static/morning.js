// A swipe to the side leads to the night before or after, as the links in the head do.
"use strict";
(() => {
  const FAR = 72; // pixels a finger has to go
  const EDGE = 24; // where the browser's own gesture begins
  const main = document.querySelector("main");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const target = dx => document.querySelector(dx > 0 ? "a[rel=prev]" : "a[rel=next]");
  let from = null;

  const lean = dx => { main.style.transform = dx && !still.matches ? `translateX(${dx}px)` : ""; };
  const stop = () => { from = null; lean(0); };
  // What scrolls sideways itself keeps its swipe, as does a page that has been zoomed into.
  const taken = start =>
    start.target.closest(".scroll, input, select, textarea") ||
    start.clientX < EDGE || start.clientX > innerWidth - EDGE ||
    (visualViewport && visualViewport.scale > 1.01);

  addEventListener("touchstart", event => {
    const first = event.touches[0];
    from = event.touches.length > 1 || taken(first) ? null : { x: first.clientX, y: first.clientY };
    if (!from) lean(0);
  }, { passive: true });

  addEventListener("touchmove", event => {
    if (!from) return;
    const dx = event.touches[0].clientX - from.x, dy = event.touches[0].clientY - from.y;
    if (!from.sideways && Math.hypot(dx, dy) > 12) {
      if (Math.abs(dx) < 2 * Math.abs(dy)) return stop(); // they scroll
      from.sideways = true;
    }
    if (from.sideways) lean(dx / (target(dx) ? 4 : 16));
  }, { passive: true });

  addEventListener("touchend", event => {
    if (!from) return;
    const dx = event.changedTouches[0].clientX - from.x, sideways = from.sideways;
    stop();
    const link = target(dx);
    if (sideways && Math.abs(dx) > FAR && link && !String(getSelection())) link.click();
  }, { passive: true });

  addEventListener("touchcancel", stop, { passive: true });
})();
