// Reads a part of the page aloud when its button is pressed, never by itself; where the phone has no voice there is no button.
const CARDS = ".card, .room, .now";

export function mountAloud(panel) {
  const button = document.getElementById("aloud");
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;

  const offer = () => (button.hidden = !speaks(voice));
  voice.onvoiceschanged = offer; // Safari's is no event target before 16
  offer();

  function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    document.documentElement.classList.toggle("aloud", on);
    document.getElementById("aloud-warning").hidden = !on;
    voice.cancel();
    if (on) give();
    else panel.querySelectorAll(".aloud-card").forEach((one) => one.remove());
  }

  function give() {
    panel.querySelectorAll(CARDS).forEach((card) => {
      const heading = card.querySelector("h2");
      if (!heading || card.hidden || card.querySelector(".aloud-card")) return;
      const one = document.importNode(document.getElementById("aloud-card").content, true).firstElementChild;
      one.querySelector(".unseen").textContent = `: ${heading.textContent.trim()}`;
      one.addEventListener("click", () => read(voice, wordsOf(card)));
      heading.after(one);
    });
  }

  button.addEventListener("click", () => turn(button.getAttribute("aria-pressed") !== "true"));
  panel.addEventListener("drawn", () => {
    if (button.getAttribute("aria-pressed") === "true") give();
  });
  // Nothing goes on speaking about a page that is covered, hidden or left.
  document.addEventListener("visibilitychange", () => voice.cancel());
  addEventListener("pagehide", () => voice.cancel());
  document.getElementById("hide").addEventListener("click", () => voice.cancel());
}

function speaks(voice) {
  return voice.getVoices().some((one) => one.lang.slice(0, 2) === document.documentElement.lang.slice(0, 2));
}

function read(voice, words) {
  const going = voice.speaking;
  voice.cancel();
  if (going) return; // pressed while it reads: it stops
  const said = new SpeechSynthesisUtterance(words);
  said.lang = document.documentElement.lang;
  said.rate = 0.9;
  voice.speak(said);
}

// What can be seen, button by button and line by line, with a pause after each.
function wordsOf(card) {
  const shown = [...card.querySelectorAll("h2, h3, p, li, button, summary, label")].filter((one) => {
    return one.getClientRects().length && !one.closest(".aloud-card") && !one.parentElement.closest("p, li, button, summary, label");
  });
  return shown.map((one) => one.innerText.trim()).filter(Boolean).join(". ");
}
