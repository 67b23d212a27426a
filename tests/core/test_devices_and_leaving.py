"""Second devices, leaving, being removed; and what is her own: how she takes part, her language."""

import pytest

from companion.core import commands as c
from companion.core.effects import EndAccess, EndDevice, LetDeviceIn
from companion.core.model import SYSTEM
from tests.core.builders import (
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
from tests.core.doorkeeping import alerts, door, evening


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

    def test_a_facilitator_gets_in_however_many_she_has_lost(self):
        state = evening()
        for number in range(3):
            state = self.second(state, alias="Sol", device=f"tablet-{number}")

        outcome = outcome_of(state, c.Arrive("sol", "tablet-3", "Sol"), SYSTEM)

        assert [device.id for device in outcome.state.seat("sol").devices] == [f"tablet-{n}" for n in range(4)]
        assert outcome.effects == (EndDevice("sol-phone"),)


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


class TestBeingForgotten:
    def test_nothing_in_the_session_names_her_afterwards(self):
        state = press(evening(), c.RaiseBreakSignal("check_on_me"))
        state = press(state, c.SeeBreakSignal("wren"), "Sol")
        state = press(state, c.RequestTurn(note="about the move"))

        gone = outcome_of(state, c.ForgetSeat("wren"), SYSTEM)

        assert "Wren" in repr(state)
        assert not any(word in repr(gone.state) for word in ("Wren", "about the move"))
        assert gone.effects == (EndAccess("wren", for_good=True),)

    def test_her_page_number_does_not_go_back(self):
        state = evening()

        assert press(state, c.ForgetSeat("wren"), SYSTEM).seat("wren").number == state.seat("wren").number

    def test_she_cannot_come_back_to_the_seat(self):
        assert (
            refused(press(evening(), c.ForgetSeat("wren"), SYSTEM), c.Arrive("wren", "x", "Wren"), SYSTEM)
            == "no_access"
        )
