"""Who is in the call, as platforms and facilitators' own pages report it: hints, late, doubled and out of order.

Our queue and requests are the truth; what is noted here only helps facilitators to see who is who.
"""

from __future__ import annotations

from datetime import datetime

from companion.core import turns
from companion.core.context import Act
from companion.core.model import InCall, InTheCall, Place, SessionState
from companion.core.refusals import Refused
from companion.core.values import replace

MOST = 100  # connections of one evening; the oldest that are gone give way


def note(
    state: SessionState, *, person: str, caller: str, name: str, where: InTheCall, happened_at: datetime
) -> SessionState:
    """Somebody came into the call, into its waiting room or into one of its rooms, or went. An older report is late."""
    known = in_call(state, person)
    if known is not None and happened_at < known.at:
        return state
    seat = _seat_called(state, caller) or (known.seat if known else None)
    if known is None:
        known = InCall(person, where, happened_at)
    elif (known.where, known.seat) == (where, seat):
        return state
    hand = 0 if where == "gone" else known.hand
    after = replace(known, where=where, at=happened_at, seat=seat, name="" if seat else name or known.name, hand=hand)
    state = _with(state, after)
    return _hand_lowered(state, seat) if where == "gone" else state


def notice(
    state: SessionState, *, person: str, caller: str, name: str, where: InTheCall, happened_at: datetime
) -> SessionState:
    """The same, as a platform reports it: in whole seconds, and in any order."""
    known = in_call(state, person)
    if known is not None and where == "gone" and happened_at == known.at:
        return state  # from one room into another: she is in one of them
    return note(state, person=person, caller=caller, name=name, where=where, happened_at=happened_at)


def note_hand(state: SessionState, act: Act, *, person: str, caller: str, raised: int) -> SessionState:
    """A hand went up in the call, or down (``raised`` is 0). One raising asks once, however often it is told."""
    known = in_call(state, person) or InCall(person, "call", act.at)
    seat = _seat_called(state, caller) or known.seat
    if known.hand == raised and known.seat == seat:
        return state
    state = _with(state, replace(known, hand=raised, seat=seat, name="" if seat else known.name))
    return _hand_raised(state, act, seat) if raised else _hand_lowered(state, seat)


def match(state: SessionState, act: Act, *, person: str, seat_id: str) -> SessionState:
    """A facilitator knows whose voice or face this is."""
    known = _known(state, person)
    seat = state.seat(seat_id)
    if seat.state != "seated":
        raise Refused("no_such_seat")
    state = _with(state, replace(known, seat=seat.id, name="", ignored=False))
    return _hand_raised(state, act, seat.id) if known.hand else state


def ignore(state: SessionState, *, person: str) -> SessionState:
    """It is nobody who needs a seat: an interpreter, a facilitator's second screen."""
    return _with(state, replace(_known(state, person), ignored=True, seat=None))


def forget(state: SessionState, seat_id: str) -> SessionState:
    """Nothing here tells any more who she was."""
    return replace(state, in_call=tuple(one for one in state.in_call if one.seat != seat_id))


def in_call(state: SessionState, person: str) -> InCall | None:
    """What was last reported of this connection."""
    return next((one for one in state.in_call if one.person == person), None)


def people_of(state: SessionState, seat_id: str | None) -> tuple[str, ...]:
    """The connections by which somebody is in the call now."""
    return tuple(
        one.person for one in state.in_call if one.seat == seat_id and one.where in ("call", "room") and seat_id
    )


def _seat_called(state: SessionState, caller: str) -> str | None:
    return next((seat.id for seat in state.seats if caller and seat.caller == caller), None)


def _known(state: SessionState, person: str) -> InCall:
    known = in_call(state, person)
    if known is None:
        raise Refused("nobody_in_the_call")
    return known


def _with(state: SessionState, after: InCall) -> SessionState:
    if in_call(state, after.person) is not None:
        return replace(state, in_call=tuple(after if one.person == after.person else one for one in state.in_call))
    kept = state.in_call
    if len(kept) >= MOST:
        gone = next((one for one in kept if one.where == "gone"), None)
        if gone is None:
            return state
        kept = tuple(one for one in kept if one is not gone)
    return replace(state, in_call=(*kept, after))


def _hand_raised(state: SessionState, act: Act, seat_id: str | None) -> SessionState:
    # Where asking is closed the hand is shown to facilitators and asks for nothing: a no would reach nobody.
    line = state.queue.line
    speaks = line.speaking is not None and line.speaking.seat == seat_id
    if seat_id is None or speaks or line.asking != "open" or turns.place_of(line, seat_id):
        return state
    seat = state.seat(seat_id)
    if seat.state != "seated" or seat.role == "tech_helper":
        return state
    return turns.with_places(state, (*line.places, Place(seat_id, act.at, own=True, by_hand=True)))


def _hand_lowered(state: SessionState, seat_id: str | None) -> SessionState:
    place = turns.place_of(state.queue.line, seat_id) if seat_id else None
    still_up = any(one.hand for one in state.in_call if one.seat == seat_id)
    if place is None or not place.by_hand or still_up:
        return state
    return turns.without_place(state, place.seat)
