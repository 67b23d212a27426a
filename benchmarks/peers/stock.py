"""Flask-SocketIO as its documentation shows it, doing the companion's work: stock.py WORK.json DATABASE PORT.

Monkey-patched eventlet, a handler with Flask's request context for each message, a commit for each tap.
"""

# mypy: ignore-errors

import eventlet

eventlet.monkey_patch()

import hashlib
import hmac
import json
import re
import sqlite3
import sys
import time

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO, emit, join_room

RULES = {
    "request_turn": ("turn", True, 0),
    "raise_break_signal": ("break", True, 1),
    "open_ticket": ("ticket", True, 2),
    "withdraw_turn": ("turn", False, 3),
    "settle_break_signal": ("break", False, 4),
    "withdraw_ticket": ("ticket", False, 5),
}
MOST = 1000  # in ten seconds; counted as the companion does, but never met, so that few people can fill a server
LINES = {"turn": "line", "break": "signals", "ticket": "tickets"}

_, work_file, database_file, port = sys.argv
with open(work_file) as file:
    work = json.load(file)
shape = work["shape"]
app = Flask(__name__)
socketio = SocketIO(
    app, async_mode="eventlet", ping_interval=8, ping_timeout=8, cors_allowed_origins=f"http://127.0.0.1:{port}"
)
accesses = {hashlib.sha256(person["token"].encode()).hexdigest(): person for person in work["people"]}
sessions, seats, connected = {}, {}, {}
database = sqlite3.connect(database_file, isolation_level=None)


def prepare():
    for person in work["people"]:
        new = {"id": person["session"], "revision": 0, "line": [], "signals": [], "tickets": [], "seats": []}
        session = sessions.setdefault(person["session"], new)
        seat = {"id": person["seat"], "number": 0, "turn": False, "break": False, "ticket": False}
        seat |= {name: person[name] for name in ("role", "alias", "member")}
        session["seats"].append(seat)
        seats[seat["id"]] = seat
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE sessions (id TEXT PRIMARY KEY, revision INTEGER, document TEXT)")
    database.execute(
        "CREATE TABLE taps (session TEXT, seat TEXT, tap TEXT, PRIMARY KEY (session, seat, tap)) WITHOUT ROWID"
    )
    database.execute("BEGIN")
    for session in sessions.values():
        session["rest"] = "x" * (shape["document"] - len(json.dumps(session)))
        database.execute("INSERT INTO sessions VALUES (?, 0, ?)", (session["id"], json.dumps(session)))
    database.execute("COMMIT")


def filled(panel, size):
    lists = sum(
        150 * len(view.get("shown", ())) if isinstance(view, dict) else 150 * len(view)
        for view in panel["views"].values()
    )
    panel["views"]["rest"] = "x" * max(0, size - 120 - lists)
    return panel


def flags(seat):
    return {name: seat[name] for name in ("turn", "break", "ticket")}


def view(session, seat, what, size):
    seat["number"] += 1
    shown = [] if seat["role"] == "member" else list(session[LINES[what]])
    return seat["id"], filled(
        {"number": seat["number"], "whole": False, "views": {what: {**flags(seat), "shown": shown}}}, size
    )


def whole(session, seat):
    at = session["seats"].index(seat)
    return filled(
        {"number": seat["number"], "whole": True, "views": {"room": flags(seat), "line": session["line"]}},
        shape["whole"][at],
    )


@app.route("/")
def ready():
    return "ready"


@socketio.on("connect")
def connect(auth):
    person = accesses.get(hashlib.sha256(request.cookies.get("id", "").encode()).hexdigest())
    if person is None or not hmac.compare_digest(str(auth.get("key")), person["key"]):
        raise ConnectionRefusedError("no_access")
    connected[request.sid] = (sessions[person["session"]], seats[person["seat"]], [])
    join_room(person["seat"])
    emit("panel", whole(*connected[request.sid][:2]))


@socketio.on("disconnect")
def disconnect(reason):
    connected.pop(request.sid, None)


@socketio.on("whole")
def ask_whole():
    emit("panel", whole(*connected[request.sid][:2]))


@socketio.on("tap")
def tap(message):
    session, seat, taps = connected[request.sid]
    now = time.monotonic()
    taps[:] = [at for at in taps if now - at < 10]
    if len(taps) >= MOST:
        return {"ok": False, "code": "too_fast"}
    taps.append(now)
    if not re.fullmatch(r"[A-Za-z0-9_.-]{8,80}", message["id"]):
        return {"ok": False, "code": "malformed"}
    key = (session["id"], seat["id"], message["id"])
    if database.execute("SELECT 1 FROM taps WHERE session = ? AND seat = ? AND tap = ?", key).fetchone():
        return {"ok": True}
    what, on, step = RULES[message["name"]]
    if seat["member"] < 0 or seat[what] == on:
        return {"ok": False, "code": "not_a_choice"}
    seat[what] = on
    line = session[LINES[what]]
    if on:
        line.append({"seat": seat["id"], "alias": seat["alias"], "since": time.strftime("%Y-%m-%dT%H:%M:%SZ")})
    else:
        line[:] = [each for each in line if each["seat"] != seat["id"]]
    session["revision"] += 1
    changes = [
        view(session, session["seats"][at], what, size) for at, size in shape["deliveries"][step][seat["member"]]
    ]
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "UPDATE sessions SET revision = ?, document = ? WHERE id = ?",
        (session["revision"], json.dumps(session), session["id"]),
    )
    database.execute("INSERT INTO taps VALUES (?, ?, ?)", key)
    database.execute("COMMIT")
    for seat_id, panel in changes:
        emit("panel", panel, room=seat_id)
    return {"ok": True}


if __name__ == "__main__":
    prepare()
    # Its defaults stop at 1,024 sockets and 50 waiting connections: with them it could not be measured at all.
    eventlet.wsgi.server(eventlet.listen(("127.0.0.1", int(port)), backlog=4096), app, max_size=20000, log_output=False)
