"""Break signals: three strengths, seen, answered, overdue, escalated, settled without a trace; and who sees what."""

from datetime import timedelta

import msgspec
import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from tests.core.builders import (
    CLOCK,
    a_session,
    arrived,
    back,
    changed_views,
    later,
    lost,
    news,
    panel,
    press,
    refused,
)

STRENGTHS = ["few_minutes", "check_on_me", "cannot_talk"]
every_strength = pytest.mark.parametrize("strength", STRENGTHS)


def everybody(**more):
    return a_session(["Wren", "Ash"], facilitators=["Noor"], supporters=["Pia"], helpers=["Kit"], **more)


def raised(state=None, strength="few_minutes", minutes=None, after=1):
    return press(state or everybody(), c.RaiseBreakSignal(strength, minutes), "Wren", after)


def answered(state, reply="here_for_you", by="Sol", after=1):
    return press(state, c.AnswerBreakSignal("wren", reply), by, after)


def seen(state, by="Sol", after=1):
    return press(state, c.SeeBreakSignal("wren"), by, after)


def alert_kinds(state, alias="Sol"):
    return [alert.kind for alert in panel(state, alias)["now"].alerts]


def signals(state, alias):
    return panel(state, alias)["signals"].signals


class TestWhoNotices:
    @every_strength
    def test_only_the_sender_and_the_facilitators_notice_a_break_signal(self, strength):
        before = everybody()

        after = raised(before, strength)

        assert changed_views(before, after) == {"Wren", "Sol", "Noor"}

    @every_strength
    def test_whatever_becomes_of_it_nobody_else_notices(self, strength):
        before = everybody()
        state = raised(before, strength, minutes=5)

        for step in (seen, answered, lambda s: later(s, 30), lambda s: press(s, c.SettleBreakSignal())):
            after = step(state)
            assert changed_views(state, after) <= {"Wren", "Sol", "Noor"}
            state = after

    def test_please_check_on_me_reaches_supporters_when_nobody_answers_in_sixty_seconds(self):
        before = raised(strength="check_on_me")

        assert changed_views(before, later(before, 59)) == set()
        after = later(before, 1)

        assert changed_views(before, after) == {"Sol", "Noor", "Pia"}
        assert [signal.alias for signal in signals(after, "Pia")] == ["Wren"]

    @pytest.mark.parametrize("strength", ["few_minutes", "cannot_talk"])
    def test_the_other_strengths_never_reach_supporters(self, strength):
        assert signals(later(raised(strength=strength), 3600), "Pia") == ()

    def test_tech_helpers_and_members_never_see_one_in_any_form(self):
        before = everybody()

        after = later(raised(before, "check_on_me", minutes=1), 3600)

        for alias in ("Ash", "Kit"):
            assert panel(after, alias) == panel(before, alias)

    def test_a_supporter_is_not_told_the_plan_or_the_telephone(self):
        state = press(raised(strength="check_on_me"), c.ChooseVanishPlan("call_me"))
        state = later(state, 60)

        assert signals(state, "Sol")[0].if_i_vanish == "call_me"
        assert signals(state, "Pia")[0].if_i_vanish == "wait"
        assert not signals(state, "Pia")[0].has_phone

    def test_a_supporter_does_not_see_her_own_among_the_others(self):
        state = later(press(everybody(), c.RaiseBreakSignal("check_on_me"), "Pia"), 60)

        assert signals(state, "Pia") == ()

    def test_somebody_at_the_door_may_raise_one(self):
        state = press(everybody(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
        state = press(arrived(state, "Moss"), c.RaiseBreakSignal("cannot_talk"), "Moss")

        assert alert_kinds(state)[0] == "cannot_talk"

    def test_most_pressing_stands_first(self):
        state = raised(press(everybody(), c.RaiseBreakSignal("few_minutes"), "Ash"), "cannot_talk")

        assert alert_kinds(state) == ["cannot_talk", "break_raised"]


class TestSeenAndAnswered:
    def test_her_phone_says_who_has_seen_it(self):
        state = seen(raised())

        mine = panel(state, "Wren")["break"]
        assert (mine.state, mine.seen_by) == ("seen", "Sol")
        assert news(state, "Wren") == "signal_seen"

    def test_the_first_who_saw_it_is_named_and_seeing_twice_changes_nothing(self):
        state = seen(raised())

        assert seen(state, "Noor") == state

    def test_an_answer_is_shown_on_her_phone_and_means_seen(self):
        state = answered(raised(), "take_your_time", "Noor")

        mine = panel(state, "Wren")["break"]
        assert (mine.state, mine.seen_by) == ("answered", "Noor")
        assert [(answer.reply, answer.by) for answer in mine.answers] == [("take_your_time", "Noor")]

    def test_the_same_answer_twice_is_quietly_the_same(self):
        state = answered(raised())

        assert answered(state) == state

    def test_several_answers_stand_one_after_the_other(self):
        state = answered(answered(raised()), "talk_one_to_one", "Noor")

        assert [answer.reply for answer in panel(state, "Wren")["break"].answers] == ["here_for_you", "talk_one_to_one"]

    def test_seeing_an_answered_one_does_not_make_it_less(self):
        state = answered(raised())

        assert seen(state, "Noor") == state

    def test_seen_settles_a_few_minutes_and_nothing_stronger(self):
        assert alert_kinds(seen(raised())) == []
        assert alert_kinds(seen(raised(strength="check_on_me"))) == ["check_on_me"]
        assert alert_kinds(seen(raised(strength="cannot_talk"))) == ["cannot_talk"]
        assert alert_kinds(answered(raised(strength="cannot_talk"))) == []

    def test_a_supporter_answers_what_has_reached_her(self):
        state = answered(later(raised(strength="check_on_me"), 60), by="Pia")

        assert panel(state, "Wren")["break"].answers[0].by == "Pia"

    @pytest.mark.parametrize("command", [c.SeeBreakSignal("wren"), c.AnswerBreakSignal("wren", "here_for_you")])
    def test_to_a_supporter_a_signal_that_has_not_reached_her_does_not_exist(self, command):
        assert refused(everybody(), command, "Pia") == refused(raised(), command, "Pia") == "no_signal"

    @pytest.mark.parametrize("by", ["Ash", "Kit"])
    def test_nobody_else_answers(self, by):
        assert refused(raised(), c.AnswerBreakSignal("wren", "here_for_you"), by) == "not_yours_to_do"
        assert refused(everybody(), c.AnswerBreakSignal("wren", "here_for_you"), by) == "not_yours_to_do"


class TestRepeatingAndStrengthening:
    def test_a_repeated_signal_is_new_to_facilitators(self):
        state = raised(answered(raised()))

        assert panel(state, "Wren")["break"].state == "raised"
        assert alert_kinds(state) == ["break_raised"]

    def test_it_can_be_strengthened_and_weakened(self):
        stronger = raised(answered(raised()), "cannot_talk")
        weaker = raised(stronger, "few_minutes")

        assert alert_kinds(stronger) == ["cannot_talk"]
        assert alert_kinds(weaker) == ["break_raised"]
        assert len(weaker.signals) == 1

    def test_saying_it_again_does_not_start_the_minute_anew(self):
        state = raised(raised(strength="check_on_me"), "check_on_me", after=40)

        assert signals(later(state, 20), "Pia") != ()

    def test_saying_it_again_does_not_take_it_away_from_the_supporters(self):
        state = raised(later(raised(strength="check_on_me"), 60), "check_on_me")

        assert [signal.state for signal in signals(state, "Pia")] == ["raised"]

    def test_only_seen_is_not_answered_and_the_minute_goes_on(self):
        state = raised(seen(raised(strength="check_on_me"), after=30), "check_on_me", after=10)

        assert signals(later(state, 20), "Pia") != ()

    def test_once_answered_a_repeated_one_has_a_minute_of_its_own(self):
        state = raised(answered(raised(strength="check_on_me")), "check_on_me", after=55)

        assert signals(later(state, 59), "Pia") == ()
        assert signals(later(state, 1), "Pia") != ()

    def test_an_answered_one_does_not_escalate(self):
        assert signals(later(answered(raised(strength="check_on_me")), 3600), "Pia") == ()

    def test_weakened_after_reaching_the_supporters_it_is_theirs_no_longer(self):
        state = raised(later(raised(strength="check_on_me"), 60), "few_minutes")

        assert signals(state, "Pia") == ()


class TestComingBack:
    def test_overdue_prompts_facilitators_with_her_plan(self):
        state = press(raised(minutes=5), c.ChooseVanishPlan("call_me"))
        state = seen(state)
        assert alert_kinds(later(state, 290)) == []

        late = later(state, 10)

        alert = panel(late, "Sol")["now"].alerts[0]
        assert (alert.kind, alert.alias, alert.detail) == ("overdue", "Wren", "call_me")

    def test_she_may_ask_for_more_time(self):
        late = later(raised(minutes=5), 300)

        again = raised(late, minutes=10)

        assert panel(again, "Sol")["signals"].signals[0].back_at == CLOCK.now + timedelta(minutes=10)
        assert "overdue" not in alert_kinds(again)

    def test_lost_while_on_a_break_is_more_than_lost(self):
        assert "vanished" in alert_kinds(lost(raised(), "Wren"))
        assert alert_kinds(lost(everybody(), "Wren")) == ["lost"]
        assert "vanished" not in alert_kinds(back(lost(raised(), "Wren"), "Wren"))

    def test_the_plan_is_on_her_own_page_alone_until_it_is_needed(self):
        before = everybody()

        after = press(before, c.ChooseVanishPlan("nothing"))

        assert changed_views(before, after) == {"Wren"}


def trace(state):
    return repr(state) + msgspec.json.encode(state).decode()


class TestSettled:
    @every_strength
    def test_settled_by_herself_it_leaves_no_trace(self, strength):
        state = answered(seen(later(raised(strength=strength, minutes=1), 61)))

        after = press(state, c.SettleBreakSignal())

        assert not any(word in trace(after) for word in ("signal_", strength, "here_for_you", "seen_by='"))
        assert after.signals == ()

    def test_nothing_else_told_to_her_is_taken_away(self):
        state = press(raised(), c.OfferBreakout("wren"), "Sol")

        assert news(press(state, c.SettleBreakSignal()), "Wren") == "one_to_one_offered"

    def test_settling_twice_is_quietly_the_same(self):
        state = press(raised(), c.SettleBreakSignal())

        assert press(state, c.SettleBreakSignal()) == state

    def test_a_facilitator_settles_it_and_she_hears_so(self):
        state = press(raised(), c.SettleBreakSignalFor("wren"), "Sol")

        assert panel(state, "Wren")["break"].state is None
        assert news(state, "Wren") == "signal_settled"
        assert alert_kinds(state) == []

    def test_leaving_settles_it(self):
        assert press(raised(), c.LeaveSession()).signals == ()

    def test_where_there_is_none_facilitators_hear_so(self):
        for command in (c.SeeBreakSignal("wren"), c.AnswerBreakSignal("wren", "here_for_you")):
            assert refused(everybody(), command, "Sol") == "no_signal"
        assert refused(everybody(), c.SettleBreakSignalFor("wren"), "Sol") == "no_signal"

    def test_at_closing_nothing_of_it_remains(self):
        state = press(answered(raised()), c.BeginEnding(confirmed=True), "Sol")

        closed = press(state, c.CloseSession(confirmed=True), "Sol")

        assert not any(word in trace(closed) for word in ("signal_", "few_minutes", "here_for_you"))
