"""The doors: waiting room, messages, not now, admit all; knocks by voice; second devices; leaving and being removed."""

import pytest

from companion.core import commands as c
from companion.core.effects import EndAccess, EndDevice, LetDeviceIn
from companion.core.model import SYSTEM
from tests.core.builders import (
    a_session,
    arrived,
    asking,
    called,
    changed_views,
    leaves,
    line,
    lost,
    news,
    outcome_of,
    panel,
    press,
    refused,
    speaker,
)


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"], **more)


def expected(state, *aliases, role="member"):
    for alias in aliases:
        state = press(state, c.ExpectSeat(alias.lower(), role, alias, first_time=True), SYSTEM)
    return state


def knocking(*aliases):
    state = expected(evening(), *aliases)
    for alias in aliases:
        state = arrived(state, alias)
    return state


def door(state, alias="Sol"):
    return panel(state, alias)["door"]


def alerts(state):
    return [(alert.kind, alert.alias) for alert in panel(state, "Sol")["now"].alerts]


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


class TestSecondDevices:
    def second(self, state=None, alias="Wren", device="tablet"):
        return arrived(state or evening(), alias, device)

    def test_it_is_held_and_flagged_to_the_facilitator_alone(self):
        before = evening()

        after = self.second(before)

        assert changed_views(before, after) == {"Sol"}
        assert [(device.alias, device.device, device.held) for device in door(after).devices] == [
            ("Wren", "tablet", True)
        ]
        assert alerts(after) == [("second_device", "Wren")]

    def test_a_facilitators_own_is_let_in_and_flagged(self):
        state = self.second(alias="Sol")

        assert [(device.alias, device.held) for device in door(state).devices] == [("Sol", False)]
        assert state.seat("sol").devices[-1].state == "in"

    @pytest.mark.parametrize(
        ("keep", "left", "effects"),
        [
            ("both", ["wren-phone", "tablet"], (LetDeviceIn("tablet"),)),
            ("new", ["tablet"], (LetDeviceIn("tablet"), EndDevice("wren-phone"))),
            ("old", ["wren-phone"], (EndDevice("tablet"),)),
        ],
    )
    def test_the_facilitator_decides(self, keep, left, effects):
        outcome = outcome_of(self.second(), c.SettleDevice("wren", "tablet", keep), "Sol")

        assert [device.id for device in outcome.state.seat("wren").devices] == left
        assert outcome.effects == effects
        assert alerts(outcome.state) == []

    def test_only_what_waits_for_a_decision_is_decided(self):
        assert refused(evening(), c.SettleDevice("wren", "wren-phone", "old"), "Sol") == "no_such_device"
        assert refused(evening(), c.SettleDevice("wren", "tablet", "new"), "Sol") == "no_such_device"

    def test_the_same_browser_coming_back_is_no_second_device(self):
        state = evening()

        assert arrived(state, "Wren") == state

    def test_many_of_them_never_push_out_the_one_that_she_uses(self):
        state = evening()
        for number in range(3):
            state = self.second(state, device=f"tablet-{number}")

        assert refused(state, c.Arrive("wren", "tablet-3", "Wren"), SYSTEM) == "too_many_pages"
        assert arrived(state, "Wren") == state


class TestLeaving:
    def test_her_things_are_cleared_away_and_her_access_ends(self):
        state = asking(evening(), "Wren", "Ash")
        for command in (
            c.RequestBreakout(),
            c.RaiseBreakSignal("cannot_talk"),
            c.OpenTicket("cannot_hear"),
            c.CallMe("01632 960123"),
        ):
            state = press(state, command)

        outcome = outcome_of(state, c.LeaveSession())

        assert outcome.effects == (EndAccess("wren"),)
        after = outcome.state
        assert (line(after), after.breakouts, after.signals, after.tickets) == (["Ash"], (), (), ())
        assert refused(after, c.RequestTurn()) == "no_access"
        assert (panel(after, "Wren")["room"].phase, panel(after, "Wren")["room"].facilitators) == ("left", ())

    def test_the_speaker_may_leave(self):
        assert speaker(press(called(asking(evening(), "Wren", "Ash")), c.LeaveSession())) == ""

    def test_nobody_is_told_aloud(self):
        before = evening()

        after = press(before, c.LeaveSession())

        assert changed_views(before, after) <= {"Wren", "Sol", "Pia", "Kit"}
        assert news(after, "Ash") == news(before, "Ash")

    def test_she_may_come_back_and_knocks_again(self):
        state = arrived(press(evening(), c.LeaveSession()), "Wren")

        assert state.seat("wren").state == "waiting"

    def test_a_lost_one_who_has_left_is_lost_no_longer(self):
        assert alerts(press(lost(evening(), "Wren"), c.LeaveSession())) == []


class TestRemoving:
    def test_it_ends_her_access_for_good(self):
        outcome = outcome_of(evening(), c.RemoveSeat("wren"), "Sol")

        assert outcome.effects == (EndAccess("wren", for_good=True),)
        for command in (c.Arrive("wren", "other", "Wren"), c.KnockByVoice("wren", "other", "42")):
            assert refused(outcome.state, command, SYSTEM) == "no_access"

    def test_removing_twice_is_quietly_the_same(self):
        state = press(evening(), c.RemoveSeat("wren"), "Sol")

        assert press(state, c.RemoveSeat("wren"), "Sol") == state

    def test_nobody_removes_herself(self):
        assert refused(evening(), c.RemoveSeat("sol"), "Sol") == "not_yours_to_do"

    @pytest.mark.parametrize("alias", ["Noor", "Pia", "Kit"])
    def test_a_colleague_who_has_gone_sees_nothing_more(self, alias):
        state = asking(evening(facilitators=["Noor"]), "Wren")
        gone = press(state, c.RemoveSeat(alias.lower()), "Sol")

        after = press(press(gone, c.RaiseBreakSignal("cannot_talk")), c.OpenTicket("cannot_hear"), "Ash")

        assert set(panel(gone, alias)) == {"news", "room"}
        assert set(leaves(panel(after, alias))) <= {alias, "closed", "en", gone.seat(alias.lower()).role, ""}
        assert panel(after, alias) == panel(gone, alias)


class TestHowAndLanguage:
    @pytest.mark.parametrize("command", [c.ChooseHow("text"), c.ChooseHow("audio")])
    def test_how_she_takes_part_is_seen_by_facilitators_alone(self, command):
        before = evening()

        after = press(before, command)

        assert changed_views(before, after) == {"Wren", "Sol"}

    def test_her_language_is_hers_alone(self):
        before = evening()

        assert changed_views(before, press(before, c.ChooseLanguage("cy"))) == {"Wren"}
