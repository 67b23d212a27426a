"""One-to-ones until somebody has claimed one: on duty, asked, named, claimed, put back; and who knows of them."""

import pytest

from companion.core import commands as c
from tests.core.builders import (
    changed_views,
    later,
    news,
    out_together,
    panel,
    press,
    refused,
    request_of,
)
from tests.core.caring import asked, claimed, desk, evening, hers


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
