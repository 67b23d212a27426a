// Reads an act's form as the fields of its command, and shows on it how far its tap has got.
export function nameOf(form) {
  return form.getAttribute("action").split("/").pop();
}

// Numbers and yes/no go out as such; what is empty stays away.
export function fieldsOf(form) {
  const fields = {};
  [...form.elements].forEach((input) => {
    if (!input.name || input.name === "tap" || input.value === "") return;
    if (input.type === "checkbox" && !input.checked) return;
    fields[input.name] = typed(input);
  });
  return fields;
}

function typed(input) {
  if (input.dataset.as === "flag") return input.value === "yes";
  if (input.dataset.as === "whole") return Number(input.value);
  return input.value;
}

export function labelOf(form) {
  const words = form.querySelector("button span");
  return words ? words.textContent : "";
}

export function mark(form, state) {
  if (state) form.dataset.state = state;
  else delete form.dataset.state;
}

// After "sent" what was typed is no longer needed here, nor is the drawer that held it.
export function clear(form) {
  if (!form.querySelector("input:not([type=hidden]), select")) return;
  form.reset();
  const drawer = form.closest("details");
  if (!drawer) return;
  if (drawer.contains(document.activeElement)) drawer.querySelector("summary").focus({ preventScroll: true });
  drawer.open = false;
}

// The sentence stands where she pressed; the drawing of the region that follows leaves it there.
export function showRefusal(form, sentence) {
  const region = form.isConnected ? form.closest("[data-region]") : null;
  const top = document.getElementById("refusal");
  if (!region) {
    top.textContent = sentence;
    top.hidden = false;
    return;
  }
  const words = document.createElement("p");
  words.className = "refusal";
  words.dataset.keep = "";
  words.textContent = sentence;
  form.after(words);
}

export function forgetRefusals(form) {
  const region = form.closest("[data-region]");
  if (region) region.querySelectorAll(".refusal[data-keep]").forEach((words) => words.remove());
  document.getElementById("refusal").hidden = true;
}
