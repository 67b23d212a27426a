"""Who is in the call: hints that come late, doubled and out of order, and hands that ask to speak."""

from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.callers import MOST
from companion.core.model import SYSTEM, GroupRules
from companion.core.values import replace
from companion.core.views import panel_for
from tests.core.builders import (
    CLOCK,
    SEVEN,
    a_session,
    asking,
    called,
    changed_views,
    finished,
    line,
    out_together,
    panel,
    press,
    refused,
    request_of,
    speaker,
)


def evening(**more):
    """Wren and Ash are in the room; the call knows them as w-ref and a-ref."""
    CLOCK.set_back()
    state = a_session(supporters=["Pia"], helpers=["Kit"], facilitators=["Noor"], **more)
    return with_refs(state)


def with_refs(state):
    return replace(state, seats=tuple(replace(seat, caller=f"{seat.id[0]}-ref") for seat in state.seats))


def reported(state, person, where="call", caller="", name="", at=0):
    """The platform says so, of a moment so many seconds after seven."""
    happened_at = SEVEN + timedelta(seconds=at)
    return press(state, c.NoticeCaller(person, where, caller, name, happened_at), SYSTEM)


def hand(state, person, raised, caller="", by="Sol"):
    return press(state, c.NoteHand(person, raised, caller), by)


def in_the_call(state, by="Sol"):
    return [caller.alias for caller in panel(state, by)["call"].people]


def test_who_carries_our_reference_is_known_and_her_name_in_the_call_is_not_kept():
    state = reported(evening(), "p1", caller="w-ref", name="Wren Surname")

    assert in_the_call(state) == ["Wren"]
    assert "Surname" not in repr(state)


def test_whoever_carries_none_is_shown_to_facilitators_to_match_or_to_let_be():
    state = reported(reported(evening(), "p1", name="phone 4"), "p2", name="iPad")
    unknown = [caller.alias for caller in panel(state, "Sol")["call"].unknown]
    state = press(press(state, c.MatchCaller("p1", "wren"), "Sol"), c.IgnoreCaller("p2"), "Noor")

    assert unknown == ["phone 4", "iPad"]
    assert (in_the_call(state), panel(state, "Sol")["call"].unknown) == (["Wren"], ())
    assert "phone 4" not in repr(state)


def test_a_match_outlives_what_is_reported_afterwards():
    state = press(reported(evening(), "p1", name="phone 4"), c.MatchCaller("p1", "wren"), "Sol")
    state = reported(reported(state, "p1", "waiting", name="phone 4", at=20), "p1", "call", name="phone 4", at=30)

    assert in_the_call(state) == ["Wren"]


@pytest.mark.parametrize("command", [c.MatchCaller("p9", "wren"), c.IgnoreCaller("p9")])
def test_nobody_is_matched_who_is_not_there(command):
    assert refused(evening(), command, "Sol") == "nobody_in_the_call"


def test_a_report_that_comes_late_brings_nobody_back():
    state = reported(evening(), "p1", caller="w-ref", at=10)
    state = reported(state, "p1", "gone", at=30)
    late = reported(reported(state, "p1", caller="w-ref", at=20), "p1", caller="w-ref", at=10)

    assert late == state
    assert [person.alias for person in panel(late, "Sol")["call"].gone] == ["Wren"]


def test_going_reported_before_coming_is_going():
    state = reported(reported(evening(), "p1", "gone", at=30), "p1", caller="w-ref", at=10)

    assert in_the_call(state) == []


def test_a_report_said_twice_changes_nothing():
    state = reported(evening(), "p1", caller="w-ref", at=10)

    assert reported(state, "p1", caller="w-ref", at=10) == state


def test_on_two_devices_she_is_in_the_call_until_both_have_gone():
    state = reported(reported(evening(), "p1", caller="w-ref"), "p2", caller="w-ref")
    state = reported(state, "p1", "gone", at=9)
    assert panel(state, "Sol")["call"].gone == ()

    assert [p.alias for p in panel(reported(state, "p2", "gone", at=10), "Sol")["call"].gone] == ["Wren"]


def test_whoever_is_out_at_a_one_to_one_is_not_said_to_be_lost():
    state = reported(out_together(evening()), "p1", caller="w-ref")

    assert panel(reported(state, "p1", "gone", at=60), "Sol")["call"].gone == ()


def test_so_many_reports_never_fill_the_memory():
    state = evening()
    for number in range(MOST + 20):
        state = reported(reported(state, f"x{number}", at=number), f"x{number}", "gone", at=number + 1)

    assert len(state.in_call) == MOST
    assert in_the_call(reported(state, "p1", caller="w-ref", at=9_000)) == ["Wren"]


def test_nobody_but_facilitators_sees_any_of_it():
    before = evening()
    after = hand(reported(reported(before, "p1", caller="w-ref"), "p2", name="iPad"), "p2", 17)

    assert changed_views(before, after) == {"Sol", "Noor"}
    assert "call" not in panel_for(after, "pia") | panel_for(after, "kit") | panel_for(after, "wren")


def test_a_hand_in_the_call_asks_to_speak_and_lowering_it_takes_that_back():
    state = asking(evening(), "Ash")
    state = hand(state, "p1", 1_700_000_000_000, "w-ref")
    assert line(state) == ["Ash", "Wren"]

    assert line(hand(state, "p1", 0, "w-ref")) == ["Ash"]


def test_one_hand_asks_once_whoever_tells_of_it_and_however_often():
    state = hand(evening(), "p1", 17, "w-ref")
    state = hand(hand(state, "p1", 17, "w-ref", by="Noor"), "p1", 17, "w-ref")
    assert line(state) == ["Wren"]

    # She took it back on her own page: her hand is still up, and asks for nothing any more.
    state = hand(press(state, c.WithdrawTurn(), "Wren"), "p1", 17, "w-ref", by="Noor")
    assert line(state) == []

    assert line(hand(hand(state, "p1", 0), "p1", 99)) == ["Wren"]


def test_what_she_asked_for_on_her_page_stays_when_a_hand_goes_down():
    first = asking(hand(evening(), "p1", 17, "w-ref"), "Wren")
    other = hand(asking(evening(), "Wren"), "p1", 17, "w-ref")

    assert line(hand(first, "p1", 0)) == line(hand(other, "p1", 0)) == ["Wren"]


def test_a_hand_that_stays_up_after_her_turn_does_not_ask_again():
    state = finished(called(hand(evening(), "p1", 17, "w-ref")), "Wren")

    assert line(hand(state, "p1", 17, "w-ref", by="Noor")) == []


def test_her_other_devices_hand_keeps_her_place():
    state = hand(hand(evening(), "p1", 17, "w-ref"), "p2", 18, "w-ref")

    assert line(hand(state, "p1", 0)) == ["Wren"]
    assert line(hand(hand(state, "p1", 0), "p2", 0)) == []


def test_a_hand_goes_down_with_whoever_leaves_the_call():
    state = reported(hand(evening(), "p1", 17, "w-ref"), "p1", "gone", at=600)

    assert line(state) == []


def test_while_asking_is_paused_a_hand_is_shown_and_asks_for_nothing():
    state = press(evening(), c.SetAsking("paused"), "Sol")
    state = hand(state, "p1", 17, "w-ref")

    assert line(state) == []
    assert [caller.hand for caller in panel(state, "Sol")["call"].people] == [True]


def test_an_unknown_hand_asks_once_a_facilitator_knows_whose_it_is():
    state = hand(reported(evening(), "p1", name="phone 4"), "p1", 17)
    assert line(state) == []

    assert line(press(state, c.MatchCaller("p1", "ash"), "Sol")) == ["Ash"]


def test_a_tech_helpers_hand_is_no_wish_to_speak():
    assert line(hand(evening(), "p1", 17, "k-ref")) == []


def test_the_page_beside_the_call_is_told_whose_turn_it_is_there():
    state = called(asking(reported(evening(), "p1", caller="w-ref"), "Wren"))

    view = panel(state, "Sol")["call"]
    assert (speaker(state), view.speaking, view.turn) == ("Wren", ("p1",), state.queue.turn)


def test_one_page_takes_a_pair_into_a_room_of_the_call_and_either_of_them_may_say_that_it_failed():
    state = out_together(evening(rules=GroupRules(call_rooms=True)))
    state = reported(reported(state, "p1", caller="w-ref"), "p2", caller="p-ref")
    request = request_of(state, "Wren")
    moved = press(state, c.MoveIntoRoom(request), "Sol")

    assert refused(moved, c.MoveIntoRoom(request), "Noor") == "someone_else_has_it"
    assert [(pair.one, pair.other, pair.moved) for pair in panel(moved, "Sol")["call"].pairs] == [
        (("p1",), ("p2",), "mine")
    ]
    assert panel(moved, "Noor")["call"].pairs[0].moved == "theirs"
    assert panel(moved, "Wren")["one_to_one"].request == request
    assert refused(moved, c.GiveUpRoom(request), "Ash") == "no_such_request"
    for by in ("Wren", "Pia", "Noor"):
        assert panel(press(moved, c.GiveUpRoom(request), by), "Wren")["one_to_one"].request == ""


def test_a_room_that_somebody_gave_up_is_tried_by_no_page_again():
    state = out_together(evening(rules=GroupRules(call_rooms=True)))
    request = request_of(state, "Wren")
    given_up = press(press(state, c.MoveIntoRoom(request), "Sol"), c.GiveUpRoom(request), "Wren")

    assert [panel(given_up, by)["call"].pairs[0].moved for by in ("Sol", "Noor")] == ["given_up", "given_up"]
    assert {refused(given_up, c.MoveIntoRoom(request), by) for by in ("Sol", "Noor")} == {"request_moved_on"}


def test_where_the_group_has_not_chosen_so_nobody_is_moved():
    state = out_together(evening())

    assert refused(state, c.MoveIntoRoom(request_of(state, "Wren")), "Sol") == "request_moved_on"


def test_once_somebody_is_forgotten_the_call_does_not_know_her_either():
    state = press(reported(evening(), "p1", caller="w-ref"), c.ForgetSeat("wren"), SYSTEM)

    assert state.in_call == ()
    assert "w-ref" not in repr(state)


def test_going_in_the_second_of_coming_is_believed_from_a_facilitators_page_and_not_from_a_platform():
    state = reported(evening(), "p1", caller="w-ref", at=10)

    assert in_the_call(reported(state, "p1", "gone", at=10)) == ["Wren"]

    state = press(state, c.NoteCaller("p1", "call"), "Sol", after=600)
    assert in_the_call(press(state, c.NoteCaller("p1", "gone"), "Sol", after=0)) == []
