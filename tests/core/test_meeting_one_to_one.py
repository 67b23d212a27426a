"""One-to-ones from the yes on: consent, offers, being out, the soft limit, and the guard before ending."""

import pytest

from companion.core import commands as c
from companion.core.model import GroupRules
from tests.core.builders import (
    CLOCK,
    changed_views,
    later,
    leaves,
    news,
    out_together,
    panel,
    press,
    refused,
    request_of,
)
from tests.core.caring import asked, claimed, desk, evening, hers


class TestConsent:
    def test_nothing_opens_before_she_says_yes(self):
        state = claimed()
        assert state.breakout_of("wren").opened_at is None

        after = press(state, c.AcceptBreakout())

        assert (hers(after).state, hers(after).opened_at) == ("open", CLOCK.now)
        assert news(after, "Pia") == "one_to_one_open"

    def test_saying_yes_twice_is_quietly_the_same(self):
        state = press(claimed(), c.AcceptBreakout())

        assert press(state, c.AcceptBreakout()) == state

    def test_there_is_no_yes_before_somebody_has_claimed_it(self):
        assert refused(asked(), c.AcceptBreakout()) == "request_moved_on"
        assert refused(evening(), c.AcceptBreakout()) == "no_such_request"

    @pytest.mark.parametrize("state", [asked, claimed], ids=["asked", "claimed"])
    def test_she_may_take_it_back(self, state):
        after = press(state(), c.WithdrawBreakout())

        assert after.breakouts == ()
        assert press(after, c.WithdrawBreakout()) == after

    def test_the_supporter_hears_it_kindly(self):
        assert news(press(claimed(), c.WithdrawBreakout()), "Pia") == "one_to_one_not_now"


class TestOffers:
    def test_a_facilitator_offers_one_and_it_opens_when_she_says_yes(self):
        offered = press(evening(), c.OfferBreakout("wren"), "Sol")
        assert (hers(offered).state, hers(offered).by, news(offered, "Wren")) == (
            "offered",
            "Sol",
            "one_to_one_offered",
        )

        after = press(offered, c.AcceptBreakout())

        assert (hers(after).state, hers(after).by) == ("open", "Sol")
        assert after.breakout_with("sol") == after.breakout_of("wren")

    def test_only_she_and_those_concerned_know_of_an_offer(self):
        before = evening()

        after = press(before, c.OfferBreakout("wren"), "Pia")

        assert changed_views(before, after) == {"Wren", "Pia", "Sol"}

    def test_no_thank_you_needs_no_reason(self):
        state = press(press(evening(), c.OfferBreakout("wren"), "Pia"), c.WithdrawBreakout())

        assert state.breakouts == ()
        assert news(state, "Pia") == "one_to_one_not_now"

    def test_the_offer_can_be_withdrawn(self):
        state = press(evening(), c.OfferBreakout("wren"), "Pia")

        assert press(state, c.UnclaimBreakout(request_of(state, "Wren")), "Pia").breakouts == ()

    def test_a_yes_to_somebody_who_is_busy_by_now_becomes_a_request(self):
        state = press(asked(by="Ash"), c.OfferBreakout("wren"), "Pia")
        state = claimed(state, member="Ash")

        after = press(state, c.AcceptBreakout())

        assert hers(after).state == "asked"
        assert desk(after, "Lux") == [("Wren", "asked")]

    def test_a_yes_to_somebody_who_has_left_becomes_a_request(self):
        state = press(evening(facilitators=["Noor"]), c.OfferBreakout("wren"), "Noor")

        after = press(press(state, c.LeaveSession(), "Noor"), c.AcceptBreakout())

        assert (hers(after).state, desk(after, "Lux")) == ("asked", [("Wren", "asked")])

    def test_a_facilitator_offers_to_those_who_have_none_and_a_supporter_learns_of_no_others(self):
        state = claimed()

        offers = {alias: panel(state, alias)["one_to_ones"].may_offer_to for alias in ("Sol", "Lux", "Pia")}

        assert [person.alias for person in offers["Sol"]] == ["Ash"]
        assert [person.alias for person in offers["Lux"]] == ["Wren", "Ash"]
        assert offers["Pia"] == ()

    def test_while_an_offer_stands_she_may_ask_for_somebody_else(self):
        offered = press(evening(), c.OfferBreakout("wren"), "Sol")

        after = asked(offered, "pia")

        assert (hers(after).state, hers(after).wanted) == ("asked", "Pia")

    def test_asking_while_an_offer_stands_asks_for_whoever_offered(self):
        after = asked(press(evening(on_duty=False), c.OfferBreakout("wren"), "Sol"))

        assert (hers(after).state, hers(after).wanted) == ("asked", "Sol")

    def test_nothing_is_offered_to_whom_it_cannot_help(self):
        state = press(evening(), c.AddPhoneSeat("Ivy"), "Sol")

        for seat in ("pia", "kit", "nobody", state.seats[-1].id):
            assert refused(state, c.OfferBreakout(seat), "Sol") == "no_such_seat"
        assert refused(asked(), c.OfferBreakout("wren"), "Sol") == "already_asked"

    def test_a_supporter_off_duty_or_busy_offers_nothing(self):
        off = press(evening(), c.GoOffDuty(), "Pia")

        assert refused(off, c.OfferBreakout("wren"), "Pia") == "not_on_duty"
        assert refused(claimed(), c.OfferBreakout("ash"), "Pia") == "already_with_someone"


class TestBeingOut:
    def test_the_facilitators_panel_shows_who_is_out_and_since_when(self):
        state = out_together(evening())

        room, request = panel(state, "Sol")["room"], panel(state, "Sol")["one_to_ones"].requests[0]
        assert room.out == ("Wren",)
        assert (request.supporter, request.opened_at) == ("Pia", CLOCK.now)

    @pytest.mark.parametrize(("by", "told"), [("Wren", "Pia"), ("Pia", "Wren")])
    def test_either_of_the_two_says_that_they_are_done(self, by, told):
        after = press(out_together(evening()), c.FinishBreakout(), by)

        assert after.breakouts == ()
        assert news(after, told) == "one_to_one_finished"
        assert press(after, c.FinishBreakout(), by) == after

    def test_what_has_not_begun_is_not_finished(self):
        assert refused(claimed(), c.FinishBreakout(), "Pia") == "request_moved_on"

    def test_the_soft_limit_nudges_both_and_cuts_nobody_off(self):
        before = out_together(evening(rules=GroupRules(one_to_one_minutes=10)))
        assert changed_views(before, later(before, 599)) == set()

        after = later(before, 1)

        assert changed_views(before, after) == {"Wren", "Pia", "Sol"}
        assert (news(after, "Wren"), news(after, "Pia")) == ("one_to_one_over", "one_to_one_over")
        assert hers(after).state == "open"

    def test_the_nudge_comes_once(self):
        state = later(out_together(evening()), 900)

        assert later(state, 900) == state

    @pytest.mark.parametrize(("leaver", "left_over"), [("Wren", "Pia"), ("Pia", "Wren")])
    def test_if_one_leaves_the_other_hears_that_it_is_over(self, leaver, left_over):
        after = press(out_together(evening()), c.LeaveSession(), leaver)

        assert after.breakouts == ()
        assert news(after, left_over) == "one_to_one_finished"

    def test_nobody_else_has_a_word_of_it_on_the_page(self):
        quiet = evening()

        out = out_together(quiet)

        assert panel(out, "Ash") == panel(quiet, "Ash")
        assert panel(out, "Kit") == panel(quiet, "Kit")
        assert "Wren" not in leaves(panel(out, "Lux")["one_to_ones"].requests)


class TestBeforeEnding:
    def test_the_panel_says_first_that_somebody_is_out(self):
        state = out_together(evening())

        assert refused(state, c.BeginEnding(), "Sol") == "someone_is_out"
        assert press(state, c.BeginEnding(confirmed=True), "Sol").phase == "ending"

    @pytest.mark.parametrize("state", [asked, claimed], ids=["asked", "claimed"])
    def test_or_that_somebody_is_waiting(self, state):
        assert refused(state(), c.BeginEnding(), "Sol") == "someone_is_waiting"

    def test_so_it_does_for_a_signal_that_nobody_has_seen(self):
        state = press(evening(), c.RaiseBreakSignal("few_minutes"))

        assert refused(state, c.BeginEnding(), "Sol") == "someone_is_waiting"
        assert press(press(state, c.SeeBreakSignal("wren"), "Sol"), c.BeginEnding(), "Sol").phase == "ending"

    def test_closing_asks_once_more(self):
        state = press(out_together(evening()), c.BeginEnding(confirmed=True), "Sol")

        assert refused(state, c.CloseSession(), "Sol") == "someone_is_out"
        assert press(state, c.CloseSession(confirmed=True), "Sol").phase == "closed"
