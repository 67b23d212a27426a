"""Help tickets in the hands of a tech helper: take, put back, hand over, steps, ask whether it worked, pass to care."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core import help_desk
from companion.core.context import Act
from companion.core.fields import Step
from companion.core.model import BreakoutRequest, HelpTicket, SessionState, StepCard, tell
from companion.core.refusals import Refused
from companion.core.values import replace

UNTAKEN_SECONDS = 60
STEPS_SHOWN = 6


def take(state: SessionState, act: Act, *, ticket_id: str) -> SessionState:
    """Take a ticket; it is this helper's alone, and the person hears who has it."""
    ticket = _find(state, ticket_id)
    if ticket.helper == act.seat.id:
        return state
    if ticket.helper is not None:
        raise Refused("ticket_taken")
    if ticket.waited_seconds is None:
        waited = max(0, int((act.at - ticket.opened_at).total_seconds()))
        ticket = replace(ticket, waited_seconds=waited)
        state = replace(state, waits=(*state.waits, waited))
    taken = replace(ticket, state="taken", helper=act.seat.id, alerted=False)
    return tell(help_desk.changed(state, taken), ticket.seat, "ticket_taken", act.seat.alias)


def untake(state: SessionState, act: Act, *, ticket_id: str) -> SessionState:
    """Put it back; it keeps its first time."""
    return _put_back(state, _mine(state, act, ticket_id))


def hand_over(state: SessionState, act: Act, *, ticket_id: str, note: str) -> SessionState:
    """Put it back with a note for the colleague who takes it next."""
    return _put_back(state, replace(_mine(state, act, ticket_id), hand_over=note))


def send_step(state: SessionState, act: Act, *, ticket_id: str, step: Step) -> SessionState:
    """Send a step card; the same card again starts afresh."""
    ticket = _mine(state, act, ticket_id)
    others = tuple(card for card in ticket.steps if card.card != step)
    with_step = replace(ticket, steps=(*others, StepCard(step))[-STEPS_SHOWN:])
    return tell(help_desk.changed(state, with_step), ticket.seat, "step_sent", act.seat.alias)


def ask_if_solved(state: SessionState, act: Act, *, ticket_id: str) -> SessionState:
    """Ask her whether it works now. Somebody who has only a telephone was asked on it, so her ticket is solved."""
    ticket = _mine(state, act, ticket_id)
    if ticket.state == "confirming":
        return state
    if state.seat(ticket.seat).by_phone:
        return help_desk.forget(state, ticket.seat)
    return tell(help_desk.changed(state, replace(ticket, state="confirming")), ticket.seat, "did_that_work")


def pass_to_care(state: SessionState, act: Act, *, ticket_id: str) -> SessionState:
    """Pass a ticket that is not about technology to the care desk; from here on tech helpers see nothing of it."""
    ticket = _find(state, ticket_id)
    if ticket.helper not in (None, act.seat.id):
        raise Refused("ticket_taken")
    seat = state.seat(ticket.seat)
    if seat.role != "member" or seat.by_phone:
        raise Refused("not_yours_to_do")  # a one-to-one opens when she says yes on her own page; colleagues have notes
    state = help_desk.forget(state, ticket.seat)
    mine = state.breakout_of(ticket.seat)
    if mine is None:
        asked = BreakoutRequest(act.fresh, ticket.seat, "asked", ticket.opened_at, words=ticket.words)
        state = replace(state, breakouts=(*state.breakouts, asked))
    else:
        first = min(mine.asked_at, ticket.opened_at)
        both = replace(mine, words=mine.words or ticket.words, asked_at=first)
        state = replace(state, breakouts=tuple(both if other.id == mine.id else other for other in state.breakouts))
    return tell(state, ticket.seat, "passed_to_care")


def forget(state: SessionState, helper_id: str) -> SessionState:
    """A helper left: the tickets taken by that helper are open again, with their first time."""
    for ticket in state.tickets:
        if ticket.helper == helper_id:
            state = _put_back(state, ticket)
    return state


def mark_due(state: SessionState, act: Act) -> SessionState:
    """An untaken ticket alerts all helpers and the facilitators after a minute."""
    for ticket in state.tickets:
        if ticket.state == "open" and not ticket.alerted and act.at >= _alert_at(ticket):
            state = help_desk.changed(state, replace(ticket, alerted=True))
    return state


def mean_wait_seconds(state: SessionState) -> int | None:
    """The mean wait of the last ten tickets of this session, for helpers alone."""
    last = state.waits[-10:]
    return sum(last) // len(last) if last else None


def _alert_at(ticket: HelpTicket) -> datetime:
    return ticket.opened_at + timedelta(seconds=UNTAKEN_SECONDS)


def _put_back(state: SessionState, ticket: HelpTicket) -> SessionState:
    return help_desk.changed(state, replace(ticket, state="open", helper=None))


def _find(state: SessionState, ticket_id: str) -> HelpTicket:
    for ticket in state.tickets:
        if ticket.id == ticket_id:
            return ticket
    raise Refused("no_such_ticket")


def _mine(state: SessionState, act: Act, ticket_id: str) -> HelpTicket:
    ticket = _find(state, ticket_id)
    if ticket.helper != act.seat.id:
        raise Refused("not_your_ticket")
    return ticket
