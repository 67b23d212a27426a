"""The end of a session: everybody is told and out, and within a minute no byte of it is left; the counts stay."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.core.model import Role
from companion.core.values import replace
from companion.service.deps import Deps
from tests.live.evening import Served, Way, free_port, lean_on, prepare, session_of
from tests.live.watched import Hands, Watched, bye, eventually, refusal
from tests.live.wire import Refused

# Aliases that no random letters spell by chance.
CAST: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Solveig-Quill"),
    ("peer_supporter", "Noor-Quill"),
    ("tech_helper", "Kit-Quill"),
    ("member", "Wren-Quill"),
    ("member", "Ash-Quill"),
)
SOL, NOOR, KIT, WREN, ASH = (alias for _, alias in CAST)
SAID = ("it was about the move", "please look after her", "a number for her", "07700900456", "the picture is green")


class Evening:
    """A session in which much has been said."""

    def __init__(self, served: Served, deps: Deps, hands: Hands) -> None:
        self.served, self.deps, self.hands = served, deps, hands
        self.ways: dict[str, Way] = prepare(deps, CAST)
        self.session_id = session_of(deps, self.ways[SOL])
        self.watched = Watched.open(served, deps, self.ways)
        self._talk()

    def close(self) -> None:
        for command in ("begin_ending", "close_session"):
            assert self.watched.wires[SOL].tap(command, confirmed=True)["ok"]

    def _talk(self) -> None:
        words = iter(SAID)
        for who, command, fields in (
            (WREN, "request_turn", {"note": next(words)}),
            (SOL, "write_note", {"desk": "care", "words": next(words)}),
            (KIT, "write_note", {"desk": "tech", "words": next(words)}),
            (WREN, "open_ticket", {"kind": "cannot_hear"}),
            (WREN, "call_me", {"number": next(words)}),
            (ASH, "open_ticket", {"kind": "something_else", "words": next(words)}),
            (ASH, "raise_break_signal", {"strength": "check_on_me"}),
            (NOOR, "go_on_duty", {}),
            (WREN, "request_breakout", {}),
        ):
            assert self.watched.wires[who].tap(command, **fields) == {"ok": True}


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    port, hands = free_port(), Hands(tmp_path / "clock")
    deps = replace(lean_on(tmp_path, port), clock=hands)
    with Served(tmp_path, port, clock=hands.file) as served:
        evening = Evening(served, deps, hands)
        yield evening
        evening.watched.close()


def test_a_session_closes_and_leaves_nothing(evening: Evening) -> None:
    before = _traces(evening)
    assert before or "DATABASE_URL" in os.environ
    assert all(_found(evening, trace) for trace in before), "the search would find nothing anyway"

    evening.close()
    _everybody_but_the_facilitator_is_out(evening)
    assert evening.watched.wires[SOL].whole()["views"]["debrief"]["shown"]
    assert "Wren-Quill" in str(evening.watched.wires[SOL].panels()[-1])
    _nothing_more_is_taken(evening)
    evening.hands.turn(60)
    eventually(lambda: not evening.deps.store.live(), "an empty live table")

    assert evening.deps.store.load(evening.session_id) is None
    eventually(lambda: _rows(evening) == 0, "empty tables")
    eventually(lambda: not any(_found(evening, trace) for trace in before), "clean files")
    for word in (*SAID, *evening.ways, "about the move", "Quill"):
        assert not _found(evening, word.encode()), f"{word} is still there"
        assert not _found(evening, json.dumps(word)[1:-1].encode())
    _the_facilitator_sees_counts_alone(evening)


def test_closing_is_finished_by_a_server_that_was_killed_before_it_could(evening: Evening) -> None:
    evening.close()
    evening.served.kill()
    evening.hands.turn(60)

    evening.served.start()

    eventually(lambda: not evening.deps.store.live(), "an empty live table")
    eventually(lambda: _rows(evening) == 0, "empty tables")
    assert evening.watched.get(SOL).status_code == 200


def _nothing_more_is_taken(evening: Evening) -> None:
    assert evening.watched.wires[SOL].tap("pause_room") == refusal("session_closed")
    with pytest.raises(Refused) as refused:
        evening.served.connect(evening.ways[WREN])
    assert refused.value.data["message"] == "no_access"
    assert evening.watched.get(WREN).status_code == 401
    assert evening.watched.post(WREN, "request_turn").status_code == 401


def _everybody_but_the_facilitator_is_out(evening: Evening) -> None:
    told = {key: value for key, value in refusal("session_closed").items() if key != "ok"}
    for alias, wire in evening.watched.wires.items():
        if alias != SOL:
            wire.until(lambda wire=wire: wire.closed, f"{alias}'s end")
            assert bye(wire) == told
    assert not evening.watched.wires[SOL].closed


def _the_facilitator_sees_counts_alone(evening: Evening) -> None:
    wire = evening.watched.wires[SOL]
    wire.until(lambda: wire.closed, "her end")
    assert bye(wire)["code"] == "session_closed"
    page = evening.watched.get(SOL)
    assert page.status_code == 200
    assert "2 members came" in page.text
    for word in (*SAID, WREN, ASH, NOOR, KIT):
        assert word not in page.text
    evening.hands.turn(31 * 60)
    assert evening.watched.get(SOL).status_code == 401


def _traces(evening: Evening) -> list[bytes]:
    """What the session leaves in the files while it lives: pieces of its sealed document, and its wrapped key."""
    if "DATABASE_URL" in os.environ:
        return []
    with sqlite3.connect(evening.served.data / "companion.sqlite3") as database:
        (document,) = database.execute("SELECT document FROM live_sessions").fetchone()
        (key,) = database.execute("SELECT wrapped_key FROM session_keys").fetchone()
        marks = [mark for (mark,) in database.execute("SELECT mark FROM taps")]
    database.close()
    return [document[100:130], document[-30:], key, *marks]


def _found(evening: Evening, trace: bytes) -> bool:
    """Whether any file of the installation holds these bytes: database, log and index, the server's log, letters."""
    files = [file for file in evening.served.data.rglob("*") if file.is_file()]
    return any(trace in file.read_bytes() for file in files)


def _rows(evening: Evening) -> int:
    """How many rows of live data there are."""
    with evening.deps.store.database.reading() as connection:  # type: ignore[attr-defined]
        return sum(
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - our own names
            for table in ("live_sessions", "session_keys", "taps", "connections")
        )
