// Holds the page still for somebody who reads slowly: what is new is kept back and shown when she asks for it.
export function mountStill(panel, draw) {
  const button = document.getElementById("still");
  const notice = document.getElementById("still-new");
  let held = false;
  let kept = [];

  function hold(on) {
    held = on;
    button.setAttribute("aria-pressed", String(on));
    if (!on) show();
  }

  function show() {
    notice.hidden = true;
    const messages = kept;
    kept = [];
    // Plain requests draw the whole page: then what was kept is older than what is there.
    if (!messages.length || messages[messages.length - 1].number < Number(panel.dataset.number)) return;
    messages.forEach((message) => draw(message.regions, message.whole));
  }

  button.hidden = false;
  button.addEventListener("click", () => hold(!held));
  notice.querySelector("button").addEventListener("click", show);

  return {
    // Each drawing leaves out what the one before it shows, so they are shown one after the other.
    draws(message) {
      if (!held) return draw(message.regions, message.whole);
      // What is said to her ear goes on: a page that is held still must not make her miss her turn.
      if (message.regions.news) draw({ news: message.regions.news }, false);
      if (message.whole) kept = [];
      kept.push(message);
      notice.hidden = false;
      return undefined;
    },
  };
}
