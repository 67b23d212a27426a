// What is known of the people in a call, told to the server piece by piece: of each person only how things stand now,
// so that nothing is doubled, and nothing is lost that came while there was no connection.
export function mountNotes(taps) {
  const people = new Map();
  let busy = false;

  function here(person, caller, name, where) {
    Object.assign(known(person), { caller, name: (name || "").slice(0, 60), where });
    next();
  }

  function gone(person) {
    if (!people.has(person)) return;
    Object.assign(people.get(person), { where: "gone", raised: 0 });
    next();
  }

  function hand(person, caller, raised) {
    const one = known(person);
    // A page that was loaded anew does not know that a hand was up: the first word of one is told whatever it is.
    if (!one.heard && !raised) one.told.raised = -1;
    Object.assign(one, { caller: caller || one.caller, raised, heard: true });
    next();
  }

  // Told again from the beginning, as after each coming into the call. ``shown`` is what stands on the panel.
  function everybody(all, shown, knows = () => false) {
    const before = [...people.keys(), ...shown.keys()].filter((person) => people.has(person) || knows(person));
    people.clear();
    before.forEach((person) => (people.get(person) || known(person)).where = "gone");
    all.forEach(({ person, caller, name, where, raised }) => {
      people.set(person, { person, caller, name: (name || "").slice(0, 60), where, raised, told: {} });
    });
    // A hand that the panel shows and the call does not know of went down unseen.
    people.forEach((one) => (one.told.raised = shown.get(one.person) && !one.raised ? -1 : 0));
    next();
  }

  function known(person) {
    if (!people.has(person)) people.set(person, { person, caller: "", name: "", where: "", raised: 0, told: { raised: 0 } });
    return people.get(person);
  }

  function next() {
    const note = busy ? null : first(people);
    if (!note) return;
    busy = true;
    const { one, name, fields, told } = note;
    // A no is an answer as well: what the server does not want to know is not told again.
    taps.quietly(name, fields).then(() => {
      busy = false;
      if (people.get(one.person) === one) Object.assign(one.told, told);
      next();
    });
  }

  return { here, gone, hand, everybody };
}

// Hands first, since somebody waits; who she is goes before her hand.
function first(people) {
  const all = [...people.values()].filter((one) => one.where);
  const raised = all.find((one) => one.raised !== one.told.raised && one.where !== "gone");
  if (raised) return isTold(raised) ? handOf(raised) : placeOf(raised);
  const moved = all.find((one) => !isTold(one));
  return moved ? placeOf(moved) : null;
}

function isTold({ told, where, caller, name }) {
  return told.where === where && told.caller === caller && told.name === name;
}

function placeOf(one) {
  const { person, where, caller, name } = one;
  return { one, name: "note_caller", fields: { person, where, caller, name }, told: { where, caller, name } };
}

function handOf(one) {
  const { person, caller, raised } = one;
  return { one, name: "note_hand", fields: { person, caller, raised }, told: { raised } };
}
