"""A session that nobody closed: its live data must not lie about because somebody forgot a button."""

from __future__ import annotations

from datetime import timedelta

from companion.core.commands import LetTimePass, NoticeDrop, NoticeReturn, StartSession
from companion.core.effects import SessionClosed
from companion.core.model import SYSTEM, SessionState
from companion.core.overdue import DESERTED_SECONDS, LONGEST_SECONDS, next_due
from companion.core.step import step
from tests.core.builders import a_session


def _deserted() -> SessionState:
    state = a_session(members=["Wren"], facilitator="Sol")
    for seat in state.seats:
        state = step(state, NoticeDrop(seat.id), by=SYSTEM, at=_now(state), fresh="x").state
    return state


def _now(state: SessionState):  # type: ignore[no-untyped-def]
    assert state.opened_at is not None
    return state.opened_at + timedelta(minutes=90)


def _later(state: SessionState, seconds: int):  # type: ignore[no-untyped-def]
    return step(state, LetTimePass(), by=SYSTEM, at=_now(state) + timedelta(seconds=seconds), fresh="y")


def test_a_deserted_session_closes_after_an_hour() -> None:
    state = _deserted()

    assert _later(state, DESERTED_SECONDS - 1).state.phase == "live"
    outcome = _later(state, DESERTED_SECONDS)
    assert outcome.state.phase == "closed"
    assert [type(effect) for effect in outcome.effects] == [SessionClosed]


def test_before_it_has_begun_nobody_is_missed() -> None:
    state = a_session(members=[], phase="open")
    state = step(state, NoticeDrop("sol"), by=SYSTEM, at=_now(state), fresh="x").state

    assert _later(state, 3 * DESERTED_SECONDS).state.phase == "open"


def test_doors_that_opened_in_the_morning_do_not_end_the_evening() -> None:
    morning = a_session(members=["Wren"], phase="open")
    assert morning.opened_at is not None
    evening = morning.opened_at + timedelta(hours=11)
    state = step(morning, StartSession(), by="sol", at=evening, fresh="x").state

    later = step(state, LetTimePass(), by=SYSTEM, at=evening + timedelta(hours=2), fresh="y").state

    assert later.phase == "live"


def test_somebody_who_comes_back_keeps_it_open() -> None:
    state = _deserted()
    state = step(state, NoticeReturn(state.seats[0].id), by=SYSTEM, at=_now(state), fresh="z").state

    assert _later(state, DESERTED_SECONDS).state.phase == "live"


def test_no_session_lives_longer_than_half_a_day() -> None:
    state = a_session(members=["Wren"], facilitator="Sol")
    assert state.started_at is not None
    last = state.started_at + timedelta(seconds=LONGEST_SECONDS)

    assert next_due(state) is not None
    assert step(state, LetTimePass(), by=SYSTEM, at=last, fresh="y").state.phase == "closed"
