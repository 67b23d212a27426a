"""What falls due as time passes, and when: dropped connections, unanswered signals, untaken tickets, soft limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from companion.core import breakouts, breaks, help_desk, helping, room
from companion.core.context import Act, Outcome
from companion.core.model import Seat, SessionState
from companion.core.values import replace

LOST_SECONDS = 15
TICKET_SECONDS = 60
DESTROY_SECONDS = 30  # after closing; the promise is 60
DESERTED_SECONDS = 3600  # everybody's connection has been gone for so long: the evening is over
LONGEST_SECONDS = 12 * 3600  # after it began, or after the doors opened for a session that never did


def let_time_pass(state: SessionState, act: Act) -> SessionState | Outcome:
    """Mark everything that is due at ``act.at``; doing it twice is quietly the same."""
    if state.phase == "closed":
        return state
    forgotten_at = _forgotten_at(state)
    if forgotten_at is not None and act.at >= forgotten_at:
        return room.close_now(state, act)
    undo = state.queue.undo
    if undo is not None and act.at >= undo.until:
        state = replace(state, queue=replace(state.queue, undo=None))
    for number, seat in enumerate(state.seats):
        state = _mark_drop(state, act, seat, f"{act.fresh}-{number}")
    for mark_due in (breaks.mark_due, breakouts.mark_due, helping.mark_due):
        state = mark_due(state, act)
    return state


def next_due(state: SessionState) -> datetime | None:
    """When the clock has to come round next; for a closed session, when its live data must be destroyed."""
    if state.phase == "closed":
        return _after(state.closed_at, DESTROY_SECONDS) if state.closed_at else None
    times = (
        *_end_due(state),
        *_undo_due(state),
        *_drops_due(state),
        *_signals_due(state),
        *_requests_due(state),
        *_tickets_due(state),
    )
    return min(times, default=None)


def _mark_drop(state: SessionState, act: Act, seat: Seat, fresh: str) -> SessionState:
    if seat.dropped_at is None:
        return state
    if act.at >= _after(seat.dropped_at, TICKET_SECONDS) and not seat.drop_noted:
        state = state.with_seat(replace(seat, lost=True, drop_noted=True))
        return help_desk.open_after_drop(state, act, seat_id=seat.id, fresh=fresh)
    if act.at >= _after(seat.dropped_at, LOST_SECONDS) and not seat.lost:
        return state.with_seat(replace(seat, lost=True))
    return state


def _forgotten_at(state: SessionState) -> datetime | None:
    """When a session that nobody closed is over: live data must not lie about because somebody forgot a button."""
    if state.opened_at is None:
        return None
    longest = _after(state.started_at or state.opened_at, LONGEST_SECONDS)
    if state.started_at is None:
        return longest  # a facilitator may prepare in the afternoon and close her laptop until the evening
    there = [seat for seat in state.seats if seat.state in ("waiting", "seated") and not seat.by_phone]
    dropped = [seat.dropped_at for seat in there if seat.dropped_at is not None]
    if not there or len(dropped) < len(there):
        return longest
    return min(longest, _after(max(dropped), DESERTED_SECONDS))


def _end_due(state: SessionState) -> Iterator[datetime]:
    forgotten_at = _forgotten_at(state)
    if forgotten_at is not None:
        yield forgotten_at


def _undo_due(state: SessionState) -> Iterator[datetime]:
    if state.queue.undo is not None:
        yield state.queue.undo.until


def _drops_due(state: SessionState) -> Iterator[datetime]:
    for seat in state.seats:
        if seat.dropped_at is not None and not seat.drop_noted:
            yield _after(seat.dropped_at, TICKET_SECONDS if seat.lost else LOST_SECONDS)


def _signals_due(state: SessionState) -> Iterator[datetime]:
    for signal in state.signals:
        if signal.back_at is not None and not signal.overdue:
            yield signal.back_at
        if signal.strength == "check_on_me" and signal.state != "answered" and not signal.escalated:
            yield _after(breaks.unanswered_since(signal), breaks.CHECK_ON_ME_SECONDS)


def _requests_due(state: SessionState) -> Iterator[datetime]:
    for request in state.breakouts:
        if request.state == "open" and not request.over and request.opened_at:
            yield breakouts.limit_at(state, request.opened_at)
        if request.state == "asked" and not request.waited:
            yield _after(request.asked_at, breakouts.UNANSWERED_SECONDS)


def _tickets_due(state: SessionState) -> Iterator[datetime]:
    for ticket in state.tickets:
        if ticket.state == "open" and not ticket.alerted:
            yield _after(ticket.opened_at, helping.UNTAKEN_SECONDS)


def _after(start: datetime, seconds: int) -> datetime:
    return start + timedelta(seconds=seconds)
