"""Help tickets as the person with the problem sees them; in the hands of a helper: ``helping``."""

from __future__ import annotations

from companion.core.context import Act
from companion.core.fields import Step
from companion.core.model import DOOR, SYSTEM, Facts, HelpTicket, SessionState, TicketKind, tell
from companion.core.refusals import Refused
from companion.core.values import replace


def open_ticket(state: SessionState, act: Act, *, kind: TicketKind, words: str) -> SessionState:
    """Something does not work. Saying it again changes what is wrong, not since when."""
    return _open(state, act, act.seat.id, kind, words, by=act.seat.id)


def open_for(state: SessionState, act: Act, *, seat_id: str, kind: TicketKind, words: str) -> SessionState:
    """A facilitator asks for help for somebody."""
    if state.seat(seat_id).state == "left":
        raise Refused("no_such_seat")
    return _open(state, act, seat_id, kind, words, by=act.seat.id)


def open_at_door(state: SessionState, act: Act, *, seat_id: str, words: str) -> SessionState:
    """Somebody with an invite can't get in: helpers know her by the alias she was invited with.

    It may be anybody who found the link: nothing of a ticket that is there is overwritten, and the words reach helpers
    and facilitators, never her own page.
    """
    if state.seat(seat_id).removed:
        raise Refused("no_access")
    return _open(state, act, seat_id, "cannot_get_in", words, by=DOOR)


def open_after_drop(state: SessionState, act: Act, *, seat_id: str, fresh: str) -> SessionState:
    """The connection has been gone for a minute."""
    if state.ticket_of(seat_id) is not None:
        return state
    ticket = HelpTicket(fresh, seat_id, "thrown_out", act.at, by=SYSTEM)
    return replace(state, tickets=(*state.tickets, ticket))


def close_after_return(state: SessionState, seat_id: str) -> SessionState:
    """She is back by herself: an untaken drop ticket closes, a taken one asks her whether all is well."""
    ticket = state.ticket_of(seat_id)
    if ticket is None or ticket.by != SYSTEM:
        return state
    if ticket.state == "open":
        return forget(state, seat_id)
    return tell(changed(state, replace(ticket, state="confirming")), seat_id, "did_that_work")


def withdraw(state: SessionState, act: Act) -> SessionState:
    """Never mind; twice is quietly the same."""
    ticket = state.ticket_of(act.seat.id)
    if ticket is None:
        return state
    return tell(forget(state, act.seat.id), ticket.helper, "ticket_withdrawn", act.seat.alias)


def confirm(state: SessionState, act: Act, *, works: bool) -> SessionState:
    """It works: solved and gone. Not yet: open again for everyone, with its first time."""
    ticket = state.ticket_of(act.seat.id)
    if ticket is None:
        if works:
            return state
        raise Refused("no_such_ticket")
    if works:
        return tell(forget(state, act.seat.id), ticket.helper, "ticket_solved", act.seat.alias)
    if ticket.state != "confirming":
        return state
    again = replace(ticket, state="open", helper=None, alerted=False)
    return tell(changed(state, again), ticket.helper, "ticket_not_solved", act.seat.alias)


def mark_step_done(state: SessionState, act: Act, *, step: Step) -> SessionState:
    """She has tried that step."""
    ticket = _own(state, act)
    steps = tuple(replace(card, done=True) if card.card == step else card for card in ticket.steps)
    return changed(state, replace(ticket, steps=steps))


def call_me(state: SessionState, act: Act, *, number: str) -> SessionState:
    """Share a number with this ticket's helper alone."""
    if not number:
        raise Refused("no_number")
    return changed(state, replace(_own(state, act), call_number=number))


def share_facts(state: SessionState, act: Act, *, facts: Facts) -> SessionState:
    """Attach what her page measured; pressing the button is the consent."""
    return changed(state, replace(_own(state, act), facts=facts))


def forget(state: SessionState, seat_id: str) -> SessionState:
    """That seat's ticket is gone."""
    return replace(state, tickets=tuple(ticket for ticket in state.tickets if ticket.seat != seat_id))


def changed(state: SessionState, ticket: HelpTicket) -> SessionState:
    """This session with one ticket replaced by its new value."""
    return replace(state, tickets=tuple(ticket if other.id == ticket.id else other for other in state.tickets))


def _open(state: SessionState, act: Act, seat_id: str, kind: TicketKind, words: str, *, by: str) -> SessionState:
    ticket = state.ticket_of(seat_id)
    if ticket is None:
        opened = HelpTicket(act.fresh, seat_id, kind, act.at, words=words, by=by)
        return replace(state, tickets=(*state.tickets, opened))
    if by not in (seat_id, ticket.by):
        return state  # she, or the drop, has already said it: a colleague's guess does not overwrite it
    # A ticket of a drop that she now speaks of herself is hers.
    before = "" if ticket.by == DOOR and by == seat_id else ticket.words
    return changed(state, replace(ticket, kind=kind, words=words or before, by=by))


def _own(state: SessionState, act: Act) -> HelpTicket:
    ticket = state.ticket_of(act.seat.id)
    if ticket is None:
        raise Refused("no_such_ticket")
    return ticket
