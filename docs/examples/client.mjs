// A client of the companion, written from docs/protocol.md: joins, connects, taps once, and keeps the panel up to date.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const ANSWER_MS = 10_000;

/** Join with a personal link and its passcode; the answer says how to connect. */
export async function join({ link, passcode }) {
  const { origin, pathname } = new URL(link);
  const answer = await fetch(`${origin}/api/join`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    // A real client asks the person; this one speaks for somebody who does not exist.
    body: JSON.stringify({ token: pathname.split("/").at(-1), passcode, private_space: "yes", agreement: true }),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(`${found.code}: ${found.say}`);
  return { origin, ...found };
}

/** One person's connection: her panel, and a way to tap. */
export class Client {
  views = {};
  #number = 0;
  #socket;
  #watchers = new Set();

  constructor({ origin, cookie, key }) {
    this.#socket = io(origin, {
      auth: { key, format: "json" },
      extraHeaders: { Cookie: `${cookie.name}=${cookie.value}`, Origin: origin },
      reconnectionDelayMax: 10_000,
    });
    this.#socket.on("panel", (panel) => this.#take(panel));
    this.#socket.on("bye", ({ say }) => this.#end(say));
    // Without an active socket the server has refused us, and asking again would not help.
    this.#socket.on("connect_error", (error) => this.#socket.active || this.#end(error.data?.say ?? error.message));
  }

  /** Wait until the panel shows something. */
  until(met, what, patience = ANSWER_MS) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#settle(watcher, reject, new Error(`${what} never came`)), patience);
      const watcher = { late, reject, look: () => met(this.views) && this.#settle(watcher, resolve, this.views) };
      this.#watchers.add(watcher);
      watcher.look();
    });
  }

  /** Send a command and wait for its answer; what is not answered is sent again with the same id. */
  async tap(name, fields = {}) {
    const tap = { id: randomUUID(), name, fields };
    for (let tries = 0; tries < 5; tries += 1) {
      const answer = await this.#socket.timeout(ANSWER_MS).emitWithAck("tap", tap).catch(() => ({ again: 1 }));
      if (answer.again === undefined) return answer;
      await new Promise((later) => setTimeout(later, answer.again * 1000));
    }
    return { ok: false, code: "not_sent", say: "Not sent." };
  }

  close() {
    this.#socket.close();
  }

  #take({ number, whole, views }) {
    if (whole) this.views = views;
    else if (number <= this.#number) return; // an older drawing arrived late
    else if (number > this.#number + 1) this.#socket.emit("whole"); // one is missing
    else Object.assign(this.views, views);
    if (whole || number === this.#number + 1) this.#number = number;
    for (const watcher of [...this.#watchers]) watcher.look();
  }

  #settle(watcher, settle, value) {
    clearTimeout(watcher.late);
    this.#watchers.delete(watcher);
    settle(value);
  }

  #end(say) {
    for (const watcher of [...this.#watchers]) this.#settle(watcher, watcher.reject, new Error(say));
    this.close();
  }
}
