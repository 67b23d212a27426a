"""Who could go next: the first place that is not frozen, and in "quieter voices first" a suggestion with its reason."""

from __future__ import annotations

from typing import Literal

from companion.core.model import Place, SessionState
from companion.core.presence import all_away
from companion.core.values import Value


class Suggestion(Value, frozen=True):
    """Somebody a facilitator may like to invite first, and why; never acted upon by itself."""

    seat: str
    reason: Literal["not_spoken_yet", "spoken_less"]


def ready_places(state: SessionState) -> tuple[Place, ...]:
    """The places that could be called now, in order: neither frozen nor "not yet"."""
    gone = all_away(state)
    return tuple(place for place in state.queue.line.places if not place.not_yet and place.seat not in gone)


def next_place(state: SessionState) -> Place | None:
    """The place that "next" calls, or None."""
    return next(iter(ready_places(state)), None)


def suggestion(state: SessionState) -> Suggestion | None:
    """In "quieter voices first": the one heard least, if the line would call somebody heard more."""
    line = state.queue.line
    ready = ready_places(state)
    if line.mode != "quieter_first" or len(ready) < 2:
        return None
    heard = {place.seat: line.spoken.count(place.seat) for place in ready}
    quietest = min(ready, key=lambda place: heard[place.seat])
    if heard[quietest.seat] >= heard[ready[0].seat]:
        return None
    return Suggestion(quietest.seat, "spoken_less" if heard[quietest.seat] else "not_spoken_yet")
