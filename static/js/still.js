// Holds the page still for somebody who reads slowly: what is new is kept back and shown when she asks for it.
export function mountStill(panel, draw) {
  const button = document.getElementById("still");
  const notice = document.getElementById("still-new");
  let held = false;
  let kept = null;

  function hold(on) {
    held = on;
    button.setAttribute("aria-pressed", String(on));
    if (!on) show();
  }

  function show() {
    notice.hidden = true;
    const message = kept;
    kept = null;
    // Plain requests draw the whole page: then what was kept is older than what is there.
    if (message && message.number >= Number(panel.dataset.number)) draw(message.regions, message.whole);
  }

  button.hidden = false;
  button.addEventListener("click", () => hold(!held));
  notice.querySelector("button").addEventListener("click", show);

  return {
    // Drawings that come meanwhile are laid over one another: the newest of each region counts.
    draws(message) {
      if (!held) return draw(message.regions, message.whole);
      // What is said to her ear goes on: a page that is held still must not make her miss her turn.
      if (message.regions.news) draw({ news: message.regions.news }, false);
      const before = kept && !message.whole ? kept.regions : {};
      kept = { regions: Object.assign({}, before, message.regions), whole: message.whole || Boolean(kept && kept.whole), number: message.number };
      notice.hidden = false;
      return undefined;
    },
  };
}
