"""Finds out what became of a commit that the database never answered: it may have been made all the same.

To those who tapped it says "not sent", so their phones send the same tap again, and it acts once. But the panels that
go with a commit, and what is to be carried out after one, would then never come: the second time there is no change.
"""

from __future__ import annotations

from collections.abc import Callable

from companion.core.model import SessionState
from companion.records import TapRecord
from companion.service.deps import Deps


def show_later(deps: Deps, before: SessionState) -> None:
    """Once the database is back: show each seat for which something is new since ``before`` its whole panel.

    Nobody else hears anything: else a member could tell that somebody had tapped.
    """
    # Nothing else of it is kept meanwhile.
    session_id, numbers = before.id, {seat.id: seat.number for seat in before.seats}

    def look() -> None:
        with deps.locks.of(session_id):
            saved = deps.store.load(session_id)
            new = {seat.id for seat in saved.state.seats if seat.number != numbers.get(seat.id, 0)} if saved else set()
            if saved is not None and new:
                deps.panels.show_again(saved.state, new)

    deps.undone.add(look, session_id)


def finish_later(deps: Deps, session_id: str, tap: TapRecord, work: Callable[[], object]) -> None:
    """Once the database is back: do what follows from this tap, if it is kept. It must be safe to do twice."""

    def look() -> None:
        if deps.store.seen_tap(session_id, tap.seat_id, tap.tap_id) is not None:
            work()

    deps.undone.add(look, f"{session_id} {tap.seat_id} {tap.tap_id}")
