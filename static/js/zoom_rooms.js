// Takes pairs into quiet rooms of a Zoom call, and back. A room is given to a pair only where it is known to be empty.
import { lookAtRooms, openRooms } from "./zoom_spares.js";

// ``pairOf`` gives the connections of the two with whom somebody may be in a room; ``wanted`` how many rooms to make.
export function makeRooms(bridge, { wanted, pairOf }) {
  const taken = new Map(); // what the page calls a room → Zoom's own id
  let turn = Promise.resolve();

  const inTurn = (act) => (turn = turn.then(act).catch(() => null));

  // Nobody can be sent anywhere but by somebody else, and so she goes herself.
  function put(person, uuid) {
    if (person === bridge.me) return bridge.ask("changeBreakoutRoom", uuid ? { action: "join", uuid } : { action: "leave" });
    const participantUUID = person;
    return bridge.ask("assignParticipantToBreakoutRoom", uuid ? { uuid, participantUUID } : { participantUUID });
  }

  function alone(room, person) {
    return room.people.every((one) => pairOf(person).includes(one));
  }

  // The room in which the two are already, after a page was loaded anew; or one that nobody is in.
  function choose({ quiet, open, known }, person) {
    if (!open || !known) return null;
    const held = [...taken.values()];
    const begun = quiet.find((room) => room.people.length && alone(room, person));
    return begun || quiet.find((room) => !room.people.length && !held.includes(room.id)) || null;
  }

  async function take(person, name) {
    const now = await lookAtRooms(bridge);
    if (!taken.has(name)) {
      const room = choose(now, person);
      if (!room) return false;
      taken.set(name, room.id);
    }
    const id = taken.get(name);
    const there = now.quiet.find((room) => room.id === id);
    if (!there || !there.people.includes(person)) await put(person, id);
    // Another page may have chosen the same room at the same moment: then neither pair has it.
    const after = (await lookAtRooms(bridge)).quiet.find((room) => room.id === id);
    if (after && alone(after, person)) return true;
    await put(person, "");
    return false;
  }

  // Whoever is in a quiet room of no pair was left there by a page that is gone.
  async function keepOnly(names) {
    [...taken.keys()].forEach((name) => names.includes(name) || taken.delete(name));
    const held = [...taken.values()];
    const { quiet } = await lookAtRooms(bridge);
    const left = quiet.filter((room) => !held.includes(room.id) && room.people.every((one) => !pairOf(one).length));
    for (const room of left) for (const person of room.people) await put(person, "").catch(() => {});
  }

  return {
    open: (name) =>
      inTurn(async () => {
        const { quiet, open, known } = await openRooms(bridge, wanted());
        return quiet.length && open && known ? name : null;
      }),
    move: (person, name) => inTurn(() => take(person, name)).then((moved) => moved === true),
    bringBack: (person) => inTurn(() => put(person, "")),
    close: (name) => inTurn(() => taken.delete(name)),
    keepOnly: (names) => inTurn(() => keepOnly(names)),
  };
}
