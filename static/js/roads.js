// The two roads of a tap: over the socket, and as a plain form where no socket gets through.
import { post } from "./plain.js";

const ANSWER_MS = 8000;

// A tap that once left by one road keeps to it: each road tells its own repeats apart. Null while there is none.
export function roadOf(tap, socket, link) {
  const road = tap.road || (socket.connected ? "socket" : link.blocked ? "plain" : null);
  return road === "socket" && !socket.connected ? null : road;
}

// What the server answers; null where nothing came back.
export function send(tap, panel, socket) {
  if (tap.road === "plain") return post(panel, tap);
  const { id, name, fields } = tap;
  return new Promise((answered) => {
    socket.timeout(ANSWER_MS).emit("tap", { id, name, fields }, (error, answer) => answered(error ? null : answer));
  });
}

export function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
