// Says one sentence at a time to screen readers: politely, at most one in ten seconds; only "it is your turn" interrupts.
const APART_MS = 10000;
const STAYS_MS = 8000;

export function mountSaid(polite, urgent) {
  let last = -APART_MS;
  let waiting = null;

  function write(place, words) {
    place.textContent = words;
    setTimeout(() => {
      if (place.textContent === words) place.textContent = "";
    }, STAYS_MS);
  }

  function speak() {
    last = performance.now();
    write(polite, waiting);
    waiting = null;
  }

  return {
    // Of several in ten seconds the newest is said: it is about how things stand now.
    say(words) {
      if (!words) return;
      const planned = waiting !== null;
      waiting = words;
      if (!planned) setTimeout(speak, Math.max(0, last + APART_MS - performance.now()));
    },
    interrupt(words) {
      write(urgent, words);
    },
  };
}
