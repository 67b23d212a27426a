// One-to-ones in rooms of the call. The server is asked first, so that one page alone takes a pair there and back.
// Whatever fails here, the two have a private room of their own to meet in.
const AFTERWARDS_MS = 10000; // for the page that took them there to bring them back

export function mountRooms(taps, call) {
  const asked = new Set();
  const held = new Map(); // request → { room, a promise of its id or null; pair; moved, the sides that were taken there }
  let names = null;
  let latest = [];

  function look(pairs, moves) {
    if (!call.can.rooms) return;
    if (!names) tidy(pairs); // what was left by a page that is gone
    pairs.forEach((pair) => {
      if (pair.moved === "mine") hold(pair);
      else if (pair.moved === "" && moves && pair.one.length && pair.other.length) ask(pair.request);
    });
    held.forEach((one, request) => {
      if (!pairs.some((pair) => pair.request === request && pair.moved === "mine")) release(request, one);
    });
    const over = (names || []).some((name) => !pairs.map(nameOf).includes(name));
    names = pairs.map(nameOf);
    latest = pairs;
    if (over) setTimeout(() => tidy(latest), AFTERWARDS_MS);
  }

  function tidy(pairs) {
    if (call.can.rooms && call.keepOnly) call.keepOnly(pairs.map(nameOf));
  }

  function ask(request) {
    if (asked.has(request)) return;
    asked.add(request);
    taps.quietly("move_into_room", { request });
  }

  async function hold(pair) {
    const { request } = pair;
    if (!held.has(request)) held.set(request, { room: call.openRoom(nameOf(pair)), moved: [] });
    const one = held.get(request);
    one.pair = pair;
    const room = await one.room;
    if (held.get(request) !== one) return;
    if (!room) return giveUp(request);
    ["one", "other"].forEach((side) => {
      // Once: whoever goes back by herself is not fetched again.
      if (one.moved.includes(side) || !one.pair[side].length) return;
      one.moved.push(side);
      one.pair[side].forEach(async (person) => {
        if ((await call.move(person, room)) === false && held.get(request) === one) giveUp(request);
      });
    });
  }

  function giveUp(request) {
    held.delete(request);
    taps.quietly("give_up_room", { request });
  }

  async function release(request, one) {
    held.delete(request);
    const room = await one.room;
    if (!room) return;
    [...one.pair.one, ...one.pair.other].forEach((person) => call.bringBack(person, room));
    call.closeRoom(room);
  }

  return { look };
}

// Everybody in the call may read it: it says nothing of whom, and the same page finds its room again by it.
function nameOf({ request }) {
  let hash = 2166136261;
  for (const letter of request) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
  return `Room ${hash.toString(36).padStart(7, "0")}`;
}
