// A member's panel in words.

const STRENGTHS = {
  few_minutes: "I need a few minutes",
  check_on_me: "Please check on me",
  cannot_talk: "I can't talk freely",
};

/** The panel as lines that can be read aloud. */
export function inWords({ room, turn, help, one_to_one: oneToOne, break: signal }) {
  return [
    `${room.alias}: ${room.phase === "waiting" ? "in the waiting room" : `in the room (${room.phase})`}`,
    room.facilitators.length > 0 && `Hosting: ${room.facilitators.join(", ")}`,
    turn.in_room && `Speaking now: ${turn.speaking ? "you" : turn.speaker || "nobody"}`,
    turn.in_room && `Your place in the line: ${turn.place ?? "none"}`,
    signal.state && `Your signal “${STRENGTHS[signal.strength]}”: ${signal.state}`,
    oneToOne.in_room && `For one-to-ones: ${oneToOne.on_duty.map(({ alias }) => alias).join(", ") || "nobody just now"}`,
    `Your help ticket: ${help.state ? `${help.kind}, ${help.state}` : "none"}`,
  ].filter(Boolean);
}
