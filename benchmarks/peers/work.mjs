// The work of one tap, as any program would do it: check the seat, apply the rule, make the new views.
const RULES = {
  request_turn: ["turn", true, 0],
  raise_break_signal: ["break", true, 1],
  open_ticket: ["ticket", true, 2],
  withdraw_turn: ["turn", false, 3],
  settle_break_signal: ["break", false, 4],
  withdraw_ticket: ["ticket", false, 5],
};
const LINES = { turn: "line", break: "signals", ticket: "tickets" };

export function sessionsOf({ people, shape }) {
  const sessions = new Map();
  for (const person of people) {
    if (!sessions.has(person.session)) {
      sessions.set(person.session, { id: person.session, revision: 0, line: [], signals: [], tickets: [], seats: [] });
    }
    const { seat: id, role, alias, member } = person;
    sessions.get(person.session).seats.push({ id, role, alias, member, number: 0, turn: false, break: false, ticket: false });
  }
  for (const session of sessions.values()) session.rest = "x".repeat(shape.document - JSON.stringify(session).length);
  return sessions;
}

// Changes the session and returns what to send: [seat, panel] for each seat whose view is another now.
export function applied(session, seat, name, shape) {
  const rule = RULES[name];
  if (!rule || seat.member < 0) return { refused: "not_yours_to_do" };
  const [what, on, step] = rule;
  if (seat[what] === on) return { refused: "not_a_choice" };
  const line = session[LINES[what]];
  seat[what] = on;
  if (on) line.push({ seat: seat.id, alias: seat.alias, since: new Date().toISOString() });
  else line.splice(line.findIndex((each) => each.seat === seat.id), 1);
  session.revision += 1;
  return { changes: shape.deliveries[step][seat.member].map(([at, bytes]) => view(session, session.seats[at], what, bytes)) };
}

function view(session, seat, what, bytes) {
  seat.number += 1;
  const shown = seat.role === "member" ? [] : session[LINES[what]];
  const { turn, break: signal, ticket } = seat;
  return [seat, filled({ number: seat.number, whole: false, views: { [what]: { turn, break: signal, ticket, shown: [...shown] } } }, bytes)];
}

export function whole(session, seat, shape) {
  const { turn, break: signal, ticket, number } = seat;
  const views = { room: { turn, break: signal, ticket }, line: session.line };
  return filled({ number, whole: true, views }, shape.whole[session.seats.indexOf(seat)]);
}

const filling = "x".repeat(1 << 17);

function filled(panel, bytes) {
  // About 150 bytes a person in a line are there already; the rest is as long as the companion's own view.
  const lists = Object.values(panel.views).reduce((sum, each) => sum + 150 * (each.shown || each).length || sum, 0);
  panel.views.rest = filling.slice(0, Math.max(0, bytes - 120 - lists));
  return panel;
}
