// What a meeting server says is taken for what it is: somebody else's text.
export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

// The objects in a list or under names, each with its name; anything else is left out.
export function named(things) {
  const found = things && typeof things === "object" ? Object.entries(things) : [];
  return found.filter(([, thing]) => isObject(thing));
}

export function all(things) {
  return named(things).map(([, thing]) => thing);
}

// Everybody in { id: { id, jid, name, isMainRoom, participants: { "room/number": { jid, displayName, userContext } } } }.
export function membersOf(rooms) {
  const inside = all(rooms).map(({ isMainRoom, participants }) => named(participants).map(([address, one]) => ({
    number: address.split("/").pop(),
    jid: one.jid,
    caller: (one.userContext || {}).id,
    name: one.displayName,
    where: isMainRoom ? "call" : "room",
  })));
  return [].concat(...inside);
}

export function text(value) {
  return typeof value === "string" ? value.slice(0, 64) : "";
}
