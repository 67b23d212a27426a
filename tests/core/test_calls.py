"""Who belongs into which room of the call, as the session goes on."""

import pytest

from companion.core import calls
from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from tests.core.builders import a_session, arrived, out_together, press, request_of


def test_whoever_waits_at_the_door_does_not_come_in_until_she_is_admitted():
    state = arrived(press(a_session(), c.ExpectSeat("fern", "member", "Fern"), SYSTEM), "Fern")

    assert not calls.may_come_in(state, "fern")
    assert calls.may_come_in(press(state, c.AdmitSeat("fern"), "Sol"), "fern")


def test_whoever_has_left_does_not_come_in_again():
    assert not calls.may_come_in(press(a_session(), c.LeaveSession(), "Wren"), "wren")


def test_nobody_else_has_a_seat():
    with pytest.raises(Refused, match="no_such_seat"):
        calls.may_come_in(a_session(), "nobody")


def test_a_private_room_is_open_for_its_two_and_only_while_it_lasts():
    before = a_session(supporters=("Pia",))
    asked = press(before, c.RequestBreakout(), "Wren")
    together = out_together(before)
    done = press(together, c.FinishBreakout(), "Wren")
    request = request_of(together, "Wren")

    assert [calls.open_room_of(together, seat) for seat in ("wren", "pia", "ash", "sol")] == [
        request,
        request,
        None,
        None,
    ]
    assert calls.open_rooms(together) == (request,)
    for state in (before, asked, done):
        assert (calls.open_room_of(state, "wren"), calls.open_rooms(state)) == (None, ())


@pytest.mark.parametrize("phase", ["planned", "open", "live", "paused", "ending", "closed"])
def test_there_is_a_call_until_the_end(phase):
    assert calls.is_open(a_session(phase=phase)) == (phase != "closed")
