// Tonight: what the server drew and wrote first is kept up to date.
"use strict";
(() => {
  const SHOWN_S = 60, SLOT_S = 0.2, GAP_S = 0.6;
  const WIDTH = 320, FOOT = 64, BREATH_FOOT = 104, BREATH_HALF = 15; // as livestrip.py draws
  const LEAST_TOP_MG = 200, BREATH_LEAST_MG = 4, MOVING = 3;
  const SEND_S = 0.2; // a dragged slider tells where it is at most so often

  const page = document.getElementById("tonight");
  const part = id => document.getElementById(id);
  const swing = page.querySelector(".swing"), breath = page.querySelector(".breath");
  const chosen = page.dataset.chosen;
  let slots = [], seq = 0, board = "", quiet = 1, axis = 0;
  let clock = null; // the device's time at an answer, and ours
  let age = page.dataset.age === undefined ? null : Number(page.dataset.age);

  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };
  const item = (name, ...children) => {
    const node = document.createElement(name);
    node.append(...children);
    return node;
  };

  // ── the words ──

  function say(said) {
    page.dataset.state = said.state;
    if (part("head").textContent !== said.head) put(part("spoken"), said.head);
    put(part("head"), said.head);
    put(part("say"), said.say);
    put(part("room-says"), said.room);
    part("warnings").replaceChildren(...(said.warnings.length ? [warning(said.warnings)] : []));
    part("moves").replaceChildren(...(said.moves.length ? said.moves.map(
      ([at, what]) => item("li", item("b", at), ` ${what}`)) : [item("li", "Nothing yet.")]));
    light(said.light);
    Poll.colours(chosen, said.night);
  }

  function warning(sentences) {
    const node = item("div", item("strong", "Right now"), ...sentences.map(each => item("p", each)));
    node.className = "warning";
    node.setAttribute("role", "note");
    return node;
  }

  function light(told) {
    put(part("light-says"), told.says);
    const slider = part("level");
    if (Boolean(slider) !== told.settable) return location.reload();
    if (!slider) return;
    if (!held && next === null && !sending) { // the finger knows better
      slider.max = told.most;
      slider.value = told.level;
      put(part("level-now"), `${told.level} %`);
    }
    part("switch").value = told.on ? "off" : "on";
    put(part("switch"), told.on ? "Turn off" : "Turn on");
    part("auto").disabled = !told.held;
  }

  // ── the strip ──

  function draw(now) {
    slots = slots.filter(([t]) => t > now - SHOWN_S - SLOT_S);
    const place = t => (WIDTH * (1 - (now - t) / SHOWN_S)).toFixed(1);
    const top = Math.log(Math.max(LEAST_TOP_MG, 100 * quiet) / quiet);
    const height = mg => (FOOT - 8) * Math.min(1, Math.log(Math.max(mg, quiet) / quiet) / top);
    const middle = centre(), smooth = smoothed(axis);
    const scale = BREATH_HALF / Math.max(BREATH_LEAST_MG, 2.2 * spread(axis, middle));
    let area = "", line = "", before = -Infinity;
    for (const [at, slot] of slots.entries()) {
      const t = slot[0], right = place(t), broken = t - before > GAP_S;
      if (broken) area += `${area && `V${FOOT}Z`}M${place(t - SLOT_S)} ${FOOT}`;
      area += `V${(FOOT - height(slot[1])).toFixed(1)}H${right}`;
      const away = Math.max(-1, Math.min(1, scale * (smooth[at] - middle[axis]) / BREATH_HALF));
      line += `${broken ? "M" : "L"}${right} ${(BREATH_FOOT - BREATH_HALF - BREATH_HALF * away).toFixed(1)}`;
      before = t;
    }
    swing.setAttribute("d", area && `${area}V${FOOT}Z`);
    const felt = page.dataset.state !== "empty"; // what an empty bed does is only noise
    breath.setAttribute("d", felt ? line : "");
    page.querySelector(".breath-label").classList.toggle("hide", !felt);
  }

  // Breathing shows on the axis that swings most; the median, as a turn leaves another tilt.
  function centre() {
    const recent = slots.slice(-150), found = [0, 1, 2].map(each => {
      const sorted = recent.map(slot => slot[2 + each]).sort((a, b) => a - b);
      return sorted.length ? sorted[sorted.length >> 1] : 0;
    });
    const spreads = [0, 1, 2].map(each => spread(each, found));
    const best = spreads.indexOf(Math.max(...spreads));
    if (spreads[best] > 1.5 * spreads[axis]) axis = best;
    return found;
  }

  // Over a second: breathing is slow, and the noise of a cheap chip is not.
  function smoothed(each) {
    return slots.map((_, at) => {
      const near = slots.slice(Math.max(0, at - 2), at + 3);
      return near.reduce((sum, slot) => sum + slot[2 + each], 0) / near.length;
    });
  }

  function spread(each, middle) {
    const away = slots.slice(-150).map(slot => Math.abs(slot[2 + each] - middle[each])).sort((a, b) => a - b);
    return away.length ? away[Math.floor(away.length * 0.8)] : 0;
  }

  // As `loudest` and the table do on the server.
  function describe(now) {
    let best = null;
    for (const slot of slots) if (now - slot[0] <= SHOWN_S && (!best || slot[1] > best[1])) best = slot;
    put(part("summary"), !best ? "Nothing has been heard in the last minute." :
      best[1] < MOVING * quiet ? "Quiet for the last minute." :
      `Strongest in the last minute: ${best[1].toFixed(0)} mg, ${(now - best[0]).toFixed(0)} s ago.`);
    if (!part("table").closest("details").open) return;
    [...part("table").tBodies[0].rows].forEach((row, at) => {
      const within = slots.filter(([t]) => Math.floor((now - t) / 5) === at).map(slot => slot[1]);
      put(row.cells[1], within.length ? `${Math.max(...within).toFixed(0)} mg` : "no data");
    });
  }

  // ── what comes, and the time that passes ──

  function heard(answer) {
    if (answer.seq < seq) slots = []; // the device has started again
    if (answer.slots.length && slots.length && answer.slots[0][0] <= slots.at(-1)[0]) slots = [];
    seq = answer.seq;
    slots.push(...answer.slots);
    clock = { device: answer.t_s, ours: Poll.now() };
    age = answer.age_s;
    board = answer.board;
    quiet = Math.max(answer.quiet_mg, 0.1);
    if (answer.said) say(answer.said);
  }

  function tick(silent) {
    const old = age === null ? null : age + silent;
    put(part("age"), old === null ? "Nothing heard yet" : `Heard ${Poll.ago(old)}`);
    part("age").classList.toggle("old", old === null || old > 5);
    if (!clock) return;
    const now = clock.device + Poll.now() - clock.ours;
    draw(now);
    describe(now);
  }

  // ── the light ──

  let held = false, sent = 0, next = null, sending = false, timer = 0;

  async function order(form) {
    const response = await fetch("/api/light", {
      method: "POST", body: new URLSearchParams(form), headers: { "X-CSRF": page.dataset.csrf },
    });
    const answer = await response.json();
    put(part("answer"), response.ok ? "" : answer.error);
    return response.ok ? answer : null;
  }

  // The last place of the slider wins; those between are left out.
  async function flush() {
    clearTimeout(timer);
    if (next === null || sending) return;
    const wait = sent + SEND_S - Poll.now();
    if (wait > 0) { timer = setTimeout(flush, 1000 * wait); return; }
    const level = next;
    next = null;
    sending = true;
    sent = Poll.now();
    try {
      const answer = await order({ do: "set", level });
      if (answer && answer.granted < level) put(part("answer"), `${answer.granted} % is the most at this time.`);
    } catch {
      put(part("answer"), "The light could not be set: the device does not answer.");
    }
    sending = false;
    if (next !== null) flush();
    else board = ""; // ask for the words again
  }

  function listen() {
    const slider = part("level");
    if (!slider) return;
    slider.addEventListener("input", () => {
      held = true;
      next = Number(slider.value);
      put(part("level-now"), `${next} %`);
      flush();
    });
    slider.addEventListener("change", () => { held = false; });
    part("dimmer").addEventListener("submit", event => event.preventDefault());
    part("orders").addEventListener("submit", event => {
      event.preventDefault();
      order({ do: event.submitter.value }).catch(() =>
        put(part("answer"), "The light could not be set: the device does not answer."));
      board = "";
    });
  }

  listen();
  Poll.start({ address: () => `/api/live?since=${seq}&board=${board}`, heard, tick });
})();
