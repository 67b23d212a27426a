// Covers the page in the same task in which it goes out of sight, and keeps nothing of it for Back.
const root = document.documentElement;

export function cover() {
  root.classList.add("covered");
}

// Nothing stays that Back, a picture of open pages, or a restored session could show.
export function blank() {
  cover();
  document.title = "";
  document.body.textContent = "";
}

export function mountCover() {
  document.addEventListener("visibilitychange", () => {
    root.classList.toggle("covered", document.hidden);
  });
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    blank();
    // The server says what this browser may still see; a page that answered a form has another address to ask.
    // Without its fragment, or nothing would be loaded.
    location.replace(location.pathname.startsWith("/act/") ? "/here" : location.pathname + location.search);
  });
}
