"""Break signals: private, in three strengths, until settled. Only facilitators see them, and supporters an unanswered
"please check on me"; nothing of a signal is ever in a view of another member or of a tech helper.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.context import Act
from companion.core.fields import Reply
from companion.core.model import Answer, BreakSignal, SessionState, Strength, VanishPlan, tell
from companion.core.refusals import Refused
from companion.core.values import replace

CHECK_ON_ME_SECONDS = 60


def raise_signal(state: SessionState, act: Act, *, strength: Strength, minutes: int | None) -> SessionState:
    """Raise, repeat or change a signal. A repeated or stronger one is new to the facilitators, answers or not."""
    back_at = act.at + timedelta(minutes=minutes) if minutes is not None else None
    signal = BreakSignal(act.seat.id, strength, act.at, back_at=back_at)
    before = state.signal_of(act.seat.id)
    if before is not None and before.strength == strength and before.state != "answered":
        signal = replace(signal, unanswered_since=unanswered_since(before), escalated=before.escalated)
    return _with(state, signal)


def settle(state: SessionState, act: Act) -> SessionState:
    """She is back, or takes it back; twice is quietly the same."""
    return forget(state, act.seat.id)


def see(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """Say "seen by …" on her phone. An answered signal stays answered."""
    signal = _visible(state, act, seat_id)
    if signal.state != "raised":
        return state
    seen = replace(signal, state="seen", seen_by=act.seat.id)
    return tell(_with(state, seen), seat_id, "signal_seen", act.seat.alias)


def answer(state: SessionState, act: Act, *, seat_id: str, reply: Reply) -> SessionState:
    """Send a worded answer; an answer also means "seen"."""
    signal = _visible(state, act, seat_id)
    given = Answer(reply, act.seat.id)
    if signal.answers and signal.answers[-1] == given:
        return state
    answered = replace(
        signal, state="answered", seen_by=signal.seen_by or act.seat.id, answers=(*signal.answers, given)[-5:]
    )
    return tell(_with(state, answered), seat_id, "signal_answered", act.seat.alias)


def settle_for(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """A facilitator settles it."""
    _visible(state, act, seat_id)
    return tell(forget(state, seat_id), seat_id, "signal_settled", act.seat.alias)


def choose_vanish_plan(state: SessionState, act: Act, *, plan: VanishPlan) -> SessionState:
    """What to do if I vanish, chosen by herself."""
    return state.with_seat(replace(act.seat, if_i_vanish=plan))


def forget(state: SessionState, seat_id: str) -> SessionState:
    """No trace of that seat's signal remains, nor of the sentence that told her of an answer."""
    seat = state.seat(seat_id)
    if seat.news is not None and seat.news.code.startswith("signal_"):
        state = state.with_seat(replace(seat, news=None))
    return replace(state, signals=tuple(signal for signal in state.signals if signal.seat != seat_id))


def mark_due(state: SessionState, act: Act) -> SessionState:
    """Mark what is overdue, and let an unanswered "please check on me" reach the peer supporters."""
    return replace(state, signals=tuple(_marked(signal, act) for signal in state.signals))


def unanswered_since(signal: BreakSignal) -> datetime:
    """Since when nobody has answered, however often it was repeated."""
    return signal.unanswered_since or signal.raised_at


def _marked(signal: BreakSignal, act: Act) -> BreakSignal:
    if signal.back_at is not None and act.at >= signal.back_at:
        signal = replace(signal, overdue=True)
    if signal.strength == "check_on_me" and signal.state != "answered":
        unanswered = act.at - unanswered_since(signal) >= timedelta(seconds=CHECK_ON_ME_SECONDS)
        signal = replace(signal, escalated=signal.escalated or unanswered)
    return signal


def _with(state: SessionState, signal: BreakSignal) -> SessionState:
    if state.signal_of(signal.seat) is None:
        return replace(state, signals=(*state.signals, signal))
    changed = tuple(signal if other.seat == signal.seat else other for other in state.signals)
    return replace(state, signals=changed)


def _visible(state: SessionState, act: Act, seat_id: str) -> BreakSignal:
    signal = state.signal_of(seat_id)
    # To a supporter a signal that has not reached her does not exist: the refusal must not tell her otherwise.
    if signal is None or (act.seat.role == "peer_supporter" and not signal.escalated):
        raise Refused("no_signal")
    return signal
