// SQLite with every commit on disk: within the tap, or many taps at once in a thread of its own.
import { DatabaseSync } from "node:sqlite";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { fileURLToPath } from "node:url";

class Commits {
  constructor(file) {
    this.database = new DatabaseSync(file);
    this.database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    this.database.exec("CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, revision INTEGER, document TEXT)");
    this.database.exec(
      "CREATE TABLE IF NOT EXISTS taps (session TEXT, seat TEXT, tap TEXT, PRIMARY KEY (session, seat, tap)) WITHOUT ROWID",
    );
    this.put = this.database.prepare("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)");
    this.change = this.database.prepare("UPDATE sessions SET revision = ?, document = ? WHERE id = ?");
    this.add = this.database.prepare("INSERT INTO taps VALUES (?, ?, ?)");
    this.find = this.database.prepare("SELECT 1 FROM taps WHERE session = ? AND seat = ? AND tap = ?");
  }

  all(work) {
    this.database.exec("BEGIN IMMEDIATE");
    work();
    this.database.exec("COMMIT");
  }

  tap([session, revision, document, seat, tap]) {
    this.change.run(revision, document, session);
    this.add.run(session, seat, tap);
  }
}

export function openStore(file, sessions, group) {
  const commits = new Commits(file);
  commits.all(() => sessions.forEach((each) => commits.put.run(each.id, 0, JSON.stringify(each))));
  const seen = (session, seat, tap) => commits.find.get(session, seat, tap) !== undefined;
  if (group) return { seen, commit: groupCommit(file) };
  return {
    seen,
    commit(tap, then) {
      commits.all(() => commits.tap(tap));
      then();
    },
  };
}

// Taps that come during a commit share the next one.
function groupCommit(file) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: file });
  let waiting = [], committing = null;
  const next = () => {
    committing = waiting.length ? waiting : null;
    waiting = [];
    if (committing) worker.postMessage(committing.map(([tap]) => tap));
  };
  worker.on("message", () => {
    const done = committing;
    next();
    done.forEach(([, then]) => then());
  });
  return (tap, then) => {
    waiting.push([tap, then]);
    if (!committing) setImmediate(() => committing || next());
  };
}

if (!isMainThread) {
  const commits = new Commits(workerData);
  parentPort.on("message", (taps) => {
    commits.all(() => taps.forEach((tap) => commits.tap(tap)));
    parentPort.postMessage(null);
  });
}
