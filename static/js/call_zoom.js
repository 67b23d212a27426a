// Speaks with a Zoom call from inside the Zoom client: hands, people and rooms (the page's part is in call.js).
//
// Zoom lets nobody lower one other hand, so that is not tried. Whatever it says is a hint: it gives nobody any right.
import { openBridge } from "./zoom_bridge.js";
import { lookAtRooms } from "./zoom_spares.js";
import { makeRooms } from "./zoom_rooms.js";

const SECONDS = 1e11; // times below are in seconds, above in milliseconds

// ``mine`` is our own reference of whoever has this page open; ``settled`` is told what can be done now, and after changes.
export function zoomCall({ mine, wanted, pairOf, settled }) {
  const can = { lower: false, unmute: false, rooms: false };
  const names = new Map();
  const feedback = new Map();
  let bridge = null;
  let rooms = null;
  let report = null;
  let apart = false;
  let reading = Promise.resolve();

  const callerOf = (person) => (person === bridge.me ? mine : "");
  // All at once, however many events there were and in whatever order they came.
  const refresh = () => (reading = reading.then(read).catch(() => {}));

  async function read() {
    // In a room of the call Zoom shows those of the room alone: nobody has gone because of that.
    if (apart || !bridge.hosts || !bridge.has("getMeetingParticipants")) return;
    const { participants } = await bridge.ask("getMeetingParticipants");
    const { joined } = await lookAtRooms(bridge);
    const where = new Map();
    const note = (person, name, place) => names.set(person, name || "") && where.set(person, place);
    participants.forEach((one) => note(one.participantUUID, one.screenName, "call"));
    joined.forEach((one) => note(one.participantUUID, one.displayName, "room"));
    names.forEach((name, person) => {
      if (where.has(person)) report.here(person, callerOf(person), name, where.get(person));
      else if (names.delete(person)) report.gone(person);
    });
  }

  function raised({ participantUUID: person, feedback: kind, timestamp }) {
    if (typeof person !== "string" || !person) return;
    feedback.set(person, kind);
    if (kind !== "raiseHand") return;
    if (!names.has(person)) {
      names.set(person, "");
      report.here(person, callerOf(person), "", "call");
    }
    const at = Number(timestamp) || Date.now();
    report.hand(person, callerOf(person), at < SECONDS ? at * 1000 : at);
  }

  // It does not say what was taken away: where the last was no hand, a hand may still be up.
  function lowered({ participantUUID: person }) {
    const last = feedback.get(person);
    feedback.delete(person);
    if (typeof person === "string" && person && (!last || last === "raiseHand")) report.hand(person, callerOf(person), 0);
  }

  function settle() {
    const leads = bridge.inCall && bridge.hosts;
    can.unmute = leads && bridge.has("toggleParticipantMediaAudio");
    can.rooms = leads && bridge.has("getBreakoutRoomList", "openBreakoutRooms", "assignParticipantToBreakoutRoom");
    settled(bridge, can);
    refresh();
    if (report) report.changed();
  }

  async function start(reported) {
    bridge = await openBridge(settle);
    report = reported;
    rooms = makeRooms(bridge, { wanted, pairOf });
    const { meetingUUID, parentUUID } = await bridge.ask("getMeetingUUID").catch(() => ({}));
    apart = Boolean(parentUUID) && parentUUID !== meetingUUID;
    bridge.on("onFeedbackReaction", raised);
    bridge.on("onRemoveFeedbackReaction", lowered);
    bridge.on("onParticipantChange", refresh);
    bridge.on("onMeetingConfigChanged", refresh);
    bridge.on("onBreakoutRoomChange", ({ action }) => {
      apart = action === "join";
      refresh();
    });
    settle();
  }

  function unmute(person) {
    if (person !== bridge.me) bridge.ask("toggleParticipantMediaAudio", { participantUUIDs: [person], audio: true }).catch(() => {});
  }

  return {
    can,
    start,
    unmute,
    openRoom: (name) => rooms.open(name),
    move: (person, room) => rooms.move(person, room),
    bringBack: (person) => rooms.bringBack(person),
    closeRoom: (room) => rooms.close(room),
    keepOnly: (kept) => rooms.keepOnly(kept),
  };
}
