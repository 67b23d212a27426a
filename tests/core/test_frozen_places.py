"""On a break, lost or out at a one-to-one a place is frozen: skipped without loss, there again on return."""

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM, GroupRules
from tests.core.builders import (
    a_session,
    asking,
    back,
    called,
    changed_views,
    finished,
    line,
    lost,
    out_together,
    panel,
    press,
    refused,
    speaker,
)

THREE = ["Wren", "Ash", "Fern"]


def frozen_by(how, state, alias="Wren"):
    if how == "drop":
        return lost(state, alias)
    if how == "one to one":
        return out_together(state, alias)
    return press(state, c.RaiseBreakSignal(how), alias)


def thawed(how, state, alias="Wren"):
    if how == "drop":
        return back(state, alias)
    return press(state, c.FinishBreakout() if how == "one to one" else c.SettleBreakSignal(), alias)


every_way = pytest.mark.parametrize("how", ["drop", "one to one", "few_minutes", "cannot_talk"])


def a_line():
    rules = GroupRules(others_see="line")
    return asking(a_session(THREE, supporters=["Pia"], rules=rules), *THREE)


@every_way
def test_a_frozen_place_is_skipped_and_loses_nothing(how):
    state = called(frozen_by(how, a_line()))
    assert (speaker(state), line(state)) == ("Ash", ["Wren", "Fern"])

    state = called(thawed(how, state))

    assert (speaker(state), line(state)) == ("Wren", ["Fern"])


@every_way
def test_to_the_others_a_frozen_place_looks_like_any_other(how):
    before = a_line()

    after = frozen_by(how, before)

    assert changed_views(before, after) <= {"Wren", "Sol", "Pia"}
    assert panel(after, "Ash")["turn"].line == ("Wren", "Ash", "Fern")


@every_way
def test_facilitators_see_why_she_is_away(how):
    away = panel(frozen_by(how, a_line()), "Sol")["queue"].places[0].away

    assert away == {"drop": "lost", "one to one": "one_to_one"}.get(how, "break")


@every_way
def test_where_everybody_is_away_nobody_is_called(how):
    state = frozen_by(how, asking(a_session(supporters=["Pia"]), "Wren"))

    assert refused(state, c.StartNextTurn(state.queue.turn), "Sol") == "no_one_ready"


@every_way
def test_a_facilitator_may_still_invite_her_by_name(how):
    state = frozen_by(how, a_line())

    assert speaker(press(state, c.InviteToSpeak("wren", state.queue.turn), "Sol")) == "Wren"


def test_please_check_on_me_does_not_stop_her_from_speaking():
    assert speaker(called(frozen_by("check_on_me", a_line()))) == "Wren"


def test_a_drop_of_a_few_seconds_freezes_nothing():
    assert speaker(called(press(a_line(), c.NoticeDrop("wren"), SYSTEM))) == "Wren"


@every_way
def test_the_speaker_stays_the_speaker(how):
    state = frozen_by(how, called(a_line()))

    assert speaker(state) == "Wren"
    assert speaker(finished(state, "Sol")) == ""


def test_those_behind_a_frozen_place_still_count_it():
    assert panel(frozen_by("few_minutes", a_line()), "Ash")["turn"].place == 2
