// Starts a seat's page: one connection, and the small parts that live on it.
import { io } from "../vendor/socket.io-client/socket.io.esm.min.js";
import { mountAloud } from "./aloud.js";
import { startClocks } from "./clocks.js";
import { watchLink } from "./link.js";
import { mountPanel } from "./panel.js";
import { mountSaid } from "./said.js";
import { mountTaps } from "./taps.js";

const A_WHILE_MS = 5000;

// Everything is drawn again by the server: nothing of this page is worth keeping in the history. A page that is turned
// away as soon as it was drawn waits a little, or it would load itself without end.
function startOver() {
  const root = document.documentElement;
  if (root.classList.contains("left")) return;
  document.dispatchEvent(new CustomEvent("over"));
  // While she hides it, nothing but her own press brings it back.
  if (root.classList.contains("aside-shown")) {
    document.addEventListener("aside-closed", startOver, { once: true });
    return;
  }
  setTimeout(() => location.replace(panel.dataset.home || "/here"), Math.max(0, A_WHILE_MS - performance.now()));
}

function start() {
  document.documentElement.classList.add("js");
  const socket = io({
    // The server sends the whole panel only where it is newer than the drawing that this page shows.
    auth: (give) => give({ key: panel.dataset.key, format: "html", number: Number(panel.dataset.number) }),
    transports: ["polling", "websocket"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    timeout: 10000,
  });
  document.addEventListener("left", () => socket.disconnect());
  const link = watchLink(socket, { panel, startOver, said });
  const taps = mountTaps(panel, socket, { startOver, said, link });
  mountPanel(panel, socket, { startOver: () => whenSent(taps, startOver), said });
  stayWhileUnsent(taps, said);
  startClocks(panel);
  mountAloud(panel);
  return taps;
}

// A link away from here would lose what waits to be sent; leaving quickly and hiding are nobody's business but hers.
function stayWhileUnsent(taps, said) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || taps.idle() || ["leave", "hide"].includes(link.id) || link.target === "_blank") return;
    if (!link.getAttribute("href").startsWith("/")) return;
    event.preventDefault();
    said.say(panel.dataset.waiting);
  });
}

// Taps wait in memory alone: a page that may go on waits until they have had their answer.
function whenSent(taps, then) {
  if (taps.idle()) then();
  else setTimeout(() => whenSent(taps, then), 500);
}

export const panel = document.getElementById("panel");
export const said = panel ? mountSaid(document.getElementById("said"), document.getElementById("said-now")) : null;
export const taps = panel ? start() : null;
