"""Whether nothing was lost, doubled or left behind: what everybody sees and was told, against what is on the disk.

The server has been killed by then, so what is found is what would be there after a power cut.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from benchmarks.people import Person, deps_on
from benchmarks.shape import flags_after
from companion.core.model import SessionState
from companion.core.views import panel_for
from companion.drawing import Drawings
from companion.live.panels import drawn
from companion.ports import Store
from companion.store import SqlStore
from companion.store.tables import taps


@dataclass(frozen=True, slots=True)
class Proof:
    """Counts that all have to be 0."""

    unacknowledged: int = 0  # taps without an answer
    refused: int = 0  # taps that were answered with no
    regressed: int = 0  # panels that were older than the one before
    skipped: int = 0  # panels that never came
    broken: int = 0  # messages that nobody understands
    cut: int = 0  # connections that the server ended
    absent: int = 0  # people who are not connected at the end
    missing: int = 0  # acknowledged taps of which no row is there
    doubled: int = 0  # rows without a tap
    unkept: int = 0  # people whose state on the disk is not what they tapped
    unconverged: int = 0  # people whose panel is not the newest, or not what the state draws
    overrun: int = 0  # taps that the generator could not send in time

    @property
    def holds(self) -> bool:
        """Whether the run counts."""
        return not any(asdict(self).values())

    def __str__(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items() if count) or "nothing lost"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person ended with: the number of her panel, taps acknowledged, and the last whole panel, if any."""

    person: Person
    number: int
    steps: int
    whole: dict[str, Any] | None


def seen_of(people: list[Person], numbers: Path, wholes: Path) -> list[Seen]:
    """What the generator wrote down."""
    panels = {}
    with wholes.open() as lines:
        for line in lines:
            at, _, text = line.partition("\t")
            panels[int(at)] = json.loads(text[2:])[1]
    rows = [line.split() for line in numbers.read_text().splitlines()]
    return [Seen(person, int(rows[at][0]), int(rows[at][1]), panels.get(at)) for at, person in enumerate(people)]


def proved(counts: dict[str, int], seen: list[Seen], folder: Path, form: str, ours: bool, draw_each: int) -> Proof:
    """The proof of one run. Every person's number is compared, and what every ``draw_each``-th session shows."""
    rows, unkept, unconverged = (_ours if ours else _theirs)(seen, folder, form, draw_each)
    return Proof(
        unacknowledged=counts["taps"] - counts["acknowledged"] - counts["refused"],
        refused=counts["refused"],
        regressed=counts["regressed"],
        skipped=counts["skipped"],
        broken=counts["broken"],
        cut=counts["lost"],
        absent=len(seen) - counts["in"],
        missing=max(0, counts["acknowledged"] - rows),
        doubled=max(0, rows - counts["acknowledged"]),
        unkept=unkept,
        unconverged=unconverged,
        overrun=counts["overrun"],
    )


def _ours(seen: list[Seen], folder: Path, form: str, draw_each: int) -> tuple[int, int, int]:
    deps = deps_on(folder)
    unkept = unconverged = 0
    try:
        for at, (session, company) in enumerate(_by_session(seen)):
            saved = deps.store.load(session)
            if saved is None:
                unkept, unconverged = unkept + len(company), unconverged + len(company)
                continue
            unkept += sum(_flags_of(saved.state, one) != _tapped(one) for one in company)
            drawing = at % draw_each == 0
            unconverged += sum(not _converged(saved.state, one, form, drawing) for one in company)
        rows = _taps_of(deps.store)
    finally:
        if isinstance(deps.store, SqlStore):
            deps.store.dispose()
    return rows, unkept, unconverged


def _taps_of(store: Store) -> int:
    assert isinstance(store, SqlStore)
    with store.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(taps)).scalar_one())


def _converged(state: SessionState, one: Seen, form: str, drawing: bool) -> bool:
    if one.whole is None or not one.whole["number"] == one.number == state.seat(one.person.seat).number:
        return False
    if not drawing:
        return True
    seat = state.seat(one.person.seat)
    message = drawn(seat, panel_for(state, seat.id), form, whole=True, by=Drawings())
    expected = msgspec.json.decode(msgspec.json.encode(message))
    return bool(one.whole == json.loads(json.dumps(expected)))


def _flags_of(state: SessionState, one: Seen) -> tuple[bool, bool, bool]:
    seat = one.person.seat
    places = any(place.seat == seat for place in state.queue.line.places)
    signal = any(signal.seat == seat for signal in state.signals)
    ticket = any(ticket.seat == seat for ticket in state.tickets)
    return places, signal, ticket


def _tapped(one: Seen) -> tuple[bool, bool, bool]:
    return flags_after(one.person.member, one.steps) if one.person.member >= 0 else (False, False, False)


def _theirs(seen: list[Seen], folder: Path, form: str, draw_each: int) -> tuple[int, int, int]:
    with sqlite3.connect(folder / "peer.sqlite3") as database:
        sessions = database.execute("SELECT id, document FROM sessions").fetchall()
    seats = {seat["id"]: seat for _, document in sessions for seat in json.loads(document)["seats"]}
    unkept = unconverged = 0
    for one in seen:
        seat = seats[one.person.seat]
        unkept += (bool(seat["turn"]), bool(seat["break"]), bool(seat["ticket"])) != _tapped(one)
        unconverged += one.whole is None or not one.whole["number"] == one.number == seat["number"]
    return _rows(folder / "peer.sqlite3"), unkept, unconverged


def _rows(file: Path) -> int:
    with sqlite3.connect(file) as database:
        return int(database.execute("SELECT count(*) FROM taps").fetchone()[0])


def _by_session(seen: list[Seen]) -> Iterator[tuple[str, list[Seen]]]:
    for session in Counter(one.person.session for one in seen):
        yield session, [one for one in seen if one.person.session == session]
