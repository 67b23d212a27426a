// A drawing leaves out what this page shows already: an empty element with its id stands in the place of each such part.

// Fills in what was left out; false where a part is not here, so that the whole has to be asked for.
export function fillIn(fresh, old) {
  return [...fresh.querySelectorAll("[data-same]")].every((place) => {
    const shown = old && document.getElementById(place.id);
    if (!shown || !old.contains(shown)) return false;
    place.replaceWith(shown.cloneNode(true));
    return true;
  });
}
