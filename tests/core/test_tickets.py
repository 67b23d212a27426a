"""Help tickets: opened, taken by one, steps, "did that work?", handed over, phoned, alerted; first times are kept."""

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM, Facts, GroupRules
from tests.core.builders import (
    CLOCK,
    a_session,
    changed_views,
    later,
    leaves,
    news,
    panel,
    press,
    refused,
    ticket_of,
)

KINDS = [
    "cannot_hear",
    "cannot_be_heard",
    "no_picture",
    "frozen_or_slow",
    "thrown_out",
    "cannot_get_in",
    "something_else",
]


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit", "Bo"], **more)


def opened(state=None, kind="cannot_hear", words="", by="Wren"):
    return press(state or evening(), c.OpenTicket(kind, words), by)


def taken(state=None, by="Kit", after=1):
    state = state or opened()
    return press(state, c.TakeTicket(ticket_of(state, "Wren")), by, after)


def confirming(state=None):
    state = state or taken()
    return press(state, c.AskIfSolved(ticket_of(state, "Wren")), "Kit")


def hers(state, alias="Wren"):
    return panel(state, alias)["help"]


def on_desk(state, alias="Kit"):
    return panel(state, alias)["tickets"].tickets


def first_time(state):
    return state.ticket_of("wren").opened_at


class TestOpening:
    @pytest.mark.parametrize("kind", KINDS)
    def test_she_says_what_is_wrong_and_every_helper_sees_it(self, kind):
        state = opened(kind=kind, words="since the song")

        assert (hers(state).state, hers(state).kind) == ("open", kind)
        assert [(ticket.alias, ticket.kind, ticket.words) for ticket in on_desk(state, "Bo")] == [
            ("Wren", kind, "since the song")
        ]

    def test_only_she_helpers_and_facilitators_notice(self):
        before = evening()

        assert changed_views(before, opened(before)) == {"Wren", "Kit", "Bo", "Sol"}

    def test_saying_it_again_changes_what_is_wrong_not_since_when(self):
        first = opened()

        again = opened(first, "no_picture", "and now this")

        assert (hers(again).kind, hers(again).words) == ("no_picture", "and now this")
        assert first_time(again) == first_time(first)
        assert len(again.tickets) == 1

    def test_a_facilitator_asks_for_help_for_somebody(self):
        state = press(evening(), c.OpenTicketFor("wren", "no_picture", "black screen"), "Sol")

        assert (hers(state).kind, on_desk(state)[0].alias) == ("no_picture", "Wren")

    def test_it_is_asked_for_somebody_who_is_here_and_has_none(self):
        state = press(opened(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
        state = press(state, c.LeaveSession(), "Pia")

        people = [person.alias for person in panel(state, "Sol")["tickets"].may_open_for]

        assert people == ["Sol", "Ash", "Kit", "Bo"]
        assert panel(state, "Kit")["tickets"].may_open_for == ()

    def test_a_colleagues_guess_does_not_overwrite_what_she_said(self):
        state = opened(words="no sound")

        assert press(state, c.OpenTicketFor("wren", "no_picture", "?"), "Sol") == state

    def test_what_she_says_herself_counts_more_than_a_guess(self):
        state = opened(press(evening(), c.OpenTicketFor("wren", "no_picture"), "Sol"), "cannot_hear")

        assert hers(state).kind == "cannot_hear"

    def test_from_the_joining_page_before_she_is_in(self):
        before = press(evening(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)

        after = press(before, c.OpenTicketAtDoor("moss", "the code is wrong"), SYSTEM)

        assert changed_views(before, after) - {"Moss"} == {"Kit", "Bo", "Sol"}
        assert (on_desk(after)[0].alias, on_desk(after)[0].kind) == ("Moss", "cannot_get_in")

    def test_from_the_joining_page_only_for_somebody_who_was_invited(self):
        assert refused(evening(), c.OpenTicketAtDoor("nobody", "hello"), SYSTEM) == "no_such_seat"
        assert refused(evening(), c.OpenTicketFor("nobody", "no_picture"), "Sol") == "no_such_seat"

    def test_somebody_removed_has_no_way_back_through_the_help_desk(self):
        state = press(evening(), c.RemoveSeat("wren"), "Sol")

        assert refused(state, c.OpenTicketAtDoor("wren", "let me in"), SYSTEM) == "no_access"

    def test_from_the_waiting_room(self):
        state = press(evening(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
        state = press(state, c.Arrive("moss", "moss-phone", "Moss"), SYSTEM)

        assert hers(opened(state, by="Moss"), "Moss").state == "open"

    def test_the_oldest_stands_first(self):
        state = opened(opened(by="Ash"))

        assert [ticket.alias for ticket in on_desk(state)] == ["Ash", "Wren"]


class TestTaking:
    def test_one_helper_has_it_and_she_hears_who(self):
        state = taken()

        assert (hers(state).state, hers(state).helper, news(state, "Wren")) == ("taken", "Kit", "ticket_taken")
        assert refused(state, c.TakeTicket(ticket_of(state, "Wren")), "Bo") == "ticket_taken"

    def test_taking_twice_is_quietly_the_same(self):
        state = taken()

        assert taken(state) == state

    def test_putting_it_back_keeps_the_first_time(self):
        state = taken()

        after = press(state, c.UntakeTicket(ticket_of(state, "Wren")), "Kit")

        assert first_time(after) == first_time(state)
        assert hers(after).state == "open"
        assert hers(taken(after, "Bo")).helper == "Bo"

    def test_only_who_has_it_puts_it_back(self):
        state = taken()
        ticket = ticket_of(state, "Wren")

        for command in (
            c.UntakeTicket(ticket),
            c.HandTicketOver(ticket),
            c.SendStep(ticket, "rejoin"),
            c.AskIfSolved(ticket),
        ):
            assert refused(state, command, "Bo") == "not_your_ticket"
        assert refused(state, c.PassToCare(ticket), "Bo") == "ticket_taken"

    def test_handing_over_leaves_a_note_for_the_colleague(self):
        state = taken()

        state = press(state, c.HandTicketOver(ticket_of(state, "Wren"), "tried the volume"), "Kit")

        assert (on_desk(state, "Bo")[0].hand_over, on_desk(state, "Bo")[0].state) == ("tried the volume", "open")
        assert "tried the volume" not in leaves(panel(state, "Wren"))

    def test_a_helper_who_leaves_gives_them_back(self):
        state = taken()

        after = press(state, c.LeaveSession(), "Kit")

        assert (hers(after).state, first_time(after)) == ("open", first_time(state))

    def test_facilitators_see_tickets_and_do_not_take_them(self):
        state = opened()

        assert not panel(state, "Sol")["tickets"].may_take
        assert refused(state, c.TakeTicket(ticket_of(state, "Wren")), "Sol") == "not_yours_to_do"

    def test_a_ticket_that_is_gone_says_so(self):
        assert refused(evening(), c.TakeTicket("nothing"), "Kit") == "no_such_ticket"


class TestSteps:
    def test_a_step_card_goes_to_her_phone_and_she_says_done(self):
        state = taken()
        sent = press(state, c.SendStep(ticket_of(state, "Wren"), "headphones"), "Kit")
        assert ([card.card for card in hers(sent).steps], news(sent, "Wren")) == (["headphones"], "step_sent")

        done = press(sent, c.MarkStepDone("headphones"))

        assert [(card.card, card.done) for card in on_desk(done)[0].steps] == [("headphones", True)]

    def test_the_same_card_again_starts_afresh(self):
        state = taken()
        for command, by in (
            (c.SendStep(ticket_of(state, "Wren"), "rejoin"), "Kit"),
            (c.MarkStepDone("rejoin"), "Wren"),
            (c.SendStep(ticket_of(state, "Wren"), "rejoin"), "Kit"),
        ):
            state = press(state, command, by)

        assert [(card.card, card.done) for card in hers(state).steps] == [("rejoin", False)]

    def test_done_without_a_ticket_says_so(self):
        assert refused(evening(), c.MarkStepDone("rejoin")) == "no_such_ticket"


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
