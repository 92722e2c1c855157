// Asks the device again and again: often while it answers, ever more seldom while it does not,
// and not at all while nobody looks.
"use strict";
const Poll = (() => {
  const SLOWEST_S = 15;
  const PATIENCE_S = 4; // an answer that takes longer counts as none
  const SILENT_S = 3; // from here on it is told in big words

  const ago = s => s < 2 ? "a moment ago" : s < 120 ? `${Math.floor(s)} s ago` :
    s < 7200 ? `${Math.floor(s / 60)} min ago` : `${Math.floor(s / 3600)} h ago`;
  const long = s => s < 120 ? `${Math.floor(s)} s` : s < 7200 ? `${Math.floor(s / 60)} min` :
    `${Math.floor(s / 3600)} h`;
  const now = () => performance.now() / 1000;

  // address() gives where to ask; heard(answer) takes what came; tick(s since the last answer)
  // is called four times a second, whether or not anything came.
  function start({ address, heard, tick }) {
    const lost = document.getElementById("lost"), lostFor = document.getElementById("lost-for");
    let last = now(), failures = 0, waiting = 0, asking = null;

    const later = s => { clearTimeout(waiting); waiting = setTimeout(ask, 1000 * s); };
    async function ask() {
      if (document.hidden || asking) return;
      const mine = asking = new AbortController();
      const patience = setTimeout(() => mine.abort(), 1000 * PATIENCE_S);
      let again = 1;
      try {
        const response = await fetch(address(), { signal: mine.signal, cache: "no-store" });
        if (response.status === 401 || response.redirected) return location.reload();
        if (!response.ok) throw new Error(response.status);
        const answer = await response.json();
        last = now();
        failures = 0;
        again = answer.again_s;
        heard(answer);
      } catch {
        failures += 1;
        again = Math.min(SLOWEST_S, 0.5 * 2 ** failures);
      } finally {
        clearTimeout(patience);
        asking = null;
      }
      later(again);
    }

    function look() {
      const silent = now() - last;
      const told = silent > SILENT_S;
      if (lost.hidden === told) lost.hidden = !told;
      if (told) lostFor.textContent = `for ${long(silent)} now.`;
      document.body.classList.toggle("stale", told);
      tick(silent);
    }

    setInterval(() => document.hidden || look(), 250);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        clearTimeout(waiting);
        if (asking) asking.abort();
      } else {
        look();
        failures = 0;
        later(0);
      }
    });
    addEventListener("online", () => later(0));
    ask();
  }

  // By night the page turns red by itself, and back in the morning.
  function colours(chosen, night) {
    if (chosen !== "auto") return;
    if (night) document.documentElement.dataset.theme = "night";
    else delete document.documentElement.dataset.theme;
  }

  return { start, ago, colours, now };
})();
