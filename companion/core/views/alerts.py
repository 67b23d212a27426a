"""What needs a human now, most pressing first: one list, so that a facilitator never has to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from companion.core import guessing
from companion.core.model import SessionState
from companion.core.views.regions import AlertKind, AlertView, NowPerson, NowView

# A person before a machine, danger before discomfort, the door before the line.
ORDER: tuple[AlertKind, ...] = (
    "cannot_talk",
    "check_on_me",
    "vanished",
    "overdue",
    "break_raised",
    "voice_knock",
    "second_device",
    "wrong_passcodes",
    "one_to_one_unanswered",
    "knock",
    "ticket_untaken",
    "lost",
    "one_to_one_over",
)
URGENT = frozenset(ORDER[:4])
KINDS_IN_SIGHT = 3  # beside the heading, which must stay one line


def now(state: SessionState) -> NowView:
    """What needs a human, by person: each stands where her most pressing alert stands."""
    found = alerts(state)
    people = tuple(_person(seat, found) for seat in dict.fromkeys(alert.seat for alert in found))
    kinds = tuple(dict.fromkeys(person.alerts[0].kind for person in people))
    return NowView(found, people, sum(person.urgent for person in people), kinds[:KINDS_IN_SIGHT])


def alerts(state: SessionState) -> tuple[AlertView, ...]:
    """Every open alert, by urgency and then by age."""
    found = (*_of_signals(state), *_of_seats(state), *_of_requests(state))
    return tuple(sorted(found, key=lambda alert: (ORDER.index(alert.kind), alert.since)))


def _person(seat: str, found: tuple[AlertView, ...]) -> NowPerson:
    hers = tuple(alert for alert in found if alert.seat == seat)
    return NowPerson(seat, hers[0].alias, hers[0].kind in URGENT, hers)


def _of_signals(state: SessionState) -> Iterator[AlertView]:
    raised: dict[str, AlertKind] = {
        "cannot_talk": "cannot_talk",
        "check_on_me": "check_on_me",
        "few_minutes": "break_raised",
    }
    for signal in state.signals:
        alias = state.alias(signal.seat)
        if signal.overdue and signal.back_at:
            plan = state.seat(signal.seat).if_i_vanish
            yield AlertView("overdue", signal.seat, alias, signal.back_at, plan)
        # "Seen" settles nothing for somebody who cannot talk or wants to be checked on: only an answer does.
        settled = "answered" if signal.strength != "few_minutes" else "seen"
        if signal.state not in ("answered", settled):
            detail = "escalated" if signal.escalated else signal.state
            yield AlertView(raised[signal.strength], signal.seat, alias, signal.raised_at, detail)


def _of_seats(state: SessionState) -> Iterator[AlertView]:
    for seat in state.seats:
        if seat.lost and seat.dropped_at:
            away_too = state.signal_of(seat.id) is not None
            kind: AlertKind = "vanished" if away_too else "lost"
            yield AlertView(kind, seat.id, seat.alias, seat.dropped_at, seat.if_i_vanish)
        if seat.state == "waiting" and not seat.not_now and seat.knocked_at:
            yield AlertView("knock", seat.id, seat.alias, seat.knocked_at)
        if seat.voice_knock is not None:
            yield AlertView("voice_knock", seat.id, seat.alias, seat.voice_knock.at, seat.voice_knock.number)
        if seat.wrong_since and seat.wrong_passcodes >= guessing.ALERT_AT:
            yield AlertView("wrong_passcodes", seat.id, seat.alias, seat.wrong_since)
        for device in seat.devices:
            if device.flagged:
                yield AlertView("second_device", seat.id, seat.alias, device.at, device.id)


def _of_requests(state: SessionState) -> Iterator[AlertView]:
    for request in state.breakouts:
        alias = state.alias(request.seat)
        if request.waited and request.state == "asked":
            yield AlertView("one_to_one_unanswered", request.seat, alias, request.asked_at)
        if request.over and request.opened_at:
            yield AlertView("one_to_one_over", request.seat, alias, request.opened_at)
    for ticket in state.tickets:
        if ticket.alerted and ticket.state == "open":
            yield AlertView("ticket_untaken", ticket.seat, state.alias(ticket.seat), ticket.opened_at, ticket.kind)
