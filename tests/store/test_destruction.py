"""A destroyed session leaves no byte in the files: neither alias, nor key, nor document, nor tap."""

from __future__ import annotations

import random
import sqlite3
import threading
import time

import pytest
from sqlalchemy import select

from companion.core.model import Seat, SessionState
from companion.ports import StoreDown
from companion.records import TapRecord
from companion.store import SqlStore, database
from companion.store.engine import sqlite_file
from companion.store.tables import connections, live_sessions, session_keys, taps
from tests.store.builders import NOW, a_connection, a_state

PIECE = 16  # bytes: whoever finds that much finds it by no accident


def test_nothing_of_a_destroyed_session_is_left_in_the_files(on_sqlite):
    on_sqlite.create(a_state(members=12), NOW)
    caught = pieces(on_sqlite, "evening")
    for number in range(30):
        on_sqlite.save("evening", 1 + number, a_state(members=number), NOW, TapRecord("seat-1", str(number), "digest"))
        on_sqlite.open([a_connection(f"socket-{number}")])
        caught |= pieces(on_sqlite, "evening")
    assert any(piece in files_of(on_sqlite) for piece in caught)  # this search does find what is there

    on_sqlite.destroy("evening")

    raw = files_of(on_sqlite)
    assert [piece for piece in caught if piece in raw] == []
    assert [name for name in (b"Wren", b"seat-1", b"socket-29") if name in raw] == []


def test_no_rest_survives_when_many_small_sessions_come_and_go(on_sqlite):
    # secure_delete alone fails this: rows moved between pages leave copies of themselves behind, small ones above all.
    walk = random.Random(2)  # noqa: S311 - a walk to repeat, not a secret
    caught: dict[str, set[bytes]] = {}
    left = []
    for number in range(400):
        if walk.random() < 0.3 or not caught:
            on_sqlite.create(a_state(f"session-{number}"), NOW)
            caught[f"session-{number}"] = set()
        name = walk.choice(sorted(caught))
        change(on_sqlite, walk, name, number)
        caught[name] |= pieces(on_sqlite, name)
        if walk.random() < 0.25:
            on_sqlite.destroy(name)
            raw = files_of(on_sqlite)
            left += [piece for piece in caught.pop(name) if piece in raw]

    assert left == []


def change(store: SqlStore, walk: random.Random, name: str, number: int) -> None:
    saved = store.load(name)
    assert saved is not None
    seats = tuple(Seat(str(each), "member", "Wren") for each in range(walk.choice((0, 1, 2))))
    due_at = walk.choice((None, NOW))
    store.save(name, saved.revision, SessionState(name, seats=seats), due_at, TapRecord("a", str(number), "d"))


def test_a_reader_delays_a_destruction_but_does_not_stop_it(on_sqlite):
    on_sqlite.create(a_state(), NOW)
    caught = pieces(on_sqlite, "evening")
    reader = a_reader(on_sqlite)
    threading.Timer(0.5, reader.close).start()

    began = time.monotonic()
    on_sqlite.destroy("evening")

    assert time.monotonic() - began >= 0.5
    raw = files_of(on_sqlite)
    assert [piece for piece in caught if piece in raw] == []


def test_taps_go_on_while_a_destruction_waits_for_a_reader(on_sqlite):
    on_sqlite.create(a_state(), NOW)
    on_sqlite.create(a_state("other"), NOW)
    reader = a_reader(on_sqlite)
    destroying = threading.Thread(target=on_sqlite.destroy, args=("evening",))
    destroying.start()

    for revision in range(1, 11):
        on_sqlite.save("other", revision, a_state("other"), NOW, TapRecord("seat-1", str(revision), "digest"))

    assert destroying.is_alive()
    reader.close()
    destroying.join()
    assert on_sqlite.load("other").revision == 11


def test_a_destruction_that_cannot_end_says_so_and_stays_due(on_sqlite, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    on_sqlite.create(a_state(), None)
    reader = a_reader(on_sqlite)

    with pytest.raises(StoreDown):
        on_sqlite.destroy("evening")

    assert on_sqlite.load("evening") is None
    assert on_sqlite.due(NOW) == ["evening"]
    reader.close()
    on_sqlite.destroy("evening")
    assert on_sqlite.due(NOW) == []


def test_the_rows_are_gone_on_every_database(on_database):
    on_database.create(a_state(), NOW)
    on_database.save("evening", 1, a_state(), NOW, TapRecord("seat-1", "tap-1", "digest"))
    on_database.open([a_connection("socket")])

    on_database.destroy("evening")

    with on_database.database.reading() as db:
        rows = [db.execute(select(table)).all() for table in (live_sessions, session_keys, taps, connections)]
    assert rows == [[], [], [], []]


def a_reader(store: SqlStore) -> sqlite3.Connection:
    """Somebody else in the middle of reading, as a backup would be."""
    reader = sqlite3.connect(sqlite_file(store.database.engine), check_same_thread=False, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM live_sessions").fetchone()
    return reader


def pieces(store: SqlStore, session_id: str) -> set[bytes]:
    """Sixteen bytes here and there of all that stands in the database for this session."""
    with store.database.reading() as db:
        cells = [
            *db.execute(select(live_sessions.c.document).where(live_sessions.c.session_id == session_id)).scalars()
        ]
        cells += db.execute(select(session_keys.c.wrapped_key).where(session_keys.c.session_id == session_id)).scalars()
        for tap in db.execute(select(taps.c.mark, taps.c.digest).where(taps.c.session_id == session_id)):
            cells += tap
    return {bytes(cell[at : at + PIECE]) for cell in cells for at in range(1, len(cell) - PIECE, 31)}


def files_of(store: SqlStore) -> bytes:
    file = sqlite_file(store.database.engine)
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
