"""A lost connection: nothing is lost, seen after 15 seconds, a ticket after 60, everything there on return."""

from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.overdue import next_due
from tests.core.builders import (
    CLOCK,
    a_session,
    arrived,
    asking,
    back,
    called,
    changed_views,
    later,
    line,
    news,
    out_together,
    panel,
    press,
    refused,
    speaker,
    ticket_of,
)


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"], **more)


def dropped(state=None, alias="Wren"):
    return press(state or evening(), c.NoticeDrop(alias.lower()), SYSTEM)


def alert_kinds(state):
    return [alert.kind for alert in panel(state, "Sol")["now"].alerts]


def test_at_first_nobody_notices():
    before = evening()

    after = later(dropped(before), 14)

    assert changed_views(before, after) == set()


def test_after_fifteen_seconds_facilitators_and_tech_helpers_see_connection_lost():
    before = dropped()

    after = later(before, 15)

    assert changed_views(before, after) == {"Sol", "Kit"}
    assert alert_kinds(after) == ["lost"]
    assert [person.alias for person in panel(after, "Kit")["tickets"].lost] == ["Wren"]


def test_after_sixty_seconds_a_ticket_opens_by_itself_once():
    before = later(dropped(), 59)
    assert before.tickets == ()

    after = later(before, 1)

    ticket = panel(after, "Kit")["tickets"].tickets[0]
    assert (ticket.alias, ticket.kind, ticket.after_drop) == ("Wren", "thrown_out", True)
    assert len(later(later(after, 60), 60).tickets) == 1


def test_a_long_silence_noticed_late_opens_it_at_once():
    assert len(later(dropped(), 600).tickets) == 1


def test_silence_counts_from_when_she_was_last_heard_of():
    state = press(evening(), c.NoticeDrop("wren", silent_seconds=16), SYSTEM)

    assert alert_kinds(later(state, 0)) == ["lost"]


def test_a_ticket_that_she_already_has_is_not_doubled():
    state = later(dropped(press(evening(), c.OpenTicket("cannot_hear"))), 60)

    assert [ticket.kind for ticket in state.tickets] == ["cannot_hear"]


def test_a_ticket_closed_while_she_is_away_does_not_come_again():
    state = later(dropped(), 60)
    state = press(state, c.PassToCare(ticket_of(state, "Wren")), "Kit")

    assert later(state, 120).tickets == ()


def test_on_return_an_untaken_ticket_of_a_drop_is_gone():
    state = back(later(dropped(), 60), "Wren")

    assert state.tickets == ()
    assert alert_kinds(state) == []


def test_on_return_a_taken_one_asks_whether_all_is_well():
    state = later(dropped(), 60)
    state = back(press(state, c.TakeTicket(ticket_of(state, "Wren")), "Kit"), "Wren")

    assert (panel(state, "Wren")["help"].state, news(state, "Wren")) == ("confirming", "did_that_work")


def test_on_return_a_ticket_of_her_own_stays():
    assert len(back(later(dropped(press(evening(), c.OpenTicket("cannot_hear"))), 60), "Wren").tickets) == 1


def test_a_drop_holds_everything():
    state = press(asking(out_together(evening()), "Wren", "Ash"), c.OpenTicket("cannot_hear"))

    after = back(later(dropped(state), 3600), "Wren")

    assert line(after) == line(state)
    assert after.breakout_of("wren").state == "open"
    assert after.ticket_of("wren").opened_at == state.ticket_of("wren").opened_at


def test_a_drop_holds_the_turn():
    state = called(asking(evening(), "Wren", "Ash"))

    after = later(dropped(state), 3600)

    assert (speaker(after), panel(after, "Sol")["queue"].speaker.away) == ("Wren", "lost")


def test_dropping_twice_is_one_drop_from_the_first_moment():
    state = dropped()

    assert dropped(state) == state


def test_coming_back_twice_is_quietly_the_same():
    state = back(later(dropped(), 60), "Wren")

    assert back(state, "Wren") == state


def test_a_second_drop_counts_from_its_own_moment():
    state = dropped(back(later(dropped(), 60), "Wren"))

    assert alert_kinds(later(state, 14)) == []
    assert alert_kinds(later(state, 1)) == ["lost"]
    assert len(later(state, 60).tickets) == 1


def test_whoever_left_while_lost_and_came_back_can_be_lost_again():
    gone = press(later(dropped(), 60), c.LeaveSession())

    again = dropped(press(arrived(gone, "Wren"), c.AdmitSeat("wren"), "Sol"))

    assert alert_kinds(again) == []
    assert len(later(again, 60).tickets) == 1


def test_somebody_on_the_phone_only_does_not_drop():
    state = press(evening(), c.AddPhoneSeat("Ivy"), "Sol")

    assert press(state, c.NoticeDrop(state.seats[-1].id), SYSTEM) == state


def test_dropped_on_a_break_and_left_are_three_different_things():
    state = later(dropped(), 15)
    state = press(state, c.RaiseBreakSignal("few_minutes"), "Ash")
    state = press(press(state, c.ExpectSeat("moss", "member", "Moss"), SYSTEM), c.Arrive("moss", "m", "Moss"), SYSTEM)
    state = press(press(state, c.AdmitSeat("moss"), "Sol"), c.LeaveSession(), "Moss")

    people = {person.alias: person for person in panel(state, "Sol")["people"].seats}

    assert (people["Wren"].state, people["Wren"].away) == ("seated", "lost")
    assert (people["Ash"].state, people["Ash"].away) == ("seated", "break")
    assert (people["Moss"].state, people["Moss"].away) == ("left", None)


def test_lost_while_on_a_break_is_seen_as_both():
    state = later(dropped(press(evening(), c.RaiseBreakSignal("few_minutes"))), 15)

    wren = next(person for person in panel(state, "Sol")["people"].seats if person.alias == "Wren")
    assert (wren.away, wren.lost) == ("break", True)


def test_somebody_dropped_at_the_door_is_shown_there():
    state = press(evening(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
    state = later(dropped(press(state, c.Arrive("moss", "m", "Moss"), SYSTEM), "Moss"), 15)

    assert panel(state, "Sol")["door"].knocks[0].lost


def test_nobody_unknown_drops():
    assert refused(evening(), c.NoticeDrop("nobody"), SYSTEM) == "no_such_seat"
    assert refused(evening(), c.NoticeReturn("nobody"), SYSTEM) == "no_such_seat"


def test_after_closing_the_pages_that_go_are_not_lost():
    state = press(press(evening(), c.BeginEnding(), "Sol"), c.CloseSession(), "Sol")

    after = later(dropped(dropped(state), "Ash"), 90)

    assert panel(after, "Sol")["debrief"].lost_at_the_end == ()
    assert after.tickets == ()


class TestTheClock:
    def test_it_comes_round_when_something_falls_due_and_never_for_nothing(self):
        state = dropped(evening())
        start = state.seat("wren").dropped_at

        assert (next_due(state) - start).total_seconds() == 15
        state = later(state, 15)
        assert (next_due(state) - start).total_seconds() == 60

    @pytest.mark.parametrize(
        ("begin", "seconds"),
        [
            (dropped, 15),
            (lambda: later(dropped(), 15), 45),
            (lambda: press(evening(), c.RaiseBreakSignal("few_minutes", 5)), 300),
            (lambda: press(evening(), c.RaiseBreakSignal("check_on_me")), 60),
            (lambda: press(evening(), c.RequestBreakout()), 60),
            (lambda: out_together(evening()), 900),
            (lambda: press(evening(), c.OpenTicket("cannot_hear")), 60),
            (lambda: called(asking(evening(), "Wren")), 20),
        ],
        ids=["lost", "ticket", "overdue", "unanswered", "unclaimed", "soft limit", "untaken", "undo"],
    )
    def test_it_comes_round_when_each_thing_falls_due_and_then_it_is_done(self, begin, seconds):
        state = begin()
        assert next_due(state) == CLOCK.now + timedelta(seconds=seconds)

        after = later(state, seconds)

        assert changed_views(state, after) != set()
        assert next_due(after) > CLOCK.now

    def test_with_nothing_due_only_the_longest_evening_is_ahead(self):
        state = evening()

        assert next_due(state) == state.started_at + timedelta(hours=12)

    def test_after_closing_it_comes_round_to_destroy_the_live_data_within_a_minute(self):
        state = press(press(evening(), c.BeginEnding(), "Sol"), c.CloseSession(), "Sol")

        assert 0 < (next_due(state) - state.closed_at).total_seconds() < 60
