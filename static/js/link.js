// Watches the connection: says when it is gone, and knows when only plain requests get through.
const OVER = ["no_access", "access_expired", "session_closed", "wrong_key"];
const AGAIN_MS = 10000;
const SETTLE_MS = 4000; // a short drop is not worth worrying anybody
const TRIES = 3; // on a fresh page: neither socket nor polling gets through, although the page itself did
const MORE_TRIES = 10; // where a connection had stood before

export function watchLink(socket, { panel, startOver, said }) {
  const link = { blocked: false, drops: 0, changed: () => {} };
  const offline = document.getElementById("offline");
  let failures = 0;
  let patience = TRIES;
  let notice = null;
  let going = false;

  function show(gone) {
    if (!gone) {
      clearTimeout(notice);
      notice = null;
      offline.hidden = true;
    } else if (!notice) {
      notice = setTimeout(tell, SETTLE_MS);
    }
    document.documentElement.classList.toggle("no-socket", gone && link.blocked);
  }

  function tell() {
    if (offline.hidden) said.say(offline.querySelector(link.blocked ? ".blocked" : ".cut").textContent);
    offline.hidden = false;
  }

  socket.on("connect", () => {
    failures = 0;
    patience = MORE_TRIES;
    link.blocked = false;
    show(false);
    link.changed();
    if (document.hidden && !going) socket.emit("rest"); // a new connection does not know it
  });

  socket.on("disconnect", (reason) => {
    link.drops += 1;
    show(true);
    // The server cut it: the library does not try again by itself.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });

  socket.on("connect_error", (error) => {
    const code = error.data && error.data.code;
    if (OVER.includes(code)) return startOver();
    failures += 1;
    if (code) {
      said.say(error.data.say);
      setTimeout(() => socket.connect(), AGAIN_MS);
    }
    link.blocked = link.blocked || failures >= patience;
    show(true);
    link.changed();
  });

  socket.on("bye", startOver);
  addEventListener("online", () => socket.connect());
  document.addEventListener("visibilitychange", () => {
    // Old phones throw a page away that is out of sight: the server then knows that nobody closed it.
    if (socket.connected && !going) socket.emit(document.hidden ? "rest" : "awake");
    if (document.hidden) return;
    // Messages may have been lost while the phone had put the page to sleep.
    if (socket.connected) socket.emit("whole", Number(panel.dataset.number));
    else socket.connect();
  });
  addEventListener("pageshow", () => (going = false));
  addEventListener("pagehide", () => {
    going = true; // going out of sight comes after it, and is no rest
    if (socket.connected) socket.emit("awake");
  });
  return link;
}
