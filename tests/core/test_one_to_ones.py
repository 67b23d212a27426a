"""One-to-ones: on duty, asked, named, offered, claimed, accepted, open, over time, finished; and who knows of them."""

import pytest

from companion.core import commands as c
from companion.core.model import GroupRules
from tests.core.builders import (
    CLOCK,
    a_session,
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


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia", "Lux"], helpers=["Kit"], **more)


def asked(state=None, wanted=None, by="Wren"):
    return press(state or evening(), c.RequestBreakout(wanted), by)


def claimed(state=None, by="Pia", member="Wren"):
    state = state or asked()
    return press(state, c.ClaimBreakout(request_of(state, member)), by)


def hers(state, alias="Wren"):
    return panel(state, alias)["one_to_one"]


def desk(state, alias):
    return [(request.alias, request.state) for request in panel(state, alias)["one_to_ones"].requests]


class TestOnDuty:
    def test_it_is_offered_only_while_a_supporter_is_on_duty(self):
        off = evening(on_duty=False)
        assert hers(off).on_duty == ()
        assert refused(off, c.RequestBreakout()) == "no_supporter_on_duty"
        assert refused(off, c.RequestBreakout("sol")) == "no_supporter_on_duty"

        on = press(off, c.GoOnDuty(), "Pia")

        assert [person.alias for person in hers(on).on_duty] == ["Pia", "Sol"]
        assert asked(on).breakout_of("wren").state == "asked"

    def test_only_staff_who_are_here_can_be_asked_for(self):
        state = press(evening(facilitators=["Noor"]), c.LeaveSession(), "Noor")

        assert [person.alias for person in hers(state).on_duty] == ["Pia", "Lux", "Sol"]
        assert refused(state, c.RequestBreakout("noor")) == "supporter_off_duty"

    def test_the_offer_disappears_when_the_last_one_goes_off_duty(self):
        state = press(press(evening(), c.GoOffDuty(), "Pia"), c.GoOffDuty(), "Lux")

        assert hers(state).on_duty == ()

    def test_being_busy_is_never_visible_to_members(self):
        before = asked()

        after = press(claimed(before), c.AcceptBreakout())

        assert changed_views(before, after) == {"Wren", "Pia", "Lux", "Sol"}
        assert panel(after, "Ash") == panel(before, "Ash")
        assert [person.alias for person in hers(after, "Ash").on_duty] == ["Pia", "Lux", "Sol"]
        assert asked(after, "pia", "Ash").breakout_of("ash").state == "asked"

    def test_going_off_duty_gives_a_claim_back_and_tells_her(self):
        state = press(claimed(), c.GoOffDuty(), "Pia")

        assert (hers(state).state, hers(state).by) == ("asked", "")
        assert news(state, "Wren") == "one_to_one_waits"
        assert desk(state, "Lux") == [("Wren", "asked")]

    def test_going_off_duty_leaves_an_open_one_alone(self):
        assert hers(press(out_together(evening()), c.GoOffDuty(), "Pia")).state == "open"

    def test_going_on_or_off_twice_is_quietly_the_same(self):
        on = evening()
        off = press(on, c.GoOffDuty(), "Pia")

        assert press(on, c.GoOnDuty(), "Pia") == on
        assert press(off, c.GoOffDuty(), "Pia") == off


class TestAsking:
    def test_asking_for_anyone_reaches_every_supporter_and_the_facilitator(self):
        before = evening()

        after = asked(before)

        assert changed_views(before, after) == {"Wren", "Pia", "Lux", "Sol"}
        assert desk(after, "Pia") == desk(after, "Lux") == desk(after, "Sol") == [("Wren", "asked")]

    def test_asking_for_one_supporter_reaches_her_and_no_other(self):
        before = evening()

        after = asked(before, "pia")

        assert changed_views(before, after) == {"Wren", "Pia", "Sol"}
        assert refused(after, c.ClaimBreakout(request_of(after, "Wren")), "Lux") == "asked_for_someone_else"

    def test_a_facilitator_may_be_asked_for_by_name(self):
        state = asked(wanted="sol")

        assert hers(state).wanted == "Sol"
        assert hers(claimed(state, "Sol")).by == "Sol"

    @pytest.mark.parametrize("wanted", ["ash", "kit", "nobody", ""])
    def test_a_guess_tells_nothing_about_who_is_here(self, wanted):
        assert refused(evening(), c.RequestBreakout(wanted)) == "supporter_off_duty"

    def test_a_supporter_off_duty_cannot_be_asked_for(self):
        assert refused(press(evening(), c.GoOffDuty(), "Pia"), c.RequestBreakout("pia")) == "supporter_off_duty"

    def test_asking_twice_keeps_the_first_time(self):
        first = asked()

        assert asked(first) == first

    def test_asking_again_may_change_who_and_keeps_the_first_time(self):
        first = asked(wanted="pia")

        again = asked(first, "lux")

        assert again.breakout_of("wren").asked_at == first.breakout_of("wren").asked_at
        assert (desk(again, "Pia"), desk(again, "Lux")) == ([], [("Wren", "asked")])

    def test_her_page_says_when_the_one_she_named_has_gone_off_duty(self):
        before = asked(wanted="pia")

        after = press(before, c.GoOffDuty(), "Pia")

        assert not hers(before).wanted_off_duty
        assert not hers(asked(wanted="sol")).wanted_off_duty
        assert hers(after).wanted_off_duty

    def test_a_request_untaken_for_a_minute_comes_before_the_facilitators(self):
        state = asked()
        assert panel(later(state, 59), "Sol")["now"].alerts == ()

        alert = panel(later(state, 1), "Sol")["now"].alerts[0]

        assert (alert.kind, alert.alias) == ("one_to_one_unanswered", "Wren")

    def test_staff_do_not_ask_for_themselves(self):
        assert refused(evening(), c.RequestBreakout(), "Lux") == "not_yours_to_do"


class TestClaiming:
    def test_one_supporter_has_it_and_it_leaves_the_other_ones_page(self):
        state = claimed()

        assert desk(state, "Pia") == [("Wren", "claimed")]
        assert desk(state, "Lux") == []
        assert refused(state, c.ClaimBreakout(request_of(state, "Wren")), "Lux") == "someone_else_has_it"

    def test_she_hears_who_has_claimed_it(self):
        state = claimed()

        assert (hers(state).state, hers(state).by, news(state, "Wren")) == ("claimed", "Pia", "one_to_one_claimed")

    def test_claiming_twice_is_quietly_the_same(self):
        state = claimed()

        assert claimed(state) == state

    def test_a_supporter_has_one_at_a_time(self):
        state = claimed(asked(asked(), by="Ash"))

        assert refused(state, c.ClaimBreakout(request_of(state, "Ash")), "Pia") == "already_with_someone"
        assert not panel(state, "Pia")["one_to_ones"].requests[1].may_claim

    def test_so_has_a_facilitator(self):
        state = claimed(asked(asked(), by="Ash"), by="Sol")

        assert refused(state, c.ClaimBreakout(request_of(state, "Ash")), "Sol") == "already_with_someone"

    def test_off_duty_she_claims_nothing(self):
        state = press(asked(), c.GoOffDuty(), "Pia")

        assert refused(state, c.ClaimBreakout(request_of(state, "Wren")), "Pia") == "not_on_duty"

    def test_a_request_that_is_gone_says_so(self):
        state = asked()
        gone = request_of(state, "Wren")

        assert refused(press(state, c.WithdrawBreakout()), c.ClaimBreakout(gone), "Pia") == "no_such_request"

    def test_putting_it_back_keeps_the_first_time(self):
        state = claimed()

        after = press(state, c.UnclaimBreakout(request_of(state, "Wren")), "Pia")

        assert after.breakout_of("wren").asked_at == state.breakout_of("wren").asked_at
        assert (hers(after).state, news(after, "Wren")) == ("asked", "one_to_one_waits")
        assert desk(after, "Lux") == [("Wren", "asked")]

    def test_nobody_puts_back_what_another_has(self):
        state = claimed()

        assert refused(state, c.UnclaimBreakout(request_of(state, "Wren")), "Lux") == "no_such_request"

    def test_a_supporter_who_leaves_gives_it_back(self):
        after = press(claimed(), c.LeaveSession(), "Pia")

        assert hers(after).state == "asked"


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
