"""Help tickets to their end: did that work, call me, what a page measured, alerts and the mean wait."""

from companion.core import commands as c
from companion.core.model import Facts, GroupRules
from tests.core.builders import (
    CLOCK,
    changed_views,
    later,
    leaves,
    news,
    panel,
    press,
    refused,
    ticket_of,
)
from tests.core.ticketing import confirming, evening, first_time, hers, on_desk, opened, taken


class TestDidThatWork:
    def test_yes_and_it_is_gone(self):
        asked = confirming()
        assert (hers(asked).state, news(asked, "Wren")) == ("confirming", "did_that_work")

        solved = press(asked, c.ConfirmTicket(works=True))

        assert solved.tickets == ()
        assert news(solved, "Kit") == "ticket_solved"

    def test_no_and_it_is_open_for_everybody_with_its_first_time(self):
        asked = confirming()

        again = press(asked, c.ConfirmTicket(works=False))

        assert (hers(again).state, hers(again).helper, first_time(again)) == ("open", "", first_time(asked))
        assert news(again, "Kit") == "ticket_not_solved"

    def test_asking_twice_is_quietly_the_same(self):
        state = confirming()

        assert confirming(state) == state

    def test_confirming_twice_is_quietly_the_same(self):
        solved = press(confirming(), c.ConfirmTicket(works=True))

        assert press(solved, c.ConfirmTicket(works=True)) == solved
        assert refused(solved, c.ConfirmTicket(works=False)) == "no_such_ticket"

    def test_no_before_anybody_asked_changes_nothing(self):
        state = taken()

        assert press(state, c.ConfirmTicket(works=False)) == state

    def test_never_mind(self):
        after = press(taken(), c.WithdrawTicket())

        assert (after.tickets, news(after, "Kit")) == ((), "ticket_withdrawn")
        assert press(after, c.WithdrawTicket()) == after


class TestCallMeAndFacts:
    def test_the_number_is_for_the_helper_who_has_the_ticket(self):
        state = press(taken(), c.CallMe("01632 960123"))

        assert on_desk(state, "Kit")[0].call_number == "01632 960123"
        assert on_desk(state, "Bo")[0].wants_call
        for alias in ("Bo", "Sol", "Ash", "Pia"):
            assert "01632 960123" not in leaves(panel(state, alias))

    def test_it_goes_with_the_ticket(self):
        state = press(press(taken(), c.CallMe("01632 960123")), c.ConfirmTicket(works=True))

        assert "01632 960123" not in repr(state)

    def test_without_a_number_or_a_ticket_it_says_so(self):
        assert refused(taken(), c.CallMe("")) == "no_number"
        assert refused(evening(), c.CallMe("01632 960123")) == "no_such_ticket"

    def test_what_her_page_measured_is_for_helpers_alone(self):
        state = press(taken(), c.ShareFacts("Firefox 128", 240, 3, "3g", 41))

        assert on_desk(state, "Bo")[0].facts == Facts("Firefox 128", 240, 3, "3g", 41)
        assert hers(state).facts_shared
        assert on_desk(state, "Sol")[0].facts is None

    def test_without_a_ticket_nothing_is_attached(self):
        assert refused(evening(), c.ShareFacts("Firefox 128")) == "no_such_ticket"


class TestWaiting:
    def test_untaken_for_a_minute_it_alerts_all_helpers_and_the_facilitator(self):
        before = opened()
        assert changed_views(before, later(before, 59)) == set()

        after = later(before, 1)

        assert changed_views(before, after) == {"Kit", "Bo", "Sol"}
        assert on_desk(after)[0].alerted
        assert [alert.kind for alert in panel(after, "Sol")["now"].alerts] == ["ticket_untaken"]

    def test_taking_it_ends_the_alert(self):
        state = taken(later(opened(), 60))

        assert panel(state, "Sol")["now"].alerts == ()

    def test_put_back_after_a_minute_it_alerts_at_once(self):
        state = taken(after=90)

        state = later(press(state, c.UntakeTicket(ticket_of(state, "Wren")), "Kit"), 0)

        assert on_desk(state)[0].alerted

    def test_helpers_see_the_mean_wait_of_tonight_and_a_member_that_of_earlier_sessions(self):
        state = taken(opened(evening(rules=GroupRules(usual_wait_minutes=4))), after=30)
        assert panel(state, "Kit")["tickets"].mean_wait_seconds == 30
        assert hers(state).usual_wait_minutes == 4

        state = press(state, c.OpenTicket("no_picture"), "Ash")
        state = press(state, c.TakeTicket(ticket_of(state, "Ash")), "Bo", after=90)

        assert panel(state, "Kit")["tickets"].mean_wait_seconds == 60
        assert hers(state, "Ash").usual_wait_minutes == 4

    def test_the_mean_is_that_of_the_last_ten(self):
        state = evening()
        for wait in (1000, *[20] * 10):
            state = taken(opened(state), after=wait)
            state = press(state, c.WithdrawTicket())

        assert panel(state, "Kit")["tickets"].mean_wait_seconds == 20

    def test_a_ticket_counts_once_in_the_mean_however_often_it_is_taken(self):
        state = taken(after=30)
        state = press(state, c.UntakeTicket(ticket_of(state, "Wren")), "Kit")

        assert taken(state, "Bo", after=300).waits == (30,)

    def test_another_members_page_is_the_same_whatever_becomes_of_it(self):
        before = evening()
        state = before

        for step in (opened, lambda s: later(s, 60), taken, confirming, lambda s: press(s, c.ConfirmTicket(True))):
            state = step(state)
            assert panel(state, "Ash") == panel(before, "Ash")
            assert panel(state, "Pia") == panel(before, "Pia")

    def test_first_times_are_the_servers(self):
        assert first_time(opened()) == CLOCK.now
