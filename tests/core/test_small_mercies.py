"""Rules that were settled by asking what each person would expect."""

from __future__ import annotations

import pytest

from companion.core import commands as c
from companion.core.presence import on_duty
from companion.core.refusals import Refused
from tests.core.builders import a_session, press


def test_a_colleague_takes_back_only_the_act_that_she_saw() -> None:
    state = a_session(members=["Wren", "Ash"], facilitators=["Sol", "Rae"])
    for alias in ("Wren", "Ash"):
        state = press(state, c.RequestTurn(), by=alias)
    state = press(state, c.StartNextTurn(turn=0), by="Sol")
    state = press(state, c.SetAsking(asking="paused"), by="Sol")

    with pytest.raises(Refused, match="turn_moved_on"):
        press(state, c.UndoLast(act="start_next_turn"), by="Rae")
    assert press(state, c.UndoLast(act="set_asking"), by="Rae").queue.line.asking == "open"


def test_a_ticket_of_somebody_on_the_telephone_can_be_solved() -> None:
    state = a_session(members=["Wren"], facilitators=["Sol"], helpers=["Kit"])
    state = press(state, c.AddPhoneSeat(alias="Olive"), by="Sol")
    olive = next(seat.id for seat in state.seats if seat.alias == "Olive")
    state = press(state, c.OpenTicketFor(seat=olive, kind="cannot_hear"), by="Sol")
    ticket = state.tickets[0].id
    state = press(state, c.TakeTicket(ticket=ticket), by="Kit")

    assert press(state, c.AskIfSolved(ticket=ticket), by="Kit").tickets == ()


def test_knocking_again_after_not_now_does_not_slip_in_with_everybody() -> None:
    state = a_session(members=[], facilitators=["Sol"], phase="open")
    state = press(state, c.ExpectSeat("wren", "member", "Wren"), by="system")
    state = press(state, c.Arrive("wren", "phone", "Wren"), by="system")
    state = press(state, c.NotNow(seat="wren"), by="Sol")
    state = press(state, c.LeaveSession(), by="Wren")
    state = press(state, c.Arrive("wren", "phone-again", "Wren"), by="system")

    assert press(state, c.AdmitAll(), by="Sol").seat("wren").state == "waiting"
    assert press(state, c.AdmitSeat(seat="wren"), by="Sol").seat("wren").state == "seated"


def test_a_supporter_whose_connection_is_lost_is_not_offered() -> None:
    state = a_session(members=["Wren"], facilitators=["Sol"], supporters=["Noor"])
    state = press(state, c.GoOnDuty(), by="Noor")
    noor = on_duty(state)[0].id
    state = press(state, c.NoticeDrop(noor), by="system")
    state = press(state, c.LetTimePass(), by="system", after=16)

    assert on_duty(state) == ()
    state = press(state, c.NoticeReturn(noor), by="system")
    assert [seat.id for seat in on_duty(state)] == [noor]
