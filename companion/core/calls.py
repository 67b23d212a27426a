"""Who belongs into which room of the call: the rules that redirects to it, and servers that ask, go by."""

from __future__ import annotations

from companion.core.model import SessionState


def may_come_in(state: SessionState, seat_id: str) -> bool:
    """Whether this seat belongs into the call of everybody; whoever waits at the door does not."""
    return state.seat(seat_id).state == "seated"


def open_room_of(state: SessionState, seat_id: str) -> str | None:
    """The one-to-one whose private room is open for this seat, as one of the two."""
    mine = state.breakout_of(seat_id) or state.breakout_with(seat_id)
    return mine.id if mine is not None and mine.state == "open" else None


def is_open(state: SessionState) -> bool:
    """Whether there is a call. Staff may be in it before the doors open; after the end nobody is."""
    return state.phase != "closed"


def open_rooms(state: SessionState) -> tuple[str, ...]:
    """The one-to-ones whose private rooms are open."""
    return tuple(one.id for one in state.breakouts if one.state == "open") if is_open(state) else ()
