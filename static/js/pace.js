// What the page says by itself leaves at least half of what the server takes from one person (ten taps in ten seconds)
// to her own presses.
const WINDOW_MS = 10000;
const MOST = 5;

export function makePace() {
  const sent = [];
  return {
    noteOne() {
      sent.push(performance.now());
      if (sent.length > MOST) sent.shift();
    },
    // Milliseconds until the page may say one thing more.
    wait: () => (sent.length < MOST ? 0 : Math.max(0, sent[0] + WINDOW_MS - performance.now())),
  };
}
