"""Taking the last act on the line back: within 20 seconds, by any facilitator, and without losing members' acts."""

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from tests.core.builders import (
    a_session,
    arrived,
    asking,
    called,
    finished,
    invited,
    later,
    line,
    news,
    panel,
    press,
    put_back_first,
    refused,
    speaker,
)

FOUR = ["Wren", "Ash", "Fern", "Moss"]


def undone(state, by="Sol", after=1):
    return press(state, c.UndoLast(), by, after)


def started():
    """Heath speaks; Wren, Ash and Fern wait; Moss listens."""
    state = asking(a_session([*FOUR, "Heath"]), "Heath", "Wren", "Ash", "Fern")
    return called(state)


def turn(state):
    return state.queue.turn


ACTS = {
    "next": lambda s: c.StartNextTurn(turn(s)),
    "invite": lambda s: c.InviteToSpeak("fern", turn(s)),
    "invite from outside": lambda s: c.InviteToSpeak("moss", turn(s)),
    "finish": lambda s: c.FinishTurn(turn(s)),
    "put back first": lambda s: c.PutBackFirst(turn(s)),
    "move": lambda s: c.MovePlace("fern", "up"),
    "add": lambda s: c.AddPlace("moss"),
    "remove": lambda s: c.RemovePlace("ash"),
    "go-round": lambda s: c.SetQueueMode("go_round"),
    "quieter first": lambda s: c.SetQueueMode("quieter_first"),
    "last turns": lambda s: c.SetAsking("last_turns"),
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


@every_act
def test_each_act_can_be_taken_back(act):
    before = started()

    after = undone(press(before, act(before), "Sol"))

    assert after.queue.line == before.queue.line
    assert after.queue.undo is None


@every_act
def test_another_facilitator_may_take_it_back(act):
    before = arrived(press(started(), c.ExpectSeat("noor", "facilitator", "Noor"), SYSTEM), "Noor")

    assert undone(press(before, act(before), "Sol"), by="Noor").queue.line == before.queue.line


@every_act
def test_whoever_withdrew_since_stays_away(act):
    before = started()

    after = undone(press(press(before, act(before), "Sol"), c.WithdrawTurn(), "Wren"))

    # Where Wren was called there was no place to withdraw: taking "next" back puts her where she was.
    expected = ["Wren", "Ash", "Fern"] if act is ACTS["next"] else ["Ash", "Fern"]
    assert (speaker(after), line(after)) == ("Heath", expected)


ASKING_ACTS = {name: act for name, act in ACTS.items() if name != "last turns"}


@pytest.mark.parametrize("act", ASKING_ACTS.values(), ids=ASKING_ACTS)
def test_whoever_asked_since_stays(act):
    before = press(started(), c.ExpectSeat("lark", "member", "Lark"), SYSTEM)
    before = press(arrived(before, "Lark"), c.AdmitSeat("lark"), "Sol")

    after = undone(asking(press(before, act(before), "Sol"), "Lark"))

    assert (speaker(after), line(after)) == ("Heath", ["Wren", "Ash", "Fern", "Lark"])


@pytest.mark.parametrize("name", ["move", "add", "remove", "go-round", "quieter first", "last turns"])
def test_whoever_turned_her_place_into_a_reply_since_still_goes_next(name):
    before = started()

    after = undone(press(press(before, ACTS[name](before), "Sol"), c.RequestTurn(reply=True), "Fern"))

    assert (speaker(after), line(after)) == ("Heath", ["Fern", "Wren", "Ash"])
    assert after.queue.line.speaking.reply_used


@pytest.mark.parametrize("name", ["finish", "put back first", "add", "go-round", "quieter first", "last turns"])
def test_whoever_said_not_yet_since_stays_behind(name):
    before = started()

    after = undone(press(press(before, ACTS[name](before), "Sol"), c.NotYet(), "Wren"))

    assert (speaker(after), line(after)) == ("Heath", ["Ash", "Wren", "Fern"])


def test_a_pass_in_the_go_round_stays_at_the_end():
    before = press(a_session(FOUR), c.SetQueueMode("go_round"), "Sol")

    after = undone(press(press(before, c.SetAsking("paused"), "Sol"), c.PassTurn(), "Wren"))

    assert line(after) == ["Ash", "Fern", "Moss", "Wren"]


def test_somebody_removed_by_mistake_who_asked_again_gets_her_old_place_back():
    before = started()

    after = undone(asking(press(before, c.RemovePlace("ash"), "Sol"), "Ash"))

    assert line(after) == ["Wren", "Ash", "Fern"]


def test_somebody_added_by_a_facilitator_who_then_asked_herself_keeps_her_place():
    before = started()

    after = undone(asking(press(before, c.AddPlace("moss"), "Sol"), "Moss"))

    assert line(after) == ["Wren", "Ash", "Fern", "Moss"]


def test_somebody_asked_in_the_go_round_who_then_asked_herself_keeps_her_place():
    before = started()

    after = undone(asking(press(before, c.SetQueueMode("go_round"), "Sol"), "Moss"))

    assert line(after) == ["Wren", "Ash", "Fern", "Moss"]
    assert panel(after, "Moss")["turn"].kind == "asked"


def test_a_newcomer_of_a_go_round_taken_back_is_not_left_in_the_line():
    before = arrived(press(started(), c.ExpectSeat("lark", "member", "Lark"), SYSTEM), "Lark")

    after = undone(press(press(before, c.SetQueueMode("go_round"), "Sol"), c.AdmitSeat("lark"), "Sol"))

    assert line(after) == ["Wren", "Ash", "Fern"]


def test_a_newcomer_of_a_go_round_that_goes_on_stays_in_it():
    before = arrived(press(started(), c.ExpectSeat("lark", "member", "Lark"), SYSTEM), "Lark")
    before = press(press(before, c.SetQueueMode("go_round"), "Sol"), c.SetAsking("paused"), "Sol")

    after = undone(press(before, c.AdmitSeat("lark"), "Sol"))

    assert line(after) == ["Wren", "Ash", "Fern", "Moss", "Lark"]


def test_a_speaker_put_back_who_then_withdrew_is_not_made_to_speak():
    before = started()

    after = undone(press(put_back_first(before), c.WithdrawTurn(), "Heath"))

    assert (speaker(after), line(after)) == ("", ["Wren", "Ash", "Fern"])


def test_a_speaker_who_left_since_is_not_brought_back():
    before = called(started())

    after = undone(press(before, c.LeaveSession(), "Heath"))

    assert (speaker(after), line(after)) == ("", ["Wren", "Ash", "Fern"])


def test_a_speaker_brought_back_who_had_asked_again_does_not_wait_behind_herself():
    after = undone(asking(called(started()), "Heath"))

    assert (speaker(after), line(after)) == ("Heath", ["Wren", "Ash", "Fern"])


def test_the_reply_used_in_the_turn_that_goes_on_stays_used():
    before = press(started(), c.SetAsking("paused"), "Sol")
    before = press(before, c.RequestTurn(reply=True), "Wren")

    assert refused(undone(before), c.RequestTurn(reply=True), "Ash") == "reply_taken"


def test_it_is_possible_for_twenty_seconds():
    before = called(started())

    assert speaker(undone(before, after=20)) == "Heath"
    assert refused(before, c.UndoLast(), "Sol", after=1) == "undo_too_late"


def test_after_twenty_seconds_the_button_is_gone():
    before = called(started())
    assert panel(before, "Sol")["queue"].undo == "start_next_turn"

    assert panel(later(before, 20), "Sol")["queue"].undo == ""


def test_there_is_nothing_to_take_back_twice():
    assert refused(undone(called(started())), c.UndoLast(), "Sol") == "nothing_to_undo"


def test_once_the_speaker_has_finished_herself_an_older_act_is_past():
    after = finished(called(started()), "Wren")

    assert refused(after, c.UndoLast(), "Sol") == "nothing_to_undo"


def test_a_facilitator_who_saw_the_turn_before_the_undo_does_not_advance_the_line():
    before = called(started())
    stale = before.queue.turn

    assert refused(undone(before), c.StartNextTurn(stale), "Sol") == "turn_moved_on"


def test_she_is_no_longer_told_that_it_is_her_turn():
    before = called(started())
    assert news(before, "Wren") == "your_turn"

    assert news(undone(before), "Wren") == ""


class TestWithAPause:
    def test_the_turn_that_goes_on_keeps_its_clock(self):
        before = press(started(), c.SetAsking("paused"), "Sol", after=10)
        before = press(press(before, c.PauseRoom(), "Sol", after=5), c.ResumeRoom(), "Sol", after=5)

        after = undone(before)

        assert after.queue.line.speaking == before.queue.line.speaking
        assert after.queue.turn == before.queue.turn

    def test_a_speaker_brought_back_into_a_pause_does_not_lose_her_time_to_it(self):
        before = press(called(started(), after=30), c.PauseRoom(), "Sol")

        after = press(undone(before), c.ResumeRoom(), "Sol", after=600)

        assert 30 <= panel(after, "Sol")["queue"].speaker.used_seconds <= 35

    def test_a_speaker_brought_back_after_the_pause_has_a_running_clock(self):
        paused = press(started(), c.PauseRoom(), "Sol", after=30)
        before = press(finished(paused, "Sol", after=600), c.ResumeRoom(), "Sol", after=5)

        heath = panel(undone(before), "Sol")["queue"].speaker

        assert (heath.used_seconds, heath.clock_stopped) == (30, False)


def test_a_name_invited_from_outside_the_line_goes_back_to_no_place():
    after = undone(invited(started(), "Moss"))

    assert panel(after, "Moss")["turn"].place is None
