// Starts a seat's page: one connection, and the small parts that live on it.
import { io } from "../vendor/socket.io-client/socket.io.esm.min.js";
import { mountAloud } from "./aloud.js";
import { startClocks } from "./clocks.js";
import { watchLink } from "./link.js";
import { mountPanel } from "./panel.js";
import { mountSaid } from "./said.js";
import { mountTaps } from "./taps.js";

const panel = document.getElementById("panel");

const A_WHILE_MS = 5000;

// Everything is drawn again by the server: nothing of this page is worth keeping in the history. A page that is turned
// away as soon as it was drawn waits a little, or it would load itself without end.
function startOver() {
  setTimeout(() => location.replace("/here"), Math.max(0, A_WHILE_MS - performance.now()));
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
  const said = mountSaid(document.getElementById("said"), document.getElementById("said-now"));
  const link = watchLink(socket, { panel, startOver, said });
  const taps = mountTaps(panel, socket, { startOver, said, link });
  mountPanel(panel, socket, { startOver: () => whenSent(taps, startOver), said });
  startClocks(panel);
  mountAloud(panel);
}

// Taps wait in memory alone: a page that may go on waits until they have had their answer.
function whenSent(taps, then) {
  if (taps.idle()) then();
  else setTimeout(() => whenSent(taps, then), 500);
}

if (panel) start();
