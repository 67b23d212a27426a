// Breakout rooms of a Jitsi call, made and left by a moderator's page. Everybody in the call can see who is in which.
const PATIENCE_MS = 12000;
const LOOK_MS = 250;
const OURS = /^Room [0-9a-z]{7}$/;

export function mountJitsiRooms(wire, people) {
  const all = () => people().rooms();
  const main = () => all().find((room) => room.isMainRoom);
  const find = (id) => all().find((room) => room.id === id);
  // Two pages that were as quick as one another have made two of one name: both take the same of them.
  const called = (name) => all().filter((room) => !room.isMainRoom && room.name === name).sort((a, b) => (a.id < b.id ? -1 : 1))[0];

  async function openRoom(name) {
    if (!called(name)) wire().say("add-breakout-room", name);
    return (await until(() => called(name))) ? called(name).id : null;
  }

  async function move(person, id) {
    if (!send(person, id)) return false;
    return until(() => isIn(person, id));
  }

  function bringBack(person, id) {
    const home = main();
    if (home && isIn(person, id)) send(person, home.id);
  }

  async function closeRoom(id) {
    const room = find(id);
    if (!room) return;
    const empty = () => !find(id) || !Object.keys(find(id).participants || {}).length;
    if (!(await until(empty)) && wire()) wire().say("close-breakout-room", id);
    if (await until(empty) && find(id) && wire()) wire().say("remove-breakout-room", room.jid);
  }

  function keepOnly(names) {
    all().filter((room) => OURS.test(room.name) && !names.includes(room.name)).forEach((room) => closeRoom(room.id));
  }

  // By her connection, which is known of somebody in another room as well.
  function send(person, id) {
    const one = people().get(person);
    if (!one || !wire()) return false;
    if (!isIn(person, id)) wire().say("send-participant-to-room", one.jid || person, id);
    return true;
  }

  function isIn(person, id) {
    const { jid } = people().get(person) || {};
    const inside = (find(id) || {}).participants || {};
    return Object.entries(inside).some(([address, one]) => address.split("/").pop() === person || (jid && one.jid === jid));
  }

  return { supported: false, acts: { openRoom, move, bringBack, closeRoom, keepOnly } };
}

async function until(holds) {
  const last = performance.now() + PATIENCE_MS;
  while (!holds() && performance.now() < last) await new Promise((later) => setTimeout(later, LOOK_MS));
  return Boolean(holds());
}
