// Gives what can be pressed or chosen an id of its own, by what it asks for, before two drawings are compared.

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
