// The panel inside Zoom: hands, people and rooms of the call around it, and sentences where Zoom does not let it.
import { mountCall } from "./call.js";
import { zoomCall } from "./call_zoom.js";
import { panel, said, taps } from "./main.js";

const notes = document.getElementById("in-zoom");
let able = null;

function region() {
  return panel.querySelector("[data-region=call]");
}

function pairs() {
  const shown = region();
  return shown ? [...shown.querySelectorAll("li[data-pair]")] : [];
}

// The connections of the two with whom somebody is out; nobody's where she is not.
function pairOf(person) {
  const found = pairs().map(({ dataset }) => `${dataset.one} ${dataset.other}`.split(" ").filter(Boolean));
  return found.find((people) => people.includes(person)) || [];
}

// Shown for as long as it is so, and said aloud as it comes up.
function say(name, told) {
  const note = notes.querySelector(`[data-note=${name}]`);
  if (told && note.hidden) said.say(note.querySelector(".state-line").textContent);
  note.hidden = !told;
}

function look() {
  if (!able) return;
  const waits = pairs().some(({ dataset }) => dataset.moved === "");
  say("guest", able.inCall && !able.hosts);
  say("by-hand", able.inCall && !able.rooms && waits && "moves" in region().dataset);
}

function settled({ inCall, hosts }, { rooms }) {
  able = { inCall, hosts, rooms };
  look();
}

if (panel && notes) {
  panel.addEventListener("drawn", look);
  const wanted = () => Number((region() || { dataset: {} }).dataset.spares) || 2;
  const call = zoomCall({ mine: notes.dataset.caller, wanted, pairOf, settled });
  mountCall(panel, taps, call).catch(() => {}); // a browser outside Zoom: nothing changes for her
}
