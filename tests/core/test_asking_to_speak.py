"""What one person does with her own place in the line: ask, reply, not yet, pass, withdraw, finish."""

import pytest

from companion.core import commands as c
from companion.core.model import GroupRules
from tests.core.builders import (
    a_session,
    asking,
    called,
    changed_views,
    finished,
    invited,
    line,
    lost,
    news,
    panel,
    press,
    put_back_first,
    refused,
    speaker,
)

THREE = ["Wren", "Ash", "Fern"]


def test_who_asks_first_stands_first():
    after = asking(a_session(THREE), "Fern", "Wren", "Ash")

    assert line(after) == ["Fern", "Wren", "Ash"]


def test_asking_twice_never_costs_a_place():
    before = asking(a_session(THREE), "Wren", "Ash")

    after = press(before, c.RequestTurn(), "Wren")

    assert line(after) == ["Wren", "Ash"]


def test_asking_again_with_a_note_keeps_the_place_and_changes_the_note():
    before = press(asking(a_session(THREE), "Wren", "Ash"), c.RequestTurn(note="first"), "Wren")

    after = press(before, c.RequestTurn(note="second"), "Wren")

    assert line(after) == ["Wren", "Ash"]
    assert panel(after, "Sol")["queue"].places[0].note == "second"


def test_asking_again_without_a_note_keeps_the_note():
    before = press(a_session(), c.RequestTurn(note="about the letter"))

    assert press(before, c.RequestTurn()).queue == before.queue


def test_the_speaker_asking_changes_nothing():
    before = called(asking(a_session(), "Wren"))

    assert press(before, c.RequestTurn()) == before


def test_a_note_is_for_facilitators_and_herself():
    before = asking(a_session(THREE, supporters=["Pia"], helpers=["Kit"]), "Wren")

    after = press(before, c.RequestTurn(note="my sister"), "Wren")

    assert changed_views(before, after) == {"Wren", "Sol"}


def test_withdrawing_twice_is_quietly_the_same():
    before = press(asking(a_session(), "Wren", "Ash"), c.WithdrawTurn())

    assert line(before) == ["Ash"]
    assert press(before, c.WithdrawTurn()) == before


def test_a_member_sees_her_own_place():
    state = asking(a_session(THREE), "Ash", "Wren")

    assert panel(state, "Wren")["turn"].place == 2
    assert panel(state, "Fern")["turn"].place is None


def test_a_supporter_may_ask_to_speak_too():
    assert line(asking(a_session(supporters=["Pia"]), "Pia")) == ["Pia"]


def test_a_tech_helper_may_not_ask_to_speak():
    assert refused(a_session(helpers=["Kit"]), c.RequestTurn(), "Kit") == "not_yours_to_do"


class TestWhatTheOthersSee:
    @pytest.mark.parametrize(
        ("others_see", "shown"), [("nothing", ("", ())), ("speaker", ("Wren", ())), ("line", ("Wren", ("Ash",)))]
    )
    def test_it_is_what_the_group_agreed(self, others_see, shown):
        state = called(asking(a_session(THREE, rules=GroupRules(others_see=others_see)), "Wren", "Ash"))

        turn = panel(state, "Fern")["turn"]

        assert (turn.speaker, turn.line) == shown

    def test_the_speaker_always_knows_that_she_speaks(self):
        state = called(asking(a_session(THREE, rules=GroupRules(others_see="nothing")), "Wren"))

        assert panel(state, "Wren")["turn"].speaking
        assert panel(state, "Wren")["turn"].speaker == "Wren"


class TestReplying:
    def test_a_reply_goes_next(self):
        before = asking(called(asking(a_session([*THREE, "Moss"]), "Wren")), "Ash", "Fern")

        after = press(before, c.RequestTurn(reply=True), "Moss")

        assert line(after) == ["Moss", "Ash", "Fern"]

    def test_somebody_who_waits_already_may_turn_it_into_a_reply(self):
        before = asking(called(asking(a_session(THREE), "Wren")), "Ash", "Fern")

        after = press(before, c.RequestTurn(reply=True), "Fern")

        assert line(after) == ["Fern", "Ash"]

    def test_there_is_one_reply_a_turn(self):
        before = press(called(asking(a_session(THREE), "Wren")), c.RequestTurn(reply=True), "Ash")

        assert refused(before, c.RequestTurn(reply=True), "Fern") == "reply_taken"
        assert not panel(before, "Fern")["turn"].may_reply

    def test_the_next_turn_has_a_reply_again(self):
        before = called(press(called(asking(a_session(THREE), "Wren")), c.RequestTurn(reply=True), "Ash"))

        after = press(before, c.RequestTurn(reply=True), "Fern")

        assert (speaker(after), line(after)) == ("Ash", ["Fern"])

    def test_replying_twice_is_quietly_the_same(self):
        before = press(called(asking(a_session(THREE), "Wren")), c.RequestTurn(reply=True), "Ash")

        assert press(before, c.RequestTurn(reply=True), "Ash").queue == before.queue

    def test_a_refused_reply_leaves_the_place_that_she_has(self):
        before = asking(called(asking(a_session(THREE), "Wren")), "Fern")
        before = press(before, c.RequestTurn(reply=True), "Ash")

        assert refused(before, c.RequestTurn(reply=True), "Fern") == "reply_taken"
        assert line(before) == ["Ash", "Fern"]

    def test_a_group_can_switch_replies_off(self):
        before = called(asking(a_session(THREE, rules=GroupRules(reply_allowed=False)), "Wren"))

        assert refused(before, c.RequestTurn(reply=True), "Ash") == "no_reply_now"
        assert not panel(before, "Ash")["turn"].may_reply

    def test_without_a_speaker_there_is_nothing_to_reply_to(self):
        assert refused(a_session(), c.RequestTurn(reply=True)) == "no_reply_now"

    def test_an_interrupted_speaker_stays_in_front_of_a_reply(self):
        before = invited(put_back_first(called(asking(a_session(THREE), "Wren"))), "Ash")

        after = press(before, c.RequestTurn(reply=True), "Fern")

        assert line(after) == ["Wren", "Fern"]

    def test_asking_to_reply_never_costs_a_place(self):
        before = invited(put_back_first(called(asking(a_session([*THREE, "Moss"]), "Wren", "Ash"))), "Moss")
        before = press(before, c.MovePlace("ash", "up"), "Sol")
        assert line(before) == ["Ash", "Wren"]

        after = press(before, c.RequestTurn(reply=True), "Ash")

        assert line(after) == ["Ash", "Wren"]

    def test_the_interrupted_speaker_stays_first_when_she_asks_to_reply(self):
        before = invited(put_back_first(called(asking(a_session([*THREE, "Moss"]), "Wren"))), "Ash")

        after = press(press(before, c.RequestTurn(reply=True), "Wren"), c.RequestTurn(reply=True), "Fern")

        assert line(after) == ["Wren", "Fern"]

    def test_a_reply_moves_nobody_but_the_one_who_replies(self):
        before = put_back_first(called(asking(a_session([*THREE, "Moss"]), "Wren", "Ash", "Fern")))
        before = invited(press(before, c.MovePlace("wren", "down"), "Sol"), "Fern")
        assert line(before) == ["Ash", "Wren"]

        after = press(before, c.RequestTurn(reply=True), "Moss")

        assert line(after) == ["Moss", "Ash", "Wren"]


class TestNotYet:
    def test_it_lets_one_person_go_first(self):
        before = asking(a_session(THREE), "Wren", "Ash", "Fern")

        after = press(before, c.NotYet())

        assert line(after) == ["Ash", "Wren", "Fern"]
        assert speaker(called(called(after))) == "Wren"

    def test_it_holds_while_the_one_behind_her_is_frozen(self):
        before = lost(asking(a_session(THREE), "Wren", "Ash", "Fern"), "Ash")

        after = called(press(before, c.NotYet()))

        assert speaker(after) == "Fern"
        assert speaker(called(after)) == "Wren"

    def test_it_holds_when_everybody_behind_her_is_frozen(self):
        before = lost(asking(a_session(THREE), "Wren", "Ash"), "Ash")

        after = press(before, c.NotYet())

        assert refused(after, c.StartNextTurn(after.queue.turn), "Sol") == "no_one_ready"
        assert speaker(invited(after, "Wren")) == "Wren"

    def test_it_holds_when_the_speaker_finishes_before_anybody_has_gone_first(self):
        before = lost(asking(called(asking(a_session(THREE), "Fern")), "Wren", "Ash"), "Ash")

        after = finished(press(before, c.NotYet()), "Fern")

        assert refused(after, c.StartNextTurn(after.queue.turn), "Sol") == "no_one_ready"

    def test_it_is_over_once_somebody_has_gone_first(self):
        before = press(asking(a_session(THREE), "Wren"), c.NotYet())

        after = finished(invited(before, "Fern"), "Fern")

        assert speaker(called(after)) == "Wren"

    def test_asking_again_takes_it_back_and_keeps_the_place(self):
        before = press(asking(a_session(THREE), "Wren"), c.NotYet())

        assert speaker(called(press(before, c.RequestTurn()))) == "Wren"

    def test_her_own_page_says_so_even_where_nobody_stands_behind_her(self):
        before = asking(a_session(THREE), "Wren")

        after = press(before, c.NotYet())

        assert changed_views(before, after) == {"Wren", "Sol"}
        assert panel(after, "Wren")["turn"].not_yet

    def test_without_a_place_there_is_nothing_to_put_off(self):
        assert refused(a_session(), c.NotYet()) == "not_in_line"


class TestPassingAndFinishing:
    def test_passing_takes_her_out_of_the_line_and_counts_nothing(self):
        before = asking(a_session(), "Wren", "Ash")

        after = press(before, c.PassTurn())

        assert line(after) == ["Ash"]
        assert after.queue.line.spoken == ()

    def test_the_speaker_may_pass(self):
        after = press(called(asking(a_session(), "Wren", "Ash")), c.PassTurn())

        assert (speaker(after), line(after), after.queue.line.spoken) == ("", ["Ash"], ())

    def test_passing_without_a_place_says_so(self):
        assert refused(a_session(), c.PassTurn()) == "not_in_line"

    def test_the_speaker_finishes_her_own_turn(self):
        after = finished(called(asking(a_session(), "Wren")), "Wren")

        assert (speaker(after), after.queue.line.spoken) == ("", ("wren",))

    def test_nobody_else_finishes_it(self):
        before = called(asking(a_session(supporters=["Pia"]), "Wren"))

        assert refused(before, c.FinishTurn(before.queue.turn), "Ash") == "not_yours_to_do"
        assert refused(before, c.FinishTurn(before.queue.turn), "Pia") == "not_yours_to_do"

    def test_finishing_a_turn_that_is_over_changes_nothing(self):
        before = called(asking(a_session(), "Wren", "Ash"))
        stale = before.queue.turn

        after = called(before)

        assert refused(after, c.FinishTurn(stale), "Wren") == "turn_moved_on"

    def test_it_is_your_turn_is_said_only_while_it_is(self):
        speaking = called(asking(a_session(), "Wren"))
        over = finished(speaking, "Wren")

        assert news(speaking, "Wren") == "your_turn"
        assert panel(speaking, "Wren")["news"].urgent
        assert news(over, "Wren") == ""
