// The guide for placing: every step as the server judges it, and the bar a fifth of a second
// at a time.
"use strict";
(() => {
  const SLOT_MS = 200, FULL = 320;
  const part = id => document.getElementById(id);
  const bar = part("bar"), steps = [...part("steps").children];
  const waiting = [];
  let seq = 0, step = "";

  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const words = { done: "Done.", now: "Now:", later: "Later." };

  function heard(answer) {
    seq = answer.seq;
    waiting.push(...answer.bars);
    waiting.splice(0, waiting.length - 5);
    answer.steps.forEach(([state, says], at) => {
      const node = steps[at];
      node.className = state;
      if (state === "now") node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
      put(node.querySelector(".hide"), words[state]);
      put(node.querySelector(".says"), says);
    });
    if (answer.step !== step) {
      step = answer.step;
      const now = steps.find(node => node.className === "now");
      now.scrollIntoView({ block: "nearest" });
      put(part("spoken"), `${now.querySelector("h2").textContent}. ${now.querySelector(".says").textContent}`);
    }
    Poll.colours(part("placing").dataset.chosen, answer.night);
  }

  setInterval(() => {
    if (document.hidden || !waiting.length) return;
    const share = waiting.shift();
    bar.setAttribute("width", FULL * share / 100);
    put(part("bar-says"), share ? `${share} of 100` : "quiet");
  }, SLOT_MS);

  Poll.start({ address: () => `/api/placing?since=${seq}`, heard, tick: () => {} });
})();
