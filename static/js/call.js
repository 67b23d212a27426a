// The page beside a call: what the platform reports becomes taps, and what the panel shows is done in the call.
//
// ``call`` speaks with one platform (call_jitsi.js): ``start(report)`` resolves once it talks to us; then ``can`` says
// what it is able to do. Of a report only here, gone, hand and trouble are needed; the others help where a platform knows.
import { mountNotes } from "./call_notes.js";
import { mountRooms } from "./call_rooms.js";

const TICKETS = { microphone: "cannot_be_heard", camera: "no_picture", connection: "frozen_or_slow" };

export function mountCall(panel, taps, call) {
  const notes = mountNotes(taps);
  const rooms = mountRooms(taps, call);
  const troubles = new Set();
  let started = false;
  let done = spoken(regionOf(panel)); // whoever speaks already has been asked to, by this page before or by another

  function look() {
    const region = regionOf(panel);
    if (!started || !region) return;
    giveTheWord(region);
    rooms.look(pairsOf(region), "moves" in region.dataset);
  }

  function giveTheWord(region) {
    if (spoken(region) === done || !region.dataset.speaking) return;
    done = spoken(region);
    const hands = [...region.querySelectorAll("li[data-person][data-hand]")].map((one) => one.dataset.person);
    wordsOf(region.dataset.speaking).forEach((person) => {
      if (call.can.lower && hands.includes(person)) call.lower(person);
      if (call.can.unmute) call.unmute(person);
    });
  }

  // Once a kind until it is well again; a ticket that she has of her own says more than a page can.
  function trouble(kind) {
    if (troubles.has(kind)) return;
    troubles.add(kind);
    if (!panel.querySelector(`[data-ticket-of="${panel.dataset.seat}"]`)) taps.quietly("open_ticket", { kind: TICKETS[kind] });
  }

  const report = {
    here: notes.here,
    gone: notes.gone,
    hand: notes.hand,
    trouble,
    well: (kind) => troubles.delete(kind),
    changed: look, // what it can do, or whom it can move
    // All who are in the call now, [{ person, caller, name, where, raised }]; nobody else is, of those it would know.
    everybody: (people, knows) => notes.everybody(people, shownIn(regionOf(panel)), knows),
  };

  panel.addEventListener("drawn", look);
  return call.start(report).then(() => {
    started = true;
    look();
  });
}

function regionOf(panel) {
  return panel.querySelector("[data-region=call]");
}

function spoken(region) {
  return region && region.dataset.speaking ? region.dataset.turn : "";
}

// Whom the panel shows in the call, each with whether her hand is up there.
function shownIn(region) {
  const rows = region ? [...region.querySelectorAll("li[data-person]")] : [];
  return new Map(rows.map((row) => [row.dataset.person, "hand" in row.dataset]));
}

function pairsOf(region) {
  return [...region.querySelectorAll("li[data-pair]")].map(({ dataset }) => ({
    request: dataset.pair,
    one: wordsOf(dataset.one),
    other: wordsOf(dataset.other),
    moved: dataset.moved,
  }));
}

function wordsOf(text) {
  return text.split(" ").filter(Boolean);
}
