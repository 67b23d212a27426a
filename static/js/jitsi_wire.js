// The wire of Jitsi's External API, spoken by ourselves: no script of a meeting server ever runs in this page.
//
// Both sides post JSON texts. The page in the frame says __ready__ with a number of its own until it is said back; then
// each message is an event, a request or the response to one (jitsi-meet: modules/API/API.js, modules/transport).
import { isObject } from "./jitsi_read.js";

const SCOPE = "jitsi_meet_external_api_1"; // the number stands in the frame's address (integrations/jitsi/adapter.py)
const READY = "__ready__";
const MESSAGE = "message";
const ANSWER_MS = 8000;

export function openWire(frame, origin, { met, event }) {
  const asked = new Map();
  let there = null; // which page is in the frame: one that has loaded itself anew has another number
  let last = 0;

  function post(method, params) {
    const inside = frame.contentWindow;
    if (inside) inside.postMessage(JSON.stringify({ postis: true, scope: SCOPE, method, params }), origin);
  }

  function hear(message) {
    if (message.origin !== origin || !frame.contentWindow || message.source !== frame.contentWindow) return;
    const { method, params } = read(message.data);
    if (method === READY) meet(params);
    else if (method === MESSAGE && isObject(params)) take(params);
  }

  function meet(number) {
    post(READY, number);
    if (there === number) return;
    there = number;
    forget();
    met();
  }

  function take({ type, id, result, data }) {
    if (type === "response" && asked.has(id)) settle(id, result);
    else if (type === "event" && isObject(data) && typeof data.name === "string") event(data.name, data);
  }

  function settle(id, result) {
    const { answered, timer } = asked.get(id);
    clearTimeout(timer);
    asked.delete(id);
    answered(result);
  }

  function forget() {
    [...asked.keys()].forEach((id) => settle(id, undefined));
  }

  addEventListener("message", hear);
  return {
    say: (name, ...data) => post(MESSAGE, { type: "event", data: { name, data } }),
    // What the page answers; undefined where it does not know the request, or is not there any more.
    ask: (name, more = {}) => new Promise((answered) => {
      last += 1;
      const id = last;
      asked.set(id, { answered, timer: setTimeout(() => settle(id, undefined), ANSWER_MS) });
      post(MESSAGE, { type: "request", id, data: Object.assign({ name }, more) });
    }),
    close() {
      removeEventListener("message", hear);
      forget();
    },
  };
}

function read(text) {
  try {
    const said = typeof text === "string" ? JSON.parse(text) : null;
    return isObject(said) && said.postis === true && said.scope === SCOPE ? said : {};
  } catch (unreadable) {
    return {};
  }
}
