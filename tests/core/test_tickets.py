"""Help tickets: opened, taken by one, put back, handed over, steps; first times are kept."""

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from tests.core.builders import (
    changed_views,
    leaves,
    news,
    panel,
    press,
    refused,
    ticket_of,
)
from tests.core.ticketing import KINDS, evening, first_time, hers, on_desk, opened, taken


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

    def test_what_somebody_writes_who_has_only_her_link_never_comes_to_her_page(self):
        at_the_door = c.OpenTicketAtDoor("wren", "I know where you are")

        state = press(evening(), at_the_door, SYSTEM)
        passed = press(state, c.PassToCare(ticket_of(state, "Wren")), "Kit")
        back = press(passed, c.PassToTech(passed.breakouts[0].id), "Sol")
        hers_now = opened(state, "cannot_hear")

        for after in (state, passed, back, hers_now):
            assert "I know where you are" not in repr(panel(after, "Wren"))
        assert on_desk(state)[0].words == on_desk(back)[0].words == "I know where you are"
        assert hers(press(hers_now, at_the_door, SYSTEM)).kind == "cannot_hear"

    def test_what_she_wrote_herself_is_not_overwritten_from_the_door(self):
        before = opened(words="since the song")

        assert press(before, c.OpenTicketAtDoor("wren", "never mind"), SYSTEM) == before

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
