"""The line in a facilitator's hands: next, invite, put back first, move, add, remove, close the list; the timer."""

from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM, GroupRules
from tests.core.builders import (
    CLOCK,
    a_session,
    asking,
    called,
    changed_views,
    finished,
    invited,
    line,
    panel,
    press,
    put_back_first,
    refused,
    speaker,
)

THREE = ["Wren", "Ash", "Fern"]


def used(state):
    return panel(state, "Sol")["queue"].speaker.used_seconds


class TestNext:
    def test_next_calls_the_first_and_finishes_the_one_before(self):
        before = called(asking(a_session(THREE), "Wren", "Ash"))

        after = called(before)

        assert (speaker(after), line(after), after.queue.line.spoken) == ("Ash", [], ("wren",))

    def test_two_facilitators_at_once_advance_the_line_once(self):
        before = asking(a_session(THREE, facilitators=["Noor"]), *THREE)
        seen_by_both = before.queue.turn

        after = press(before, c.StartNextTurn(seen_by_both), "Sol")

        assert refused(after, c.StartNextTurn(seen_by_both), "Noor") == "turn_moved_on"
        assert speaker(after) == "Wren"

    @pytest.mark.parametrize("command", [c.InviteToSpeak("ash", 0), c.FinishTurn(0), c.PutBackFirst(0)], ids=repr)
    def test_whatever_changes_the_speaker_names_the_turn_it_saw(self, command):
        state = called(asking(a_session(THREE), *THREE))

        assert refused(state, command, "Sol") == "turn_moved_on"

    def test_an_empty_line_says_so(self):
        state = a_session()

        assert refused(state, c.StartNextTurn(state.queue.turn), "Sol") == "no_one_waiting"

    def test_the_speaker_alone_is_told_and_everybody_sees_who_speaks(self):
        before = asking(a_session(THREE, supporters=["Pia"], helpers=["Kit"]), "Wren")

        after = called(before)

        assert changed_views(before, after) == {"Wren", "Ash", "Fern", "Sol"}
        assert [alias for alias in THREE if panel(after, alias)["news"].urgent] == ["Wren"]


class TestInviting:
    def test_anybody_in_the_room_may_be_invited(self):
        assert speaker(invited(a_session(), "Ash")) == "Ash"

    def test_somebody_invited_out_of_the_line_leaves_it(self):
        after = invited(asking(a_session(THREE), *THREE), "Fern")

        assert (speaker(after), line(after)) == ("Fern", ["Wren", "Ash"])

    def test_inviting_the_speaker_changes_nothing(self):
        before = invited(a_session(), "Ash")

        assert press(before, c.InviteToSpeak("ash", before.queue.turn), "Sol") == before

    def test_nobody_outside_the_room_can_be_invited(self):
        state = press(a_session(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)

        assert refused(state, c.InviteToSpeak("moss", state.queue.turn), "Sol") == "no_such_seat"
        assert refused(state, c.InviteToSpeak("nobody", state.queue.turn), "Sol") == "no_such_seat"


class TestFinishing:
    def test_a_facilitator_finishes_a_turn(self):
        after = finished(invited(a_session(), "Ash"), "Sol")

        assert (speaker(after), after.queue.line.spoken) == ("", ("ash",))

    def test_where_nobody_speaks_there_is_nothing_to_finish(self):
        state = a_session()

        assert refused(state, c.FinishTurn(state.queue.turn), "Sol") == "no_one_speaking"
        assert refused(state, c.PutBackFirst(state.queue.turn), "Sol") == "no_one_speaking"


class TestPutBackFirst:
    def test_the_interrupted_speaker_goes_next_with_the_time_she_has_not_used(self):
        speaking = called(asking(a_session(THREE), "Wren", "Ash"))
        interrupted = put_back_first(speaking, after=40)

        again = called(interrupted, after=100)

        assert line(interrupted) == ["Wren", "Ash"]
        assert (speaker(again), used(again)) == ("Wren", 40)

    def test_it_adds_up_when_she_is_interrupted_twice(self):
        once = put_back_first(called(asking(a_session(), "Wren")), after=40)

        twice = called(put_back_first(called(once), after=25))

        assert used(twice) == 65

    def test_it_does_not_count_as_having_spoken(self):
        assert put_back_first(invited(a_session(), "Wren")).queue.line.spoken == ()

    def test_she_keeps_her_time_when_invited_by_name(self):
        interrupted = put_back_first(called(asking(a_session(), "Wren", "Ash")), after=40)

        assert used(invited(interrupted, "Wren")) == 40


class TestMovingAddingRemoving:
    def test_a_place_moves_up_and_down(self):
        state = asking(a_session(THREE), *THREE)

        assert line(press(state, c.MovePlace("fern", "up"), "Sol")) == ["Wren", "Fern", "Ash"]
        assert line(press(state, c.MovePlace("wren", "down"), "Sol")) == ["Ash", "Wren", "Fern"]

    def test_beyond_the_ends_it_says_so(self):
        state = asking(a_session(THREE), *THREE)

        assert refused(state, c.MovePlace("wren", "up"), "Sol") == "already_first"
        assert refused(state, c.MovePlace("fern", "down"), "Sol") == "already_last"
        assert refused(asking(a_session(), "Ash"), c.MovePlace("wren", "up"), "Sol") == "not_in_line"

    def test_somebody_on_the_phone_only_is_added_called_moved_and_finished_for(self):
        state = press(asking(a_session(), "Wren"), c.AddPhoneSeat("Ivy"), "Sol")
        ivy = state.seats[-1]
        state = press(state, c.AddPlace(ivy.id), "Sol")
        assert line(state) == ["Wren", "Ivy"]

        state = called(press(state, c.MovePlace(ivy.id, "up"), "Sol"))

        assert (ivy.by_phone, speaker(state)) == (True, "Ivy")
        assert speaker(finished(state, "Sol")) == ""

    def test_adding_twice_is_quietly_the_same(self):
        state = press(a_session(), c.AddPlace("wren"), "Sol")

        assert press(state, c.AddPlace("wren"), "Sol") == state
        assert line(state) == ["Wren"]

    def test_the_speaker_is_not_added_behind_herself(self):
        state = invited(a_session(), "Wren")

        assert press(state, c.AddPlace("wren"), "Sol") == state

    def test_removing_takes_the_place_out(self):
        state = press(asking(a_session(), "Wren", "Ash"), c.RemovePlace("wren"), "Sol")

        assert line(state) == ["Ash"]
        assert refused(state, c.RemovePlace("wren"), "Sol") == "not_in_line"


class TestTheList:
    def test_while_asking_is_paused_those_who_wait_keep_their_places(self):
        state = press(asking(a_session(), "Wren"), c.SetAsking("paused"), "Sol")

        assert refused(state, c.RequestTurn(), "Ash") == "asking_paused"
        assert press(state, c.RequestTurn(), "Wren").queue == state.queue
        assert not panel(state, "Ash")["turn"].may_ask

    def test_last_turns_closes_the_list(self):
        state = press(asking(a_session(), "Wren"), c.SetAsking("last_turns"), "Sol")

        assert refused(state, c.RequestTurn(), "Ash") == "list_closed"
        assert line(called(state)) == []

    def test_a_facilitator_may_add_somebody_even_then(self):
        state = press(a_session(), c.SetAsking("last_turns"), "Sol")

        assert line(press(state, c.AddPlace("ash"), "Sol")) == ["Ash"]

    def test_opening_it_again_lets_people_ask(self):
        state = press(a_session(), c.SetAsking("last_turns"), "Sol")

        assert line(asking(press(state, c.SetAsking("open"), "Sol"), "Ash")) == ["Ash"]

    def test_setting_what_is_already_set_changes_nothing(self):
        state = a_session()

        assert press(state, c.SetAsking("open"), "Sol") == state
        assert press(state, c.SetQueueMode("as_asked"), "Sol") == state


class TestTheQuietTimer:
    RULES = GroupRules(turn_seconds=180)

    def test_the_speaker_and_facilitators_see_it_and_nobody_else_does(self):
        state = called(asking(a_session(THREE, rules=self.RULES), "Wren", "Ash"))
        now = CLOCK.now

        mine, hosting, other = panel(state, "Wren")["turn"], panel(state, "Sol")["queue"], panel(state, "Ash")["turn"]

        assert (mine.started_at, mine.agreed_seconds) == (now, 180)
        assert (hosting.speaker.started_at, hosting.speaker.agreed_seconds) == (now, 180)
        assert (other.started_at, other.agreed_seconds, other.used_seconds) == (None, None, 0)

    def test_it_is_off_by_default(self):
        state = called(asking(a_session(), "Wren"))

        assert panel(state, "Wren")["turn"].agreed_seconds is None

    def test_nobody_is_cut_off(self):
        before = called(asking(a_session(rules=self.RULES), "Wren", "Ash"))

        after = press(before, c.LetTimePass(), SYSTEM, after=4000)

        assert speaker(after) == "Wren"

    def test_it_stands_still_while_the_room_is_paused(self):
        speaking = called(asking(a_session(rules=self.RULES), "Wren"))
        paused = press(speaking, c.PauseRoom(), "Sol", after=50)
        assert panel(paused, "Wren")["turn"].clock_stopped
        assert panel(paused, "Sol")["queue"].speaker.clock_stopped

        going_on = press(paused, c.ResumeRoom(), "Sol", after=600)

        assert (used(going_on), panel(going_on, "Sol")["queue"].speaker.started_at) == (50, CLOCK.now)
        assert not panel(going_on, "Wren")["turn"].clock_stopped
        assert used(called(put_back_first(going_on, after=10))) == 60

    def test_a_pause_costs_nothing_when_she_is_put_back_during_it(self):
        paused = press(called(asking(a_session(), "Wren")), c.PauseRoom(), "Sol", after=50)

        again = called(press(put_back_first(paused, after=600), c.ResumeRoom(), "Sol"))

        assert used(again) == 50

    def test_it_runs_on_when_the_ending_begins_out_of_a_pause(self):
        paused = press(called(asking(a_session(), "Wren")), c.PauseRoom(), "Sol", after=50)

        ending = press(paused, c.BeginEnding(), "Sol", after=600)

        assert not panel(ending, "Sol")["queue"].speaker.clock_stopped
        assert panel(ending, "Sol")["queue"].speaker.started_at == CLOCK.now

    def test_pausing_twice_is_quietly_the_same(self):
        paused = press(called(asking(a_session(), "Wren")), c.PauseRoom(), "Sol", after=50)

        assert press(paused, c.PauseRoom(), "Sol", after=30) == paused

    def test_the_clock_starts_when_the_word_is_given(self):
        asked = CLOCK.now
        state = called(asking(a_session(), "Wren"), after=300)

        assert panel(state, "Wren")["turn"].started_at - asked > timedelta(seconds=300)
