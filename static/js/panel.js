// Swaps the parts of this seat's panel that the server drew again, in the order of this seat's own numbers.
import { prepare } from "./ids.js";
import { mountStill } from "./still.js";
import { afterPress, swap } from "./swap.js";

const LATER_MS = 500;

export function mountPanel(panel, socket, { startOver, said }) {
  const drawn = () => Number(panel.dataset.number);
  let told = newsOf(panel).count;
  let language = languageOf(panel);

  const still = mountStill(panel, show);

  prepare(panel);

  socket.on("panel", (message) => {
    if (message.whole ? message.number < drawn() : message.number <= drawn()) return; // an older drawing arrived late
    if (!message.whole && message.number > drawn() + 1) return socket.emit("whole"); // one is missing
    panel.dataset.number = message.number;
    afterPress(() => still.draws(message));
  });

  function show(regions, whole) {
    if (whole) forgetOthers(panel, regions);
    const missing = Object.keys(regions).filter((name) => !swap(panel, name, regions[name]));
    if (missing.length) socket.emit("whole");
    announce();
    // Chosen here or on her other page: the whole page is drawn anew, in its direction, once her choice is kept.
    if (languageOf(panel) !== language) setTimeout(startOver, LATER_MS);
    language = languageOf(panel);
    panel.dispatchEvent(new CustomEvent("drawn"));
  }

  // Her turn may have come while she hid the page: it was held back, and is said now if it still is her turn.
  document.addEventListener("aside-closed", () => {
    const news = newsOf(panel);
    if (news.urgent) said.interrupt(news.text);
  });

  function announce() {
    const news = newsOf(panel);
    if (news.count === told || !news.text) return;
    told = news.count;
    if (news.urgent) said.interrupt(news.text);
    else said.say(news.text);
  }
}

function forgetOthers(panel, regions) {
  panel.querySelectorAll("[data-region]").forEach((region) => {
    if (!(region.dataset.region in regions)) region.remove();
  });
}

function languageOf(panel) {
  const room = panel.querySelector("[data-region=room]");
  return room ? room.dataset.language : "";
}

function newsOf(panel) {
  const news = panel.querySelector("[data-region=news]");
  if (!news) return { count: "0", text: "", urgent: false };
  return { count: news.dataset.count, text: news.textContent.trim(), urgent: news.dataset.urgent === "yes" };
}
