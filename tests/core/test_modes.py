"""The modes of the line: quieter voices first, which only suggests, and the go-round."""

from companion.core import commands as c
from companion.core.model import SYSTEM
from tests.core.builders import (
    a_session,
    arrived,
    asking,
    called,
    finished,
    invited,
    line,
    lost,
    panel,
    press,
    put_back_first,
    speaker,
)

THREE = ["Wren", "Ash", "Fern"]


def in_mode(state, mode):
    return press(state, c.SetQueueMode(mode), "Sol")


def suggested(state):
    queue = panel(state, "Sol")["queue"]
    return (queue.suggested_alias, queue.suggestion.reason) if queue.suggestion else None


def spoke(state, *aliases):
    for alias in aliases:
        state = finished(invited(state, alias), "Sol")
    return state


class TestQuieterVoicesFirst:
    def test_it_suggests_who_has_not_spoken_yet_and_says_why(self):
        state = asking(spoke(in_mode(a_session(THREE), "quieter_first"), "Wren"), "Wren", "Ash")

        assert suggested(state) == ("Ash", "not_spoken_yet")

    def test_it_suggests_who_has_spoken_less(self):
        state = asking(spoke(in_mode(a_session(THREE), "quieter_first"), "Wren", "Wren", "Ash"), "Wren", "Ash")

        assert suggested(state) == ("Ash", "spoken_less")

    def test_it_never_reorders_by_itself(self):
        state = asking(spoke(in_mode(a_session(THREE), "quieter_first"), "Wren"), "Wren", "Ash")

        assert line(state) == ["Wren", "Ash"]
        assert speaker(called(state)) == "Wren"

    def test_one_tap_accepts_it(self):
        state = asking(spoke(in_mode(a_session(THREE), "quieter_first"), "Wren"), "Wren", "Ash")
        suggestion = panel(state, "Sol")["queue"].suggestion

        after = press(state, c.InviteToSpeak(suggestion.seat, state.queue.turn), "Sol")

        assert (speaker(after), line(after)) == ("Ash", ["Wren"])

    def test_it_is_silent_when_the_first_in_line_is_as_quiet_as_anybody(self):
        assert suggested(asking(in_mode(a_session(THREE), "quieter_first"), "Wren", "Ash")) is None

    def test_it_suggests_nobody_who_is_away(self):
        state = lost(asking(spoke(in_mode(a_session(THREE), "quieter_first"), "Wren"), "Wren", "Ash"), "Ash")

        assert suggested(state) is None

    def test_passing_counts_as_nothing_against_her(self):
        state = press(asking(in_mode(a_session(THREE), "quieter_first"), "Ash"), c.PassTurn(), "Ash")
        state = asking(spoke(state, "Wren"), "Wren", "Ash")

        assert suggested(state) == ("Ash", "not_spoken_yet")

    def test_in_the_other_modes_it_suggests_nobody(self):
        assert suggested(asking(spoke(a_session(THREE), "Wren"), "Wren", "Ash")) is None


class TestGoRound:
    def test_everyone_in_the_room_is_asked_once(self):
        state = in_mode(a_session(THREE, supporters=["Pia"], helpers=["Kit"]), "go_round")
        heard = []

        for _ in THREE:
            state = called(state)
            heard.append(speaker(state))
        state = finished(state, "Sol")

        assert (heard, line(state)) == (THREE, [])

    def test_those_who_wait_already_stand_in_front(self):
        assert line(in_mode(asking(a_session(THREE), "Fern"), "go_round")) == ["Fern", "Wren", "Ash"]

    def test_the_one_who_speaks_is_not_asked_again(self):
        assert line(in_mode(invited(a_session(THREE), "Wren"), "go_round")) == ["Ash", "Fern"]

    def test_who_passes_is_offered_again_at_the_end_and_may_pass_again(self):
        state = press(called(in_mode(a_session(THREE), "go_round")), c.PassTurn(), "Wren")
        assert line(state) == ["Ash", "Fern", "Wren"]

        state = called(called(called(state)))
        assert speaker(state) == "Wren"

        assert line(press(state, c.PassTurn(), "Wren")) == []

    def test_she_may_pass_before_it_is_her_turn(self):
        state = press(in_mode(a_session(THREE), "go_round"), c.PassTurn(), "Wren")

        assert line(state) == ["Ash", "Fern", "Wren"]
        assert line(press(state, c.PassTurn(), "Wren")) == ["Ash", "Fern"]

    def test_somebody_who_had_asked_before_is_offered_again_too(self):
        state = in_mode(asking(a_session(THREE), "Wren"), "go_round")

        assert line(press(state, c.PassTurn(), "Wren")) == ["Ash", "Fern", "Wren"]
        assert line(press(called(state), c.PassTurn(), "Wren")) == ["Ash", "Fern", "Wren"]

    def test_somebody_who_was_put_back_is_offered_again_once(self):
        state = called(put_back_first(called(in_mode(a_session(THREE), "go_round"))))
        state = press(state, c.PassTurn(), "Wren")
        assert line(state) == ["Ash", "Fern", "Wren"]

        state = called(put_back_first(invited(state, "Wren")))

        assert line(press(state, c.PassTurn(), "Wren")) == ["Ash", "Fern"]

    def test_a_second_wish_of_somebody_who_has_spoken_is_not_offered_again(self):
        state = asking(finished(called(in_mode(a_session(THREE), "go_round")), "Wren"), "Wren")

        assert line(press(state, c.PassTurn(), "Wren")) == ["Ash", "Fern"]

    def test_after_the_go_round_a_pass_is_offered_to_nobody_again(self):
        state = in_mode(called(in_mode(a_session(THREE), "go_round")), "as_asked")

        assert line(press(state, c.PassTurn(), "Wren")) == []

    def test_a_newcomer_is_asked_too(self):
        state = press(in_mode(a_session(), "go_round"), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)

        state = press(arrived(state, "Moss"), c.AdmitSeat("moss"), "Sol")

        assert line(state) == ["Wren", "Ash", "Moss"]

    def test_a_frozen_place_is_skipped_and_asked_on_return(self):
        state = called(lost(in_mode(a_session(THREE), "go_round"), "Wren"))

        assert (speaker(state), line(state)) == ("Ash", ["Wren", "Fern"])

    def test_leaving_it_keeps_who_asked_and_nobody_else(self):
        state = asking(in_mode(asking(a_session([*THREE, "Moss"]), "Fern"), "go_round"), "Ash")

        after = in_mode(state, "as_asked")

        assert line(after) == ["Fern", "Ash"]
        assert panel(after, "Ash")["turn"].kind == "asked"

    def test_leaving_it_asks_nobody_who_has_passed(self):
        state = press(in_mode(asking(a_session(THREE), "Fern"), "go_round"), c.PassTurn(), "Fern")

        assert line(in_mode(state, "as_asked")) == []

    def test_leaving_it_asks_nobody_who_has_passed_her_turn(self):
        state = press(called(in_mode(asking(a_session(THREE), "Fern"), "go_round")), c.PassTurn(), "Fern")

        assert line(in_mode(state, "as_asked")) == []

    def test_it_is_written_on_the_page_of_those_who_are_asked(self):
        state = in_mode(a_session(THREE), "go_round")

        assert all(panel(state, alias)["turn"].go_round for alias in THREE)
