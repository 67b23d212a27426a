"""One-to-ones with a peer supporter: asked or offered, claimed, accepted, open, finished. Announced to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.context import Act
from companion.core.help_desk import changed
from companion.core.model import DOOR, BreakoutRequest, HelpTicket, Seat, SessionState, tell
from companion.core.presence import on_duty
from companion.core.refusals import Refused
from companion.core.values import replace

UNANSWERED_SECONDS = 60


def go_on_duty(state: SessionState, act: Act) -> SessionState:
    """This supporter takes one-to-ones now."""
    return state.with_seat(replace(act.seat, on_duty=True))


def go_off_duty(state: SessionState, act: Act) -> SessionState:
    """No new ones. A claim that has not opened goes back to whoever else is on duty; an open one goes on."""
    state = state.with_seat(replace(act.seat, on_duty=False))
    mine = state.breakout_with(act.seat.id)
    if mine is None or mine.state != "claimed":
        return state
    return tell(_put_back(state, mine), mine.seat, "one_to_one_waits")


def request(state: SessionState, act: Act, *, wanted: str | None) -> SessionState:
    """Ask for anyone or for one person. Asking again keeps the first time and may change who."""
    mine = state.breakout_of(act.seat.id)
    if mine is not None and mine.state == "offered":
        return _asked_instead(state, act, mine, wanted)
    if mine is not None and mine.state != "asked":
        return state
    _check_wanted(state, wanted)
    if mine is not None:
        return _changed(state, replace(mine, wanted=wanted))
    return _added(state, BreakoutRequest(act.fresh, act.seat.id, "asked", act.at, wanted=wanted))


def withdraw(state: SessionState, act: Act) -> SessionState:
    """Take it back before it opens, or say no thank you to an offer. No reason is asked, nobody is blamed."""
    mine = state.breakout_of(act.seat.id)
    if mine is None:
        return state
    if mine.state == "open":
        return finish(state, act)
    state = _removed(state, mine)
    return tell(state, mine.supporter or mine.offered_by, "one_to_one_not_now", act.seat.alias)


def offer(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """Offer a one-to-one; only she can say yes."""
    seat = state.seat(seat_id)
    if seat.role != "member" or seat.state != "seated" or seat.by_phone:
        raise Refused("no_such_seat")
    if act.seat.role == "peer_supporter":
        _check_free(state, act.seat)
    if state.breakout_of(seat_id) is not None:
        raise Refused("already_asked")
    offered = BreakoutRequest(act.fresh, seat_id, "offered", act.at, offered_by=act.seat.id)
    return tell(_added(state, offered), seat_id, "one_to_one_offered", act.seat.alias)


def claim(state: SessionState, act: Act, *, request_id: str) -> SessionState:
    """Take a request: one supporter, one request, first come first served."""
    mine = _find(state, request_id)
    if mine.supporter == act.seat.id:
        return state
    if mine.supporter is not None:
        raise Refused("someone_else_has_it")
    if mine.state != "asked":
        raise Refused("request_moved_on")
    if not asked_of(mine, act.seat):
        raise Refused("asked_for_someone_else")
    _check_free(state, act.seat)
    state = _changed(state, replace(mine, state="claimed", supporter=act.seat.id))
    return tell(state, mine.seat, "one_to_one_claimed", act.seat.alias)


def unclaim(state: SessionState, act: Act, *, request_id: str) -> SessionState:
    """Put it back before it opens; withdraw an offer; she keeps her first time."""
    mine = _find(state, request_id)
    if mine.state == "offered" and mine.offered_by == act.seat.id:
        return _removed(state, mine)
    if mine.supporter != act.seat.id:
        raise Refused("no_such_request")
    if mine.state == "open":
        raise Refused("request_moved_on")
    return tell(_put_back(state, mine), mine.seat, "one_to_one_waits")


def accept(state: SessionState, act: Act) -> SessionState:
    """She says yes. An offer by a supporter who is free opens at once; otherwise somebody has to claim it first."""
    mine = state.breakout_of(act.seat.id)
    if mine is None:
        raise Refused("no_such_request")
    if mine.state == "open":
        return state
    if mine.state == "offered":
        return _accept_offer(state, act, mine)
    if mine.state != "claimed":
        raise Refused("request_moved_on")
    return _opened(state, mine, act)


def finish(state: SessionState, act: Act) -> SessionState:
    """Either of the two says that they are done; twice is quietly the same."""
    mine = state.breakout_of(act.seat.id) or state.breakout_with(act.seat.id)
    if mine is None:
        return state
    if mine.state != "open":
        raise Refused("request_moved_on")
    other = mine.supporter if act.seat.id == mine.seat else mine.seat
    return tell(_removed(state, mine), other, "one_to_one_finished", act.seat.alias)


def move_into_room(state: SessionState, act: Act, *, request_id: str) -> SessionState:
    """This facilitator's page takes both into a room of the call; no other page does so as well."""
    mine = _find(state, request_id)
    if mine.state != "open" or mine.room_given_up or not state.rules.call_rooms:
        raise Refused("request_moved_on")
    if mine.moved_by not in (None, act.seat.id):
        raise Refused("someone_else_has_it")
    return _changed(state, replace(mine, moved_by=act.seat.id))


def give_up_room(state: SessionState, act: Act, *, request_id: str) -> SessionState:
    """The call did not take them there: their own private room is the one to meet in."""
    mine = _find(state, request_id)
    if act.seat.role != "facilitator" and act.seat.id not in (mine.seat, mine.supporter):
        raise Refused("no_such_request")
    return _changed(state, replace(mine, moved_by=None, room_given_up=True))


def pass_to_tech(state: SessionState, act: Act, *, request_id: str) -> SessionState:
    """Pass a request that is about technology to the tech desk. Nothing of its past goes with it but its first time."""
    mine = _find(state, request_id)
    if mine.state != "asked" or not asked_of(mine, act.seat):
        raise Refused("request_moved_on")
    state = tell(_removed(state, mine), mine.seat, "passed_to_tech")
    there = state.ticket_of(mine.seat)
    if there is not None:
        return changed(state, replace(there, opened_at=min(there.opened_at, mine.asked_at)))
    # Its words may once have been written at the door, by somebody else: they do not come to her page.
    ticket = HelpTicket(act.fresh, mine.seat, "something_else", mine.asked_at, words=mine.words, by=DOOR)
    return replace(state, tickets=(*state.tickets, ticket))


def forget(state: SessionState, seat_id: str) -> SessionState:
    """Somebody left: her own request is gone; one she had claimed goes back with its first time."""
    mine = state.breakout_of(seat_id)
    if mine is not None:
        state = tell(_removed(state, mine), mine.supporter, "one_to_one_finished", state.alias(seat_id))
    taken = state.breakout_with(seat_id)
    if taken is None:
        return state
    if taken.state == "open":
        return tell(_removed(state, taken), taken.seat, "one_to_one_finished", state.alias(seat_id))
    return tell(_put_back(state, taken), taken.seat, "one_to_one_waits")


def mark_due(state: SessionState, act: Act) -> SessionState:
    """Nudge both past the soft limit, and tell facilitators of a request that nobody has taken."""
    for mine in state.breakouts:
        if mine.state == "open" and not mine.over and mine.opened_at and act.at >= limit_at(state, mine.opened_at):
            state = _changed(state, replace(mine, over=True))
            state = tell(tell(state, mine.seat, "one_to_one_over"), mine.supporter, "one_to_one_over")
        if mine.state == "asked" and act.at - mine.asked_at >= timedelta(seconds=UNANSWERED_SECONDS):
            state = _changed(state, replace(mine, waited=True))
    return state


def limit_at(state: SessionState, opened_at: datetime) -> datetime:
    """When the soft limit of a one-to-one opened then is reached."""
    return opened_at + timedelta(minutes=state.rules.one_to_one_minutes)


def asked_of(mine: BreakoutRequest, seat: Seat) -> bool:
    """Whether this person may take the request: it names nobody, or names her, or she is a facilitator."""
    return mine.wanted in (None, seat.id) or seat.role == "facilitator"


def _asked_instead(state: SessionState, act: Act, mine: BreakoutRequest, wanted: str | None) -> SessionState:
    # Naming nobody, she asks for whoever offered; she may just as well ask for somebody else.
    if wanted is not None:
        _check_wanted(state, wanted)
    return _changed(state, replace(mine, state="asked", asked_at=act.at, wanted=wanted or mine.offered_by))


def _accept_offer(state: SessionState, act: Act, mine: BreakoutRequest) -> SessionState:
    offerer = state.seat(mine.offered_by or "")
    free = state.breakout_with(offerer.id) is None and offerer.state == "seated"
    if free and (offerer.role == "facilitator" or offerer.on_duty):
        return _opened(state, replace(mine, supporter=offerer.id), act)
    return _changed(state, replace(mine, state="asked", asked_at=act.at))


def _opened(state: SessionState, mine: BreakoutRequest, act: Act) -> SessionState:
    state = _changed(state, replace(mine, state="open", opened_at=act.at))
    return tell(state, mine.supporter, "one_to_one_open", act.seat.alias)


def _check_wanted(state: SessionState, wanted: str | None) -> None:
    if not on_duty(state):
        raise Refused("no_supporter_on_duty")
    if wanted is None or wanted in {seat.id for seat in on_duty(state)}:
        return
    seat = next((seat for seat in state.seats if seat.id == wanted), None)
    # One answer for members, strangers and supporters off duty: a guess must not tell who is here.
    if seat is None or seat.role != "facilitator" or seat.state != "seated":
        raise Refused("supporter_off_duty")


def _check_free(state: SessionState, seat: Seat) -> None:
    if seat.role == "peer_supporter" and not seat.on_duty:
        raise Refused("not_on_duty")
    if state.breakout_with(seat.id) is not None:
        raise Refused("already_with_someone")


def _find(state: SessionState, request_id: str) -> BreakoutRequest:
    for mine in state.breakouts:
        if mine.id == request_id:
            return mine
    raise Refused("no_such_request")


def _put_back(state: SessionState, mine: BreakoutRequest) -> SessionState:
    return _changed(state, replace(mine, state="asked", supporter=None))


def _added(state: SessionState, mine: BreakoutRequest) -> SessionState:
    return replace(state, breakouts=(*state.breakouts, mine))


def _changed(state: SessionState, mine: BreakoutRequest) -> SessionState:
    return replace(state, breakouts=tuple(mine if other.id == mine.id else other for other in state.breakouts))


def _removed(state: SessionState, mine: BreakoutRequest) -> SessionState:
    return replace(state, breakouts=tuple(other for other in state.breakouts if other.id != mine.id))
