"""What facilitators see of the call itself. Where no platform has reported anybody there is nothing to show."""

from __future__ import annotations

from typing import Literal

from companion.core.callers import people_of
from companion.core.model import BreakoutRequest, InCall, Seat, SessionState
from companion.core.presence import on_duty
from companion.core.views.regions import CallerView, CallView, PairView, PersonView

FEWEST_ROOMS, MOST_ROOMS = 2, 5


def call(state: SessionState, me: Seat) -> CallView:
    """The call, for one facilitator."""
    known = tuple(one for one in state.in_call if not one.ignored)
    here = tuple(one for one in known if one.where in ("call", "room"))
    speaking = state.speaking
    return CallView(
        shown=bool(known) and state.phase != "closed",
        people=tuple(_caller(state, one) for one in here if one.seat),
        waiting=tuple(_caller(state, one) for one in known if one.where == "waiting"),
        unknown=tuple(_caller(state, one) for one in here if not one.seat),
        gone=tuple(PersonView(seat.id, seat.alias) for seat in state.seats if _is_gone(state, seat)),
        seats=tuple(PersonView(s.id, s.alias) for s in state.seats if s.state == "seated"),
        turn=state.queue_turn,
        speaking=people_of(state, speaking.seat) if speaking else (),
        pairs=tuple(_pair(state, mine, me) for mine in state.breakouts if mine.state == "open"),
        moves=state.rules.call_rooms,
        spares=min(max(len(on_duty(state)), FEWEST_ROOMS), MOST_ROOMS) if state.rules.call_rooms else 0,
    )


def _caller(state: SessionState, one: InCall) -> CallerView:
    return CallerView(one.person, one.where, one.seat or "", state.alias(one.seat) or one.name, one.hand > 0)


def _is_gone(state: SessionState, seat: Seat) -> bool:
    # Whoever is out at a one-to-one has not got lost.
    out = state.breakout_of(seat.id) or state.breakout_with(seat.id)
    if seat.state != "seated" or (out is not None and out.state == "open"):
        return False
    hers = [one.where for one in state.in_call if one.seat == seat.id]
    return bool(hers) and all(where == "gone" for where in hers)


def _pair(state: SessionState, mine: BreakoutRequest, me: Seat) -> PairView:
    supporter = mine.supporter or ""
    return PairView(
        mine.id,
        (state.alias(mine.seat), state.alias(supporter)),
        people_of(state, mine.seat),
        people_of(state, supporter),
        _moved(mine, me),
    )


def _moved(mine: BreakoutRequest, me: Seat) -> Literal["", "mine", "theirs", "given_up"]:
    if mine.moved_by is None:
        return "given_up" if mine.room_given_up else ""
    return "mine" if mine.moved_by == me.id else "theirs"
