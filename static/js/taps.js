// Sends every tap once: in order, under one id until it is answered, in memory alone while there is no connection.
import { clear, fieldsOf, forgetRefusals, labelOf, mark, nameOf, showRefusal } from "./forms.js";
import { measure } from "./facts.js";
import { post } from "./plain.js";
import { isNew } from "./swap.js";
import { mountUnsent } from "./unsent.js";

const ANSWER_MS = 8000;
const AGAIN_MS = 2000;
const SENT_MS = 2500;

export function mountTaps(panel, socket, { startOver, said, link }) {
  const taps = [];
  const unsent = mountUnsent(takeBack);
  let busy = false;
  let doubled = false;

  panel.addEventListener("click", (event) => (doubled = event.detail > 1), true);
  panel.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-tap]");
    if (!form) return;
    event.preventDefault();
    if (doubled && isNew(form)) return; // the second half of a double click, on what has just taken its place
    forgetRefusals(form);
    if (form.hasAttribute("data-measure")) await measure(form, link);
    add({ id: freshId(), name: nameOf(form), fields: fieldsOf(form), label: labelOf(form), form });
  });

  function add(tap) {
    const asks = JSON.stringify([tap.name, tap.fields]);
    if (taps.some((other) => JSON.stringify([other.name, other.fields]) === asks)) return; // pressed twice
    taps.push(tap);
    mark(tap.form, "sending");
    unsent.watch(tap);
    next();
    if (!busy && !tap.road) said.say(panel.dataset.waiting);
  }

  // A tap that once left by one road keeps to it: each road tells its own repeats apart.
  function next() {
    const tap = taps[0];
    if (busy || !tap) return;
    const road = tap.road || (socket.connected ? "socket" : link.blocked ? "plain" : null);
    if (!road || (road === "socket" && !socket.connected)) return;
    tap.road = road;
    busy = true;
    if (road === "socket") {
      const { id, name, fields } = tap;
      socket.timeout(ANSWER_MS).emit("tap", { id, name, fields }, (error, answer) => answered(tap, error ? null : answer));
    } else {
      post(panel, tap).then((answer) => answered(tap, answer));
    }
  }

  function answered(tap, answer) {
    busy = false;
    if (!taps.includes(tap)) return next(); // taken back meanwhile
    const again = answer ? answer.again : AGAIN_MS / 1000;
    if (again) {
      if (answer) said.say(answer.say);
      return setTimeout(next, again * 1000);
    }
    taps.shift();
    unsent.forget(tap);
    if (answer.ok) succeeded(tap);
    else refused(tap, answer);
    next();
  }

  function succeeded(tap) {
    mark(tap.form, "sent");
    setTimeout(() => mark(tap.form, null), SENT_MS);
    clear(tap.form);
    said.say(panel.dataset.sent, true);
  }

  function refused(tap, answer) {
    mark(tap.form, null);
    if (answer.code === "no_access" || answer.code === "access_expired") return startOver();
    showRefusal(tap.form, answer.say);
    said.say(answer.say);
  }

  function takeBack(tap) {
    const index = taps.indexOf(tap);
    if (index >= 0) taps.splice(index, 1);
    mark(tap.form, null);
    unsent.forget(tap);
  }

  link.changed = next;
  return { idle: () => !taps.length };
}

function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
