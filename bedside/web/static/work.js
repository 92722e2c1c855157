/* Looks again every two seconds, and shows the page anew when the work is over. */
"use strict";
const work = document.getElementById("work");
const bar = work.querySelector("progress");
const percent = work.querySelector(".percent");
const status = work.querySelector("[role=status]");

const look = async () => {
  try {
    const job = await (await fetch("/api/work", { cache: "no-store" })).json();
    if (job.state !== "going on" || String(job.number) !== work.dataset.number) {
      location.reload();
      return;
    }
    const done = Math.floor(100 * job.progress);
    bar.value = done;
    percent.textContent = `${done}\u00a0%`;
    status.textContent = "";
  } catch {
    status.textContent = "bedside does not answer at this moment; this page goes on asking.";
  }
  setTimeout(look, 2000);
};
setTimeout(look, 1000);
