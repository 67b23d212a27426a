"""Regions that several staff panels share, each cut to what its viewer may see."""

from __future__ import annotations

from companion.core import breakouts, helping
from companion.core.model import SYSTEM, BreakoutRequest, BreakSignal, HelpTicket, Seat, SessionState
from companion.core.presence import on_duty
from companion.core.room import DESKS_OF
from companion.core.views.regions import (
    AnswerView,
    NotesView,
    NoteView,
    OneToOnesView,
    PersonView,
    RequestView,
    SignalsView,
    SignalView,
    StaffRoom,
    TicketsView,
    TicketView,
)


def staff_room(state: SessionState, seat: Seat) -> StaffRoom:
    """The session; who is out, has asked or signals is for facilitators, who alone can end it."""
    room = StaffRoom(
        phase=state.phase,
        role=seat.role,
        alias=seat.alias,
        language=seat.language,
        started_at=state.started_at,
        seated=sum(1 for s in state.seats if s.state == "seated" and s.role == "member"),
        waiting=0,
    )
    if seat.role != "facilitator":
        return room
    return StaffRoom(
        phase=room.phase,
        role=room.role,
        alias=room.alias,
        language=room.language,
        started_at=room.started_at,
        seated=room.seated,
        waiting=sum(1 for s in state.seats if s.state == "waiting"),
        out=tuple(state.alias(r.seat) for r in state.breakouts if r.state == "open"),
        asked=tuple(state.alias(r.seat) for r in state.breakouts if r.state != "open"),
        signalling=tuple(state.alias(s.seat) for s in state.signals if s.state == "raised"),
        no_plan=state.phase == "planned" and not state.rules.safeguarded,
    )


def signals(state: SessionState) -> SignalsView:
    """All signals, for facilitators."""
    return SignalsView(tuple(_signal(state, signal, hosting=True) for signal in state.signals), may_settle=True)


def escalated_signals(state: SessionState, seat: Seat) -> SignalsView:
    """For a peer supporter: only those that nobody answered."""
    seen = (signal for signal in state.signals if signal.escalated and signal.seat != seat.id)
    return SignalsView(tuple(_signal(state, signal, hosting=False) for signal in seen), may_settle=False)


def one_to_ones(state: SessionState, seat: Seat) -> OneToOnesView:
    """Everything for a facilitator; for a supporter her own and those she may take."""
    hosting = seat.role == "facilitator"
    requests = tuple(_request(state, mine, seat) for mine in state.breakouts if hosting or _concerns(mine, seat))
    busy = state.breakout_with(seat.id) is not None
    may_offer = hosting or (seat.on_duty and not busy)
    # For a supporter the list does not shrink with other people's requests: it would tell her of them.
    taken = {mine.seat for mine in state.breakouts if hosting or _concerns(mine, seat)}
    people = tuple(
        PersonView(s.id, s.alias)
        for s in state.seats
        if s.role == "member" and s.state == "seated" and not s.by_phone and s.id not in taken
    )
    names = tuple(s.alias for s in on_duty(state))
    return OneToOnesView(requests, names, people if may_offer else (), busy)


def tickets(state: SessionState) -> TicketsView:
    """The tech desk as facilitators see it: they take no tickets, and ask for help for somebody."""
    ticketed = {ticket.seat for ticket in state.tickets}
    people = tuple(
        PersonView(s.id, s.alias) for s in state.seats if s.state in ("waiting", "seated") and s.id not in ticketed
    )
    return _tickets(state, None, people)


def helpers_tickets(state: SessionState, seat: Seat) -> TicketsView:
    """The tech desk of a tech helper, who takes tickets."""
    return _tickets(state, seat, ())


def _tickets(state: SessionState, helper: Seat | None, people: tuple[PersonView, ...]) -> TicketsView:
    return TicketsView(
        tickets=tuple(_ticket(state, ticket, helper) for ticket in sorted(state.tickets, key=lambda t: t.opened_at)),
        mean_wait_seconds=helping.mean_wait_seconds(state),
        lost=tuple(PersonView(s.id, s.alias) for s in state.seats if s.lost),
        may_take=helper is not None,
        may_open_for=people,
    )


def notes(state: SessionState, seat: Seat) -> NotesView:
    """The backchannel of this person's desks."""
    desks = DESKS_OF[seat.role]
    seen = tuple(note for note in state.notes if note.desk in desks)
    return NotesView(
        desks=tuple(desk for desk in ("care", "tech") if desk in desks),
        notes=tuple(NoteView(n.desk, state.alias(n.by), n.words, n.at, n.by == seat.id) for n in seen),
    )


def _concerns(mine: BreakoutRequest, seat: Seat) -> bool:
    if mine.supporter is not None:
        return mine.supporter == seat.id
    if mine.state == "offered":
        return mine.offered_by == seat.id
    return breakouts.asked_of(mine, seat)


def _signal(state: SessionState, signal: BreakSignal, *, hosting: bool) -> SignalView:
    seat = state.seat(signal.seat)
    return SignalView(
        seat=seat.id,
        alias=seat.alias,
        strength=signal.strength,
        state=signal.state,
        raised_at=signal.raised_at,
        seen_by=state.alias(signal.seen_by),
        answers=tuple(AnswerView(answer.reply, state.alias(answer.by)) for answer in signal.answers),
        back_at=signal.back_at,
        overdue=signal.overdue,
        escalated=signal.escalated,
        if_i_vanish=seat.if_i_vanish if hosting else "wait",
        has_phone=seat.has_phone and hosting,
        may_offer=hosting and seat.role == "member" and state.breakout_of(seat.id) is None,
    )


def _request(state: SessionState, mine: BreakoutRequest, viewer: Seat) -> RequestView:
    may_take = mine.state == "asked" and breakouts.asked_of(mine, viewer)
    free = state.breakout_with(viewer.id) is None and (viewer.role == "facilitator" or viewer.on_duty)
    return RequestView(
        request=mine.id,
        seat=mine.seat,
        alias=state.alias(mine.seat),
        state=mine.state,
        asked_at=mine.asked_at,
        wanted=state.alias(mine.wanted),
        offered_by=state.alias(mine.offered_by),
        supporter=state.alias(mine.supporter),
        words=mine.words,
        opened_at=mine.opened_at,
        over=mine.over,
        waited=mine.waited,
        moved=mine.moved_by is not None,
        mine=mine.supporter == viewer.id or (mine.supporter is None and mine.offered_by == viewer.id),
        may_claim=may_take and free,
    )


def _ticket(state: SessionState, ticket: HelpTicket, helper: Seat | None) -> TicketView:
    mine = helper is not None and ticket.helper == helper.id
    return TicketView(
        ticket=ticket.id,
        seat=ticket.seat,
        alias=state.alias(ticket.seat),
        kind=ticket.kind,
        state=ticket.state,
        words=ticket.words,
        opened_at=ticket.opened_at,
        after_drop=ticket.by == SYSTEM,
        helper=state.alias(ticket.helper),
        mine=mine,
        hand_over=ticket.hand_over,
        steps=ticket.steps,
        facts=ticket.facts if helper is not None else None,
        wants_call=bool(ticket.call_number),
        call_number=ticket.call_number if mine else "",
        alerted=ticket.alerted,
        lost=state.seat(ticket.seat).lost,
    )
