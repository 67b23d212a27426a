// Who is in a Jitsi call, in its main room and in its breakout rooms, pieced together from what its page tells.
import { all, isObject, membersOf, text } from "./jitsi_read.js";

const BACK_MS = 3000; // who goes from one room to another is out of both for a moment
const WAITS_MS = 180000; // nobody tells when somebody has stopped to wait outside

export function knowPeople(report) {
  const people = new Map(); // person → { person, caller, name, where, raised, jid }
  let rooms = {};
  let telling = false;

  function here(person, { caller, name }, where = "call") {
    if (typeof person !== "string" || !person || person.length > 64) return;
    const one = known(person);
    clearTimeout(one.going);
    Object.assign(one, { caller: text(caller) || one.caller, name: text(name) || one.name, where });
    if (where === "waiting") gone(person, WAITS_MS);
    else people.forEach((other) => other.where === "waiting" && other.name === one.name && gone(other.person, 0));
    if (!telling) return;
    report.here(person, one.caller, one.name, where);
    if (one.raised && !one.toldHand) report.hand(person, one.caller, one.raised);
    one.toldHand = Boolean(one.raised);
  }

  function gone(person, after = BACK_MS) {
    const one = people.get(person);
    if (!one) return;
    clearTimeout(one.going);
    one.going = setTimeout(() => {
      people.delete(person);
      if (telling) report.gone(person);
    }, after);
  }

  // Older releases say yes or no, newer ones since when.
  function hand(person, raised) {
    if (typeof person !== "string") return;
    const one = known(person);
    one.raised = raised === true ? one.raised || Date.now() : Math.max(0, Math.floor(Number(raised) || 0));
    one.toldHand = telling && Boolean(one.where);
    if (one.toldHand) report.hand(person, one.caller, one.raised);
  }

  function roomsAre(fresh) {
    if (!isObject(fresh)) return;
    rooms = fresh;
    const seen = new Set();
    membersOf(rooms).forEach(({ number, jid, caller, name, where }) => {
      const person = personAt(number, jid);
      seen.add(person);
      here(person, { caller, name }, where);
      known(person).jid = jid;
    });
    // Where there are rooms, they hold everybody.
    if (seen.size) people.forEach((one, person) => one.where && one.where !== "waiting" && !seen.has(person) && gone(person));
  }

  // What newer releases know besides: the references, and who leads.
  function infoIs(info) {
    all((info || {}).rooms).forEach((room) => all(room.participants).forEach(({ id, displayName, userContext, role }) => {
      if (people.has(id) && isObject(userContext)) here(id, { caller: userContext.id, name: displayName }, people.get(id).where);
      if (people.has(id) && role) people.get(id).role = role;
    }));
  }

  // Whoever changes rooms may get another number there; her connection stays the same.
  function personAt(number, jid) {
    const before = people.has(number) ? null : [...people.values()].find((one) => jid && one.jid === jid);
    return before ? before.person : number;
  }

  const role = (person, is) => typeof person === "string" && Object.assign(known(person), { role: is });

  function known(person) {
    if (!people.has(person)) people.set(person, { person, caller: "", name: "", where: "", raised: 0, jid: "" });
    return people.get(person);
  }

  function forget() {
    telling = false;
    people.forEach((one) => clearTimeout(one.going));
    people.clear();
    rooms = {};
  }

  // While she herself is out of the call, nobody else has gone because of it.
  function pause() {
    telling = false;
  }

  function tellAll() {
    telling = true;
    people.forEach((one) => (one.toldHand = Boolean(one.raised)));
    report.everybody([...people.values()].filter((one) => one.where), (person) => /^[0-9a-f]{8}$/.test(person));
  }

  return { here, gone, hand, role, roomsAre, infoIs, pause, forget, tellAll, get: (person) => people.get(person), rooms: () => all(rooms) };
}
