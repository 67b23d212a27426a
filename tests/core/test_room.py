"""The room as a whole: beginning, pause, agenda, what is shown to everyone, ending, debrief, closing."""

import pytest

from companion.core import commands as c
from companion.core.effects import SessionClosed
from companion.core.model import SYSTEM, AgendaPart, GroupRules
from tests.core.builders import (
    CLOCK,
    a_session,
    asking,
    called,
    changed_views,
    finished,
    leaves,
    line,
    lost,
    outcome_of,
    panel,
    press,
    refused,
    speaker,
    ticket_of,
)


def evening(**more):
    return a_session(["Wren", "Ash", "Fern"], supporters=["Pia"], helpers=["Kit"], **more)


def closed(state):
    state = press(state, c.BeginEnding(confirmed=True), "Sol")
    return outcome_of(state, c.CloseSession(confirmed=True), "Sol")


class TestTheDoors:
    def test_they_stay_shut_without_a_safeguarding_plan(self):
        state = evening(phase="planned", safeguarded=False)

        assert refused(state, c.OpenDoors(), "Sol") == "no_safeguarding_plan"
        assert refused(state, c.OpenDoors(), SYSTEM) == "no_safeguarding_plan"
        assert panel(state, "Sol")["room"].no_plan

    def test_a_plan_that_comes_in_time_opens_them_and_only_facilitators_notice(self):
        before = evening(phase="planned", safeguarded=False)

        after = press(before, c.NotePlan(agreed=True), SYSTEM)

        assert changed_views(before, after) == {"Sol"}
        assert not panel(after, "Sol")["room"].no_plan
        assert press(after, c.OpenDoors(), "Sol").phase == "open"

    def test_a_plan_that_is_taken_away_shuts_doors_that_are_still_to_open(self):
        state = press(evening(phase="planned"), c.NotePlan(agreed=False), SYSTEM)

        assert refused(state, c.OpenDoors(), "Sol") == "no_safeguarding_plan"

    @pytest.mark.parametrize("phase", ["open", "live", "paused", "ending"])
    def test_once_people_are_in_nothing_changes(self, phase):
        state = evening(phase=phase)

        assert press(state, c.NotePlan(agreed=False), SYSTEM) == state


class TestPhases:
    @pytest.mark.parametrize(
        ("phase", "command", "next_phase"),
        [
            ("planned", c.OpenDoors(), "open"),
            ("open", c.StartSession(), "live"),
            ("live", c.PauseRoom(), "paused"),
            ("paused", c.ResumeRoom(), "live"),
            ("open", c.BeginEnding(), "ending"),
            ("live", c.BeginEnding(), "ending"),
            ("paused", c.BeginEnding(), "ending"),
            ("ending", c.StartSession(), "live"),
            ("ending", c.CloseSession(), "closed"),
        ],
    )
    def test_one_leads_to_the_next(self, phase, command, next_phase):
        assert press(evening(phase=phase), command, "Sol").phase == next_phase

    @pytest.mark.parametrize(
        ("phase", "command"),
        [
            ("open", c.OpenDoors()),
            ("live", c.StartSession()),
            ("paused", c.PauseRoom()),
            ("live", c.ResumeRoom()),
            ("ending", c.BeginEnding()),
        ],
    )
    def test_twice_is_quietly_the_same(self, phase, command):
        state = evening(phase=phase)

        assert press(state, command, "Sol") == state

    @pytest.mark.parametrize(
        ("phase", "command", "reason"),
        [
            ("planned", c.StartSession(), "session_not_open"),
            ("planned", c.BeginEnding(), "session_not_open"),
            ("planned", c.CloseSession(), "session_not_open"),
            ("live", c.OpenDoors(), "already_started"),
            ("paused", c.StartSession(), "already_started"),
            ("open", c.PauseRoom(), "not_started"),
            ("ending", c.PauseRoom(), "not_started"),
            ("open", c.ResumeRoom(), "not_paused"),
            ("live", c.CloseSession(), "end_first"),
            ("closed", c.StartSession(), "session_closed"),
            ("closed", c.WriteNote("care", "hello"), "session_closed"),
        ],
    )
    def test_a_step_out_of_order_is_refused_with_its_reason(self, phase, command, reason):
        assert refused(evening(phase=phase), command, "Sol") == reason


class TestPausing:
    def test_everyones_page_says_so(self):
        before = evening()

        after = press(before, c.PauseRoom(), "Sol")

        assert changed_views(before, after) == {"Wren", "Ash", "Fern", "Sol", "Pia", "Kit"}
        assert panel(after, "Wren")["room"].phase == "paused"

    def test_the_line_freezes_and_nobody_loses_a_place(self):
        state = press(asking(evening(), "Wren", "Ash"), c.PauseRoom(), "Sol")

        assert refused(state, c.StartNextTurn(state.queue.turn), "Sol") == "room_paused"
        assert refused(state, c.InviteToSpeak("ash", state.queue.turn), "Sol") == "room_paused"
        assert line(press(state, c.ResumeRoom(), "Sol")) == ["Wren", "Ash"]

    def test_a_tap_during_the_pause_is_not_lost(self):
        state = asking(press(evening(), c.PauseRoom(), "Sol"), "Wren")

        assert speaker(called(press(state, c.ResumeRoom(), "Sol"))) == "Wren"

    def test_private_things_work_during_the_pause(self):
        state = press(evening(), c.PauseRoom(), "Sol")

        for command in (c.RaiseBreakSignal("cannot_talk"), c.RequestBreakout(), c.OpenTicket("cannot_hear")):
            state = press(state, command)
        assert (len(state.signals), len(state.breakouts), len(state.tickets)) == (1, 1, 1)


class TestTheAgenda:
    def test_the_evening_begins_with_its_first_part(self):
        assert panel(evening(), "Wren")["room"].part == "Arriving"
        assert panel(evening(phase="open"), "Wren")["room"].part == ""

    def test_an_evening_that_goes_on_after_all_keeps_its_part_or_begins_with_the_first(self):
        kept = press(press(evening(), c.GoToPart(1), "Sol"), c.BeginEnding(), "Sol")
        early = press(evening(phase="open"), c.BeginEnding(), "Sol")

        assert panel(press(kept, c.StartSession(), "Sol"), "Wren")["room"].part == "Time to share"
        assert panel(press(early, c.StartSession(), "Sol"), "Wren")["room"].part == "Arriving"

    def test_any_part_can_be_skipped_and_it_is_fine_to_go_back(self):
        state = press(evening(), c.GoToPart(2), "Sol")
        assert panel(state, "Wren")["room"].part == "Rounding off"

        state = press(state, c.GoToPart(1), "Sol")

        assert panel(state, "Wren")["room"].part == "Time to share"
        assert panel(state, "Sol")["agenda"].part_started_at == CLOCK.now

    def test_going_to_the_part_that_is_on_changes_nothing(self):
        state = evening()

        assert press(state, c.GoToPart(0), "Sol") == state

    def test_there_is_nothing_after_the_last_part(self):
        assert refused(evening(), c.GoToPart(3), "Sol") == "no_such_part"

    def test_a_group_may_do_without(self):
        state = evening(rules=GroupRules())

        assert panel(state, "Wren")["room"].part == ""
        assert refused(state, c.GoToPart(0), "Sol") == "no_such_part"

    def test_loose_or_timed(self):
        state = evening(rules=GroupRules(agenda=(AgendaPart("Begin"), AgendaPart("Middle", 40))))

        assert [part.minutes for part in panel(state, "Sol")["agenda"].parts] == [None, 40]


class TestSharing:
    def test_prompts_are_private_until_shared(self):
        state = evening()
        prompt = panel(state, "Sol")["agenda"].prompts[1]
        for alias in ("Wren", "Pia", "Kit"):
            assert prompt not in leaves(panel(state, alias))

        shared = press(state, c.SharePrompt(1), "Sol")

        assert panel(shared, "Wren")["room"].shared.what == prompt
        assert refused(state, c.SharePrompt(2), "Sol") == "no_such_part"

    @pytest.mark.parametrize(("activity", "steps"), [("energy_exchange", 7), ("drama_triangle", 4), ("breathing", 3)])
    def test_each_activity_has_its_steps(self, activity, steps):
        state = press(evening(), c.StartActivity(activity), "Sol")

        assert (panel(state, "Wren")["room"].shared.what, panel(state, "Sol")["agenda"].steps) == (activity, steps)

    def test_an_activity_goes_step_by_step(self):
        state = press(evening(), c.StartActivity("energy_exchange"), "Sol")
        state = press(state, c.StepActivity(6), "Sol")

        assert (panel(state, "Wren")["room"].shared.step, panel(state, "Sol")["agenda"].steps) == (6, 7)
        assert refused(state, c.StepActivity(7), "Sol") == "no_such_part"

    def test_where_no_activity_is_shown_there_are_no_steps(self):
        assert refused(evening(), c.StepActivity(0), "Sol") == "nothing_shared"
        assert refused(press(evening(), c.SharePrompt(0), "Sol"), c.StepActivity(0), "Sol") == "nothing_shared"

    def test_it_is_taken_off_everyones_page(self):
        state = press(press(evening(), c.SharePrompt(0), "Sol"), c.StopSharing(), "Sol")

        assert panel(state, "Wren")["room"].shared is None
        assert press(state, c.StopSharing(), "Sol") == state


class TestTheDebrief:
    def test_it_is_for_facilitators_and_begins_with_the_ending(self):
        before = evening()
        assert not panel(before, "Sol")["debrief"].shown

        after = press(before, c.BeginEnding(), "Sol")

        assert panel(after, "Sol")["debrief"].shown
        assert all("debrief" not in panel(after, alias) for alias in ("Wren", "Pia", "Kit"))

    def test_it_says_who_left_early_was_lost_needs_help_and_was_not_heard(self):
        state = finished(called(asking(evening(), "Wren")), "Wren")
        state = press(state, c.LeaveSession(), "Fern")
        state = press(lost(state, "Ash"), c.OpenTicket("cannot_hear"), "Wren")

        debrief = panel(press(state, c.BeginEnding(), "Sol"), "Sol")["debrief"]

        assert debrief.came == 3
        assert debrief.left_early == ("Fern",)
        assert debrief.lost_at_the_end == ("Ash",)
        assert debrief.tickets_unsolved == ("Wren",)
        assert debrief.not_heard == ("Ash",)

    def test_leaving_after_the_ending_began_is_not_early(self):
        state = press(press(evening(), c.BeginEnding(), "Sol"), c.LeaveSession(), "Fern")

        assert panel(state, "Sol")["debrief"].left_early == ()

    def test_whoever_still_speaks_at_the_end_has_been_heard(self):
        state = press(called(asking(evening(), "Wren")), c.BeginEnding(), "Sol")
        assert panel(state, "Sol")["debrief"].not_heard == ("Ash", "Fern")

        after = press(state, c.CloseSession(), "Sol")

        assert panel(after, "Sol")["debrief"].not_heard == ("Ash", "Fern")
        assert panel(after, "Sol")["debrief"].closed_at == CLOCK.now


class TestClosing:
    def test_the_shell_is_told_to_destroy_the_live_data(self):
        state = press(evening(), c.OpenTicket("cannot_hear"))
        state = press(state, c.TakeTicket(ticket_of(state, "Wren")), "Kit", after=30)

        assert closed(state).effects == (SessionClosed(came=3, waits=(30,)),)

    def test_what_was_private_goes_at_once(self):
        state = press(called(asking(evening(), "Fern")), c.RequestTurn(note="my sister"))
        for command, by in (
            (c.RaiseBreakSignal("cannot_talk"), "Wren"),
            (c.AnswerBreakSignal("wren", "stay_quiet"), "Sol"),
            (c.RequestBreakout(), "Ash"),
            (c.WriteNote("care", "she sounds sad"), "Pia"),
            (c.OpenTicket("cannot_hear"), "Wren"),
            (c.CallMe("01632 960123"), "Wren"),
            (c.ShareFacts("Firefox 128"), "Wren"),
            (c.SharePrompt(0), "Sol"),
        ):
            state = press(state, command, by)

        after = closed(state).state

        for secret in ("my sister", "cannot_talk", "stay_quiet", "she sounds sad", "01632 960123", "Firefox 128"):
            assert secret in repr(state)
            assert secret not in repr(after)
        assert (after.breakouts, after.shared) == ((), None)

    def test_whoever_waits_at_the_door_hears_that_it_is_over(self):
        state = press(evening(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)

        after = closed(press(state, c.Arrive("moss", "moss-phone", "Moss"), SYSTEM)).state

        assert panel(after, "Moss")["room"].phase == "closed"

    def test_every_members_page_says_closed_and_nothing_else_happens_there(self):
        after = closed(asking(evening(), "Wren")).state

        assert panel(after, "Wren")["room"].phase == "closed"
        assert not panel(after, "Wren")["turn"].in_room
        assert not panel(after, "Wren")["one_to_one"].in_room
        assert refused(after, c.RequestTurn()) == "session_closed"
        assert refused(after, c.LeaveSession()) == "session_closed"
