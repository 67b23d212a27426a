// A call on a Jitsi server in a frame beside the panel. Over its API nobody can lower another's hand, so that is not tried.
import { mountJitsiRooms } from "./jitsi_rooms.js";
import { knowPeople } from "./jitsi_people.js";
import { troublesOf } from "./jitsi_troubles.js";
import { openWire } from "./jitsi_wire.js";

const SETTLE_MS = 1000; // those who are there already are told one by one

export function jitsi(origin, caller, { answers, leaves, fails }) {
  const me = { id: "" };
  const can = { lower: false, unmute: false, rooms: false };
  let wire = null;
  let people = null;
  let report = null;
  let ready = null;
  let settling = null;
  let joined = false;
  const rooms = mountJitsiRooms(() => wire, () => people);

  const events = new Map(Object.entries(Object.assign({
    "video-conference-joined": ({ id, displayName }) => {
      me.id = id;
      joined = true;
      people.here(id, { caller, name: displayName });
      settling = setTimeout(settle, SETTLE_MS);
      ["connection", "microphone", "camera"].forEach(report.well);
    },
    // To a room of the call, to come back, or for good: whoever else is in it still is.
    "video-conference-left": () => {
      clearTimeout(settling);
      people.pause();
      joined = false;
      change();
    },
    "participant-joined": ({ id, displayName, userContext }) => people.here(id, { caller: (userContext || {}).id, name: displayName }),
    "participant-left": ({ id }) => people.gone(id),
    "display-name-change": ({ id, displayname }) => people.get(id) && people.here(id, { name: displayname }, people.get(id).where),
    "participant-role-changed": ({ id, role }) => {
      people.role(id, role); // her own may come before she is told to be in
      change();
    },
    "raise-hand-updated": ({ id, handRaised }) => people.hand(id, handRaised),
    "breakout-rooms-updated": ({ rooms: all }) => {
      people.roomsAre(all);
      report.changed();
    },
    "knocking-participant": ({ participant }) => participant && people.here(participant.id, { name: participant.name }, "waiting"),
    "video-ready-to-close": () => leaves(),
  }, troublesOf(() => report, fails))));

  // A page that has just come into the frame, for the first time or anew, says everything from the beginning.
  function met() {
    people.forget();
    joined = false;
    change();
    answers();
    ready();
  }

  async function settle() {
    const now = wire;
    const [all, info] = await Promise.all([now.ask("list-breakout-rooms"), now.ask("rooms-info")]);
    if (wire !== now || !joined) return;
    people.roomsAre(all);
    people.infoIs(info);
    rooms.supported = Boolean(all);
    people.tellAll();
    change();
  }

  function change() {
    can.unmute = joined && (people.get(me.id) || {}).role === "moderator";
    can.rooms = can.unmute && rooms.supported;
    report.changed();
  }

  const call = {
    can,
    start: (told) => new Promise((resolve) => {
      report = told;
      people = knowPeople(report);
      ready = resolve;
    }),
    attach(frame) {
      wire = openWire(frame, origin, { met, event: (name, data) => events.has(name) && events.get(name)(data) });
    },
    detach() {
      clearTimeout(settling);
      wire.close();
      people.forget();
      joined = false;
      change();
      if (me.id) report.gone(me.id);
    },
    lower: () => {},
    unmute: (person) => wire.say("ask-to-unmute", person),
  };
  return Object.assign(call, rooms.acts);
}
