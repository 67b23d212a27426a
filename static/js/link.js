// Watches the connection: says when it is gone, and knows when only plain requests get through.
const OVER = ["no_access", "access_expired", "session_closed", "wrong_key"];
const AGAIN_MS = 10000;
const SETTLE_MS = 4000; // a short drop is not worth worrying anybody

export function watchLink(socket, { startOver, said }) {
  const link = { blocked: false, drops: 0, changed: () => {} };
  const offline = document.getElementById("offline");
  let failures = 0;
  let notice = 0;

  function show(gone) {
    clearTimeout(notice);
    if (gone) notice = setTimeout(tell, SETTLE_MS);
    else offline.hidden = true;
    document.documentElement.classList.toggle("no-socket", gone && link.blocked);
  }

  function tell() {
    if (offline.hidden) said.say(offline.textContent.trim());
    offline.hidden = false;
  }

  socket.on("connect", () => {
    failures = 0;
    link.blocked = false;
    show(false);
    link.changed();
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
    // Neither socket nor polling after several tries, although the page itself came through: use plain requests.
    link.blocked = link.blocked || failures >= 3;
    show(true);
    link.changed();
  });

  socket.on("bye", startOver);
  addEventListener("online", () => socket.connect());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    // Messages may have been lost while the phone had put the page to sleep.
    if (socket.connected) socket.emit("whole");
    else socket.connect();
  });
  return link;
}
