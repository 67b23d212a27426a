// Sends every tap once: in order, under one id until it is answered, in memory alone while there is no connection.
import { clear, fieldsOf, forgetRefusals, labelOf, mark, nameOf, showRefusal } from "./forms.js";
import { measure } from "./facts.js";
import { makePace } from "./pace.js";
import { freshId, roadOf, send } from "./roads.js";
import { isNew } from "./swap.js";
import { mountUnsent } from "./unsent.js";

const AGAIN_MS = 2000;
const SENT_MS = 2500;

export function mountTaps(panel, socket, { startOver, said, link }) {
  const taps = [];
  const unsent = mountUnsent(takeBack);
  const pace = makePace();
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

  // What the page itself has noticed, once and in order as well; it gives way to her own taps, and a no is not shown.
  function quietly(name, fields) {
    return new Promise((quiet) => {
      taps.push({ id: freshId(), name, fields, quiet });
      next();
    });
  }

  function next() {
    const tap = taps.find((one) => !one.quiet) || taps[0];
    if (busy || !tap) return;
    if (tap.quiet && pace.wait()) return setTimeout(next, pace.wait());
    const road = roadOf(tap, socket, link);
    if (!road) return;
    tap.road = road;
    busy = true;
    pace.noteOne();
    send(tap, panel, socket).then((answer) => answered(tap, answer));
  }

  function answered(tap, answer) {
    busy = false;
    if (!taps.includes(tap)) return next(); // taken back meanwhile
    const again = answer ? answer.again : AGAIN_MS / 1000;
    if (again) {
      if (answer && !tap.quiet) said.say(answer.say);
      return setTimeout(next, again * 1000);
    }
    taps.splice(taps.indexOf(tap), 1);
    if (tap.quiet) tap.quiet(answer);
    else unsent.forget(tap);
    if (!answer.ok) refused(tap, answer);
    else if (!tap.quiet) succeeded(tap);
    next();
  }

  function succeeded(tap) {
    mark(tap.form, "sent");
    setTimeout(() => mark(tap.form, null), SENT_MS);
    clear(tap.form);
    said.say(panel.dataset.sent, true);
  }

  function refused(tap, answer) {
    if (answer.code === "no_access" || answer.code === "access_expired") return startOver();
    if (tap.quiet) return;
    mark(tap.form, null);
    showRefusal(tap.form, answer.say);
    said.say(answer.say);
  }

  function takeBack(tap) {
    if (taps.includes(tap)) taps.splice(taps.indexOf(tap), 1);
    mark(tap.form, null);
    unsent.forget(tap);
  }

  link.changed = next;
  return { idle: () => taps.every((tap) => tap.quiet), quietly };
}
