"""The doors: waiting room, messages, not now, admit all; names that cannot be mistaken; knocks by voice."""

import pytest

from companion.core import commands as c
from companion.core.effects import EndDevice, LetDeviceIn
from companion.core.model import SYSTEM
from tests.core.builders import (
    a_session,
    arrived,
    asking,
    called,
    changed_views,
    leaves,
    news,
    outcome_of,
    panel,
    press,
    refused,
)
from tests.core.doorkeeping import alerts, door, evening, expected, knocking


class TestTheWaitingRoom:
    def test_a_member_knocks_by_name_and_only_facilitators_notice(self):
        before = expected(evening(), "Moss")

        after = arrived(before, "Moss")

        assert changed_views(before, after) == {"Moss", "Sol"}
        assert [(knock.alias, knock.first_time) for knock in door(after).knocks] == [("Moss", True)]
        assert panel(after, "Moss")["room"].phase == "waiting"

    def test_staff_go_straight_in(self):
        assert arrived(expected(evening(), "Noor", role="facilitator"), "Noor").seat("noor").state == "seated"

    def test_admitted_she_is_in_the_room(self):
        after = press(knocking("Moss"), c.AdmitSeat("moss"), "Sol")

        assert (panel(after, "Moss")["room"].phase, news(after, "Moss")) == ("live", "admitted")
        assert press(after, c.AdmitSeat("moss"), "Sol") == after

    def test_not_now_is_said_kindly_and_no_longer_alerts(self):
        before = knocking("Moss")
        assert alerts(before) == [("knock", "Moss")]

        after = press(before, c.NotNow("moss"), "Sol")

        assert (panel(after, "Moss")["room"].not_now, news(after, "Moss")) == (True, "not_now")
        assert alerts(after) == []

    def test_a_message_reaches_her_alone(self):
        before = knocking("Moss", "Fern")

        after = press(before, c.MessageDoor("moss", "two_minutes"), "Sol")

        assert changed_views(before, after) == {"Moss", "Sol"}
        assert (panel(after, "Moss")["room"].door_message, news(after, "Moss")) == ("two_minutes", "door_message")

    def test_admit_all_lets_everybody_in_but_those_told_not_now(self):
        state = expected(press(knocking("Moss", "Fern", "Lark"), c.NotNow("fern"), "Sol"), "Heath")

        after = press(state, c.AdmitAll(), "Sol")

        assert [after.seat(seat).state for seat in ("moss", "fern", "lark")] == ["seated", "waiting", "seated"]
        assert press(after, c.AdmitSeat("fern"), "Sol").seat("fern").state == "seated"

    def test_what_happens_inside_is_not_on_her_page(self):
        before = asking(knocking("Moss"), "Wren")

        after = press(called(before), c.StartActivity("breathing"), "Sol")

        assert panel(after, "Moss") == panel(before, "Moss")

    def test_the_room_is_for_those_let_in(self):
        state = knocking("Moss")

        assert refused(state, c.RequestTurn(), "Moss") == "not_in_the_room_yet"
        assert refused(state, c.RequestBreakout(), "Moss") == "not_in_the_room_yet"

    def test_nobody_who_is_not_there_is_admitted(self):
        state = expected(evening(), "Moss")

        for command in (c.AdmitSeat("moss"), c.NotNow("moss"), c.MessageDoor("moss", "soon")):
            assert refused(state, command, "Sol") == "not_at_the_door"
        assert refused(state, c.AdmitSeat("nobody"), "Sol") == "no_such_seat"

    def test_before_the_doors_open_members_wait_outside_and_staff_prepare(self):
        state = expected(a_session(phase="planned"), "Noor", role="facilitator")

        assert refused(state, c.Arrive("wren", "phone", "Wren"), SYSTEM) == "session_not_open"
        assert arrived(state, "Noor").seat("noor").state == "seated"

    def test_who_is_expected_is_known_to_facilitators_alone(self):
        state = expected(evening(), "Moss")

        assert door(state).expected == ("Moss",)
        assert all("Moss" not in leaves(panel(state, alias)) for alias in ("Wren", "Pia", "Kit"))

    def test_what_she_chose_beforehand_is_kept(self):
        seat = c.ExpectSeat("moss", "member", "Moss", "cy", first_time=True, has_phone=True, if_i_vanish="call_me")

        moss = press(evening(), seat, SYSTEM).seat("moss")

        assert (moss.language, moss.first_time, moss.has_phone, moss.if_i_vanish) == ("cy", True, True, "call_me")

    def test_expecting_twice_is_quietly_the_same(self):
        state = expected(evening(), "Moss")

        assert expected(state, "Moss") == state

    def test_everybody_reads_which_facilitators_are_here(self):
        state = expected(knocking("Moss"), "Noor", role="facilitator")

        assert panel(state, "Wren")["room"].facilitators == panel(state, "Moss")["room"].facilitators == ("Sol",)
        assert panel(arrived(state, "Noor"), "Wren")["room"].facilitators == ("Sol", "Noor")


class TestAliases:
    @pytest.mark.parametrize("wish", ["Wren", "wren", "WREN", "Wr\u200den", "\uff37ren"])
    def test_two_people_never_look_alike(self, wish):
        state = press(expected(evening(), "Moss"), c.Arrive("moss", "phone", wish), SYSTEM)

        assert state.seat("moss").alias == f"{wish} 2"

    def test_nobody_looks_like_staff_who_are_still_to_come(self):
        state = expected(expected(evening(), "Noor", role="facilitator"), "Moss")

        state = press(state, c.Arrive("moss", "phone", "Noor"), SYSTEM)

        assert state.seat("moss").alias == "Noor 2"

    def test_a_clash_does_not_tell_who_else_was_invited(self):
        state = press(expected(evening(), "Moss", "Fern"), c.Arrive("moss", "phone", "Fern"), SYSTEM)

        assert state.seat("moss").alias == "Fern"

    def test_two_people_on_the_phone_may_share_a_name(self):
        state = press(press(evening(), c.AddPhoneSeat("Ivy"), "Sol"), c.AddPhoneSeat("Ivy"), "Sol")

        assert [seat.alias for seat in state.seats if seat.by_phone] == ["Ivy", "Ivy 2"]


class TestKnockingByVoice:
    def knock(self, number="42", device="door-1"):
        return press(expected(evening(), "Moss"), c.KnockByVoice("moss", device, number), SYSTEM)

    def test_facilitators_see_the_number_to_hear(self):
        before = expected(evening(), "Moss")

        after = press(before, c.KnockByVoice("moss", "door-1", "42"), SYSTEM)

        assert changed_views(before, after) == {"Sol"}
        assert [(voice.alias, voice.number) for voice in door(after).voices] == [("Moss", "42")]
        assert alerts(after) == [("voice_knock", "Moss")]

    def test_a_known_voice_lets_that_browser_go_on(self):
        outcome = outcome_of(self.knock(), c.LetInByVoice("moss", "door-1"), "Sol")

        assert outcome.effects == (LetDeviceIn("door-1"),)
        assert door(outcome.state).voices == ()

    def test_an_unknown_voice_stays_out(self):
        outcome = outcome_of(self.knock(), c.RefuseVoice("moss", "door-1"), "Sol")

        assert outcome.effects == (EndDevice("door-1"),)
        assert door(outcome.state).voices == ()

    def test_the_newest_browser_rings_the_bell_and_the_older_is_not_let_in_by_mistake(self):
        state = press(self.knock(), c.KnockByVoice("moss", "door-2", "17"), SYSTEM)

        assert [voice.number for voice in door(state).voices] == ["17"]
        assert refused(state, c.LetInByVoice("moss", "door-1"), "Sol") == "no_such_device"

    def test_she_is_still_admitted_by_name_afterwards(self):
        state = press(self.knock(), c.LetInByVoice("moss", "door-1"), "Sol")

        assert arrived(state, "Moss", "door-1").seat("moss").state == "waiting"

    def test_it_works_before_the_doors_open(self):
        state = press(a_session(phase="planned"), c.KnockByVoice("wren", "door-1", "42"), SYSTEM)

        assert outcome_of(state, c.LetInByVoice("wren", "door-1"), "Sol").effects == (LetDeviceIn("door-1"),)


class TestWhatMakesTakingPartEasier:
    def test_only_facilitators_see_what_she_lets_them_know(self):
        told = a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"], cues={"Wren": ("captions",)})
        untold = a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"])

        assert {seat.alias: seat.cues for seat in panel(told, "Sol")["people"].seats}["Wren"] == ("captions",)
        for alias in ("Wren", "Ash", "Pia", "Kit"):
            assert "captions" not in leaves(panel(told, alias))
            assert leaves(panel(told, alias)) == leaves(panel(untold, alias))
