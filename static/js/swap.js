// Morphs a region into its new drawing; what she has typed, opened and focused stays as it is.
import { Idiomorph } from "../vendor/idiomorph/idiomorph.esm.min.js";

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

// Forms that ask for different things must never turn into one another under a finger, nor one person in a list into
// the next, so each has an id of its own.
export function prepare(root) {
  root.querySelectorAll("select[id] > option").forEach((option) => {
    option.id = `${option.parentNode.id}~${option.value}`;
  });
  const seen = {};
  root.querySelectorAll("form[data-tap]:not([id])").forEach((form) => {
    const region = form.closest("[data-region]");
    const asks = [...form.elements].filter((input) => input.name && input.name !== "tap").map(asked);
    const key = [region ? region.dataset.region : "", form.getAttribute("action"), ...asks].join("~").replace(/\s/g, "_");
    seen[key] = (seen[key] || 0) + 1;
    form.id = seen[key] > 1 ? `${key}~${seen[key]}` : key;
  });
}

// What a hidden field says is what the form asks for; of a field for her to fill in only the name is.
function asked(input) {
  const fixed = input.type === "hidden" && !input.form.hasAttribute("data-measure");
  return fixed ? input.value : input.name;
}

export function swap(panel, name, html) {
  const old = panel.querySelector(`[data-region="${name}"]`);
  const fresh = document.createElement("template");
  fresh.innerHTML = html.trim();
  if ("thrift" in document.documentElement.dataset) fresh.content.querySelectorAll(".avatar").forEach((one) => one.remove());
  prepare(fresh.content);
  if (!old) return panel.append(fresh.content);

  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const chosen = [...old.querySelectorAll("select[id]")].map((select) => [select.id, select.value]);
  Idiomorph.morph(old, fresh.content.firstElementChild, { morphStyle: "outerHTML", callbacks });
  chosen.forEach(([id, value]) => choose(document.getElementById(id), value));
  if (focused && document.activeElement !== focused) giveBack(focused, panel.querySelector(`[data-region="${name}"]`));
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
