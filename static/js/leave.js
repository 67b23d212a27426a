// Leave quickly: cover, tell the server without waiting, and go to an ordinary page in the place of this one.
import { blank } from "./cover.js";

const THRICE_MS = 5000;

export function mountLeave() {
  const button = document.getElementById("leave");
  if (!button) return () => {};

  function leave() {
    blank();
    // The page lives on until the other one answers: nothing on it may say, or go anywhere, any more.
    document.documentElement.classList.add("left");
    document.dispatchEvent(new CustomEvent("left"));
    if (window.speechSynthesis) speechSynthesis.cancel();
    // The mark counts where the message below gets lost: with it this browser opens nothing any more.
    if (location.protocol === "https:") document.cookie = "__Host-out=1; path=/; max-age=43200; Secure; SameSite=Lax";
    else document.cookie = "out=1; path=/; max-age=43200; SameSite=Lax";
    tell();
    location.replace(button.dataset.to);
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  listenForShift(button, leave);
  return leave;
}

// It outlives the page, and nobody waits for its answer. Old phones know no keepalive.
function tell() {
  if ("keepalive" in Request.prototype) fetch("/leave", { method: "POST", keepalive: true, credentials: "same-origin" }).catch(() => {});
  else if (navigator.sendBeacon) navigator.sendBeacon("/leave");
}

// Shift three times within five seconds; any other key in between belongs to something else. Never Escape: screen
// readers and dialogs use it.
function listenForShift(button, leave) {
  let presses = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") return (presses = []);
    if (event.repeat) return undefined;
    const now = performance.now();
    presses = [...presses.filter((at) => now - at < THRICE_MS), now];
    if (presses.length >= 3) return leave();
    announce(presses.length === 1 ? button.dataset.twice : button.dataset.once);
    return undefined;
  }, true);
}

// A person who types capitals does not need to hear of it each time: it is for the ear alone.
function announce(words) {
  const place = document.getElementById("said");
  place.classList.add("unseen");
  place.textContent = words;
}
