"""Finds out what became of a commit that the database never answered: it may have been made all the same.

To those who tapped it says "not sent", so their phones send the same tap again, and it acts once. But the panels that
go with a commit, and what is to be carried out after one, would then never come: the second time there is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from companion.records import TapRecord
from companion.service.deps import Deps


def nothing() -> None:
    """There is nothing to be carried out."""


def look_later(
    deps: Deps, session_id: str, taps: Sequence[TapRecord] = (), then: Callable[[], object] = nothing
) -> None:
    """Once the database is back: if one of these taps is kept, or where there are none, show everybody the session as
    it is, and do ``then``, which must be safe to do twice.
    """

    def look() -> None:
        if _shown_again(deps, session_id, taps):
            then()

    deps.undone.add(look, " ".join((session_id, *(tap.tap_id for tap in taps))))


def _shown_again(deps: Deps, session_id: str, taps: Sequence[TapRecord]) -> bool:
    with deps.locks.of(session_id):
        saved = deps.store.load(session_id)
        if saved is None:
            return True  # the session is over, perhaps by this very tap: there is nobody to show it to
        if taps and not any(deps.store.seen_tap(session_id, tap.seat_id, tap.tap_id) for tap in taps):
            return False
        deps.panels.show_again(saved.state)
        return True
