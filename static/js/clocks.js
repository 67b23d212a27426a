// Counts in the browser from the times in the page; the server never ticks.
const PLAIN = "/health/live";
let ahead = 0; // how far this phone's clock is ahead of the server's, in milliseconds
let asked = false;

export function startClocks(panel) {
  const tick = () => {
    const clocks = panel.querySelectorAll("[data-since], [data-until]");
    if (clocks.length) compare();
    clocks.forEach((clock) => show(clock, panel.dataset.minutes));
  };
  panel.addEventListener("drawn", tick);
  setInterval(tick, 1000);
  tick();
}

function show(clock, minutes) {
  const now = Date.now() - ahead;
  const { since, until, used, look } = clock.dataset;
  if (clock.localName !== "time") {
    // Something that can be done only for a while, such as undo.
    clock.hidden = now > Date.parse(until);
    return;
  }
  const passed = since ? now - Date.parse(since) : Date.parse(until) - now;
  const seconds = Math.max(0, Math.floor(passed / 1000)) + Number(used || 0);
  const words = look === "timer" ? timer(seconds) : minutes.replace("{n}", since ? Math.floor(seconds / 60) : Math.ceil(seconds / 60));
  if (clock.textContent !== words) clock.textContent = words;
}

function timer(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// Old phones' clocks can be minutes off: the Date of any answer of ours is good enough.
async function compare() {
  if (asked) return;
  asked = true;
  try {
    const response = await fetch(PLAIN, { cache: "no-store" });
    const date = Date.parse(response.headers.get("Date"));
    if (Math.abs(Date.now() - date) > 2000) ahead = Date.now() - date;
  } catch (lost) {
    asked = false;
  }
}
