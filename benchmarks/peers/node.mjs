// Socket.IO on Node, doing the companion's work: node node.mjs WORK.json DATABASE PORT tap|group
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { openStore } from "./store.mjs";
import { applied, sessionsOf, whole } from "./work.mjs";

const MOST = 1000; // in ten seconds; counted as the companion does, but never met, so that few people can fill a server

const [, , file, database, port, commit] = process.argv;
const work = JSON.parse(readFileSync(file, "utf8"));
const sessions = sessionsOf(work);
const store = openStore(database, sessions, commit === "group");
const hashed = (token) => createHash("sha256").update(token).digest("hex");
const accesses = new Map(work.people.map((person) => [hashed(person.token), person]));
const connected = new Map(); // seat → its connections
const seats = new Map();
for (const session of sessions.values()) for (const seat of session.seats) seats.set(seat.id, seat);

const http = createServer((request, response) => response.end("ready"));
const origin = `http://127.0.0.1:${port}`;
const io = new Server(http, {
  transports: ["websocket"], pingInterval: 8000, pingTimeout: 8000, maxHttpBufferSize: 16384, serveClient: false,
  allowRequest: (request, decide) => decide(null, request.headers.origin === origin),
});

io.use((socket, next) => {
  const [, token] = /(?:^|; )id=([^;]+)/.exec(socket.handshake.headers.cookie || "") || [];
  const person = token && accesses.get(hashed(token));
  const key = String(socket.handshake.auth.key || "");
  if (!person || key.length !== person.key.length || !timingSafeEqual(Buffer.from(key), Buffer.from(person.key))) {
    return next(new Error("no_access"));
  }
  socket.data = { session: sessions.get(person.session), seat: seats.get(person.seat), taps: [] };
  return next();
});

io.on("connection", (socket) => {
  const { session, seat } = socket.data;
  const here = connected.get(seat.id) || new Set();
  connected.set(seat.id, here.add(socket));
  socket.on("disconnect", () => here.delete(socket));
  socket.on("whole", () => socket.emit("panel", whole(session, seat, work.shape)));
  socket.on("tap", (message, answer) => tap(socket.data, message, answer));
  socket.emit("panel", whole(session, seat, work.shape));
});

function tap({ session, seat, taps }, message, answer) {
  const now = Date.now();
  while (taps.length && now - taps[0] > 10000) taps.shift();
  if (taps.length >= MOST) return answer({ ok: false, code: "too_fast" });
  taps.push(now);
  if (!/^[A-Za-z0-9_.-]{8,80}$/.test(message?.id)) return answer({ ok: false, code: "malformed" });
  if (store.seen(session.id, seat.id, message.id)) return answer({ ok: true });
  const { refused, changes } = applied(session, seat, message.name, work.shape);
  if (refused) return answer({ ok: false, code: refused });
  return store.commit([session.id, session.revision, JSON.stringify(session), seat.id, message.id], () => {
    answer({ ok: true });
    for (const [one, panel] of changes) for (const each of connected.get(one.id) || []) each.emit("panel", panel);
  });
}

http.listen(Number(port), "127.0.0.1", 4096);
