// The Zoom client around this page: asked for what it lets us do, and asked again whenever her part in the call changes.
import { default as zoom } from "../vendor/zoom-appssdk/zoom-appssdk.esm.min.js";

const VERSION = "0.16";
const HOSTS = ["host", "coHost"];
const AGAIN_MS = 5000;
const TRIES = 6;
const CALLS = [
  "getUserContext",
  "getMeetingUUID",
  "getMeetingParticipants",
  "toggleParticipantMediaAudio",
  "getBreakoutRoomList",
  "createBreakoutRooms",
  "addBreakoutRoom",
  "configureBreakoutRooms",
  "openBreakoutRooms",
  "assignParticipantToBreakoutRoom",
  "changeBreakoutRoom",
];
const EVENTS = [
  "onMyUserContextChange",
  "onRunningContextChange",
  "onParticipantChange",
  "onFeedbackReaction",
  "onRemoveFeedbackReaction",
  "onBreakoutRoomChange",
  "onMeetingConfigChanged",
];

// Resolves once Zoom has answered, and rejects where there is none. ``settled`` is called after each answer.
// What it tells is a hint and no proof of anything: whoever frames a page could tell it the same, so in a frame it is not
// listened to at all.
export function openBridge(settled) {
  const bridge = { me: "", inCall: false, hosts: false, lacks: [...CALLS, ...EVENTS] };

  bridge.has = (...names) => names.every((name) => !bridge.lacks.includes(name));
  bridge.ask = (name, options) => (bridge.has(name) ? zoom[name](options) : Promise.reject(new Error(name)));
  bridge.on = (name, heard) => zoom.addEventListener(name, (event) => heard(event || {}));

  async function configure() {
    const answer = await zoom.config({ capabilities: [...CALLS, ...EVENTS], version: VERSION });
    bridge.lacks = answer.unsupportedApis || [];
    bridge.inCall = answer.runningContext === "inMeeting";
    const her = bridge.inCall ? await bridge.ask("getUserContext").catch(() => ({})) : {};
    bridge.hosts = HOSTS.includes(her.role);
    bridge.me = her.participantUUID || "";
  }

  async function configureWithPatience() {
    for (let left = TRIES; ; left -= 1) {
      try {
        return await configure();
      } catch (refused) {
        if (left <= 1 || /not supported/.test(refused.message)) throw refused;
        await new Promise((later) => setTimeout(later, AGAIN_MS));
      }
    }
  }

  // What she may do is tied to what she was when it was asked for.
  let settling = Promise.resolve();
  function again() {
    settling = settling.then(configureWithPatience).then(settled, () => {});
  }

  if (window.top !== window.self) return Promise.reject(new Error("in a frame"));
  return configureWithPatience().then(() => {
    bridge.on("onMyUserContextChange", again);
    bridge.on("onRunningContextChange", again);
    return bridge;
  });
}
