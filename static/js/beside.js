// The page with the call beside the panel: makes the call's frame, and takes it away at once when it must be gone.
import { mountCall } from "./call.js";
import { jitsi } from "./call_jitsi.js";
import { makeFrame } from "./frame.js";
import { panel, said, taps } from "./main.js";

const WIDE = "(min-width: 56.25em)";
const ANSWER_MS = 20000; // until the page in the frame has to have said something
const AGAIN_MS = 10000; // between two tries to come back by itself

const place = document.getElementById("beside");
const again = document.getElementById("beside-again");
let frame = null;
let silence = null;
let tried = -AGAIN_MS;
let over = false;

const call = jitsi(place.dataset.origin, place.dataset.caller, {
  answers: () => clearTimeout(silence),
  leaves: () => remove("left"),
  fails: comeBack,
});

function show() {
  if (frame || over) return;
  place.classList.add("shown");
  frame = makeFrame(place, place.dataset.origin, place.dataset.frame);
  call.attach(frame);
  silence = setTimeout(() => remove("away"), ANSWER_MS);
}

// With the frame go its voices, and the camera and microphone that it had.
function remove(why) {
  if (!frame) return;
  clearTimeout(silence);
  frame.remove();
  frame = null;
  call.detach();
  place.classList.remove("shown");
  if (why) say(why);
}

function say(why) {
  const words = document.getElementById("beside-words").content.querySelector(`[data-when="${why}"]`).textContent;
  document.getElementById("beside-now").textContent = words;
  document.getElementById("beside-why").hidden = true;
  again.hidden = false;
  said.say(words);
}

// Its way in has run out by the time a connection breaks for good: a new frame has a new one.
function comeBack() {
  remove(performance.now() - tried < AGAIN_MS ? "away" : "");
  if (performance.now() - tried < AGAIN_MS) return;
  tried = performance.now();
  setTimeout(show, 0);
}

function start() {
  mountCall(panel, taps, call);
  if (matchMedia(WIDE).matches) show();
  again.addEventListener("click", show);
  // Whoever looks over her shoulder must neither see nor hear it; once she is back she comes in again, muted.
  let hidden = false;
  document.getElementById("hide").addEventListener("click", () => {
    hidden = Boolean(frame);
    remove("");
  });
  document.addEventListener("aside-closed", () => hidden && show());
  ["left", "over"].forEach((name) => document.addEventListener(name, () => {
    over = true;
    remove("");
  }));
}

if (place.dataset.origin) start();
