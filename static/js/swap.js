// Morphs a region into its new drawing; what she has typed, opened and focused stays as it is.
import { Idiomorph } from "../vendor/idiomorph/idiomorph.esm.min.js";
import { prepare } from "./ids.js";
import { fillIn } from "./same.js";

const HERS = ["open", "value", "checked", "selected", "data-state"];
const NEW_MS = 500;
const born = new WeakMap();
let pressed = false;
const later = [];

const callbacks = {
  beforeAttributeUpdated: (name, node) => !(HERS.includes(name) && keepsItself(node, name)),
  beforeNodeRemoved: (node) => !(node.dataset && "keep" in node.dataset),
  afterNodeAdded: (node) => {
    if (node.querySelectorAll) node.querySelectorAll("form").forEach((form) => born.set(form, Date.now()));
    if (node.localName === "form") born.set(node, Date.now());
  },
};

function keepsItself(node, name) {
  if (name === "open") return node.localName === "details";
  if (name !== "value") return true;
  // What she typed is hers; the value of an option, a radio or a hidden field says whom the act is for.
  return node.localName === "input" && !["hidden", "radio", "checkbox"].includes(node.type);
}

// False where the drawing leaves out what this page does not show.
export function swap(panel, name, html) {
  const old = panel.querySelector(`[data-region="${name}"]`);
  const fresh = document.createElement("template");
  fresh.innerHTML = html.trim();
  if (!fillIn(fresh.content, old)) return false;
  if ("thrift" in document.documentElement.dataset) fresh.content.querySelectorAll(".avatar").forEach((one) => one.remove());
  prepare(fresh.content);
  if (!old) panel.append(fresh.content);
  else morph(old, fresh.content.firstElementChild, () => panel.querySelector(`[data-region="${name}"]`));
  return true;
}

function morph(old, fresh, now) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const chosen = [...old.querySelectorAll("select[id]")].map((select) => [select.id, select.value]);
  Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", callbacks });
  chosen.forEach(([id, value]) => choose(document.getElementById(id), value));
  if (focused && document.activeElement !== focused) giveBack(focused, now());
}

// Somebody chosen who is not in the list any more leaves it empty: nobody else is taken in her place.
function choose(select, value) {
  if (select && select.value !== value) select.value = value;
}

// A button that is gone leaves the keyboard at the head of its region, not at the top of the page.
function giveBack(focused, region) {
  const target = focused.isConnected ? focused : region.querySelector("h2");
  if (!target) return;
  if (target !== focused) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Nothing moves between a finger's going down and coming up, or she would press what she did not mean.
export function afterPress(draw) {
  if (pressed) later.push(draw);
  else draw();
}

export function isNew(form) {
  return Date.now() - (born.get(form) || 0) < NEW_MS;
}

function released() {
  if (!pressed) return;
  pressed = false;
  // After the click that follows.
  setTimeout(() => later.splice(0).forEach((draw) => draw()), 0);
}

addEventListener("pointerdown", () => (pressed = true), true);
["pointerup", "pointercancel", "blur"].forEach((end) => addEventListener(end, released, true));
