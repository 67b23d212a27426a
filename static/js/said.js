// Says one sentence at a time to screen readers: politely, at most one in ten seconds; only "it is your turn" interrupts.
const APART_MS = 10000;
const STAYS_MS = 8000;

export function mountSaid(polite, urgent) {
  let last = -APART_MS;
  let waiting = null;

  function write(place, words, unseen = false) {
    place.textContent = words;
    place.classList.toggle("unseen", unseen);
    setTimeout(() => {
      if (place.textContent === words) place.textContent = "";
    }, STAYS_MS);
  }

  function speak() {
    last = performance.now();
    write(polite, waiting.words, waiting.unseen);
    waiting = null;
  }

  return {
    // Of several in ten seconds the newest is said: it is about how things stand now. What can be seen anyway (unseen)
    // is for the ear alone and gives way to everything else.
    say(words, unseen = false) {
      const planned = waiting !== null;
      if (!words || (unseen && planned)) return;
      waiting = { words, unseen };
      if (!planned) setTimeout(speak, Math.max(0, last + APART_MS - performance.now()));
    },
    interrupt(words) {
      write(urgent, words);
    },
  };
}
