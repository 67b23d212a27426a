"""Care and tech behind one row of buttons: passed on with the first time, notes per desk, nothing of care at tech."""

from companion.core import commands as c
from companion.core.model import SYSTEM
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
    ticket_of,
)


def evening():
    return a_session(["Wren", "Ash"], supporters=["Pia", "Lux"], helpers=["Kit", "Bo"])


def ticketed(state=None, words="I need somebody to talk to", after=1):
    return press(state or evening(), c.OpenTicket("something_else", words), "Wren", after)


def passed_to_care(state, by="Kit", after=30):
    return press(state, c.PassToCare(ticket_of(state, "Wren")), by, after)


def passed_to_tech(state, by="Pia", after=30):
    return press(state, c.PassToTech(request_of(state, "Wren")), by, after)


def write(state, by, desk, words="hello", after=1):
    return press(state, c.WriteNote(desk, words), by, after)


def notes(state, alias):
    return [note.words for note in panel(state, alias)["notes"].notes]


class TestFromTechToCare:
    def test_it_is_passed_on_with_its_words_and_its_first_time(self):
        before = ticketed()
        first = CLOCK.now

        after = passed_to_care(before)

        request = panel(after, "Pia")["one_to_ones"].requests[0]
        assert (request.alias, request.words, request.asked_at) == ("Wren", "I need somebody to talk to", first)
        assert news(after, "Wren") == "passed_to_care"

    def test_from_then_on_tech_helpers_see_nothing_of_it(self):
        quiet = evening()
        after = passed_to_care(ticketed(quiet))
        assert panel(after, "Kit")["tickets"] == panel(quiet, "Kit")["tickets"]

        out = press(press(after, c.ClaimBreakout(request_of(after, "Wren")), "Pia"), c.AcceptBreakout())

        assert changed_views(after, out) == {"Wren", "Pia", "Lux", "Sol"}

    def test_a_request_that_she_already_has_keeps_its_place_and_the_earlier_time(self):
        state = ticketed()
        first = CLOCK.now
        state = press(press(state, c.RequestBreakout(), "Wren"), c.RequestBreakout(), "Ash")

        after = passed_to_care(state)

        assert [request.alias for request in panel(after, "Pia")["one_to_ones"].requests] == ["Wren", "Ash"]
        assert after.breakout_of("wren").asked_at == first
        assert after.breakout_of("wren").words == "I need somebody to talk to"

    def test_one_that_is_open_is_not_disturbed(self):
        before = ticketed(out_together(evening()))

        after = passed_to_care(before)

        assert after.breakout_of("wren").state == "open"
        assert after.breakout_of("wren").opened_at == before.breakout_of("wren").opened_at

    def test_only_somebody_who_can_take_it_up_is_passed_on(self):
        state = press(evening(), c.AddPhoneSeat("Ivy"), "Sol")
        state = press(state, c.OpenTicketFor(state.seats[-1].id, "cannot_hear"), "Sol")
        state = press(state, c.OpenTicket("cannot_hear"), "Pia")

        for ticket in state.tickets:
            assert refused(state, c.PassToCare(ticket.id), "Kit") == "not_yours_to_do"

    def test_somebody_not_yet_inside_is_passed_on_and_the_facilitator_sees_it(self):
        state = press(evening(), c.ExpectSeat("moss", "member", "Moss"), SYSTEM)
        state = press(state, c.OpenTicketAtDoor("moss", "I am afraid to come in"), SYSTEM)

        after = press(state, c.PassToCare(ticket_of(state, "Moss")), "Kit")

        assert panel(after, "Sol")["one_to_ones"].requests[0].words == "I am afraid to come in"


class TestFromCareToTech:
    def test_it_is_passed_on_with_its_first_time(self):
        before = press(evening(), c.RequestBreakout())
        first = CLOCK.now

        after = passed_to_tech(before)

        ticket = panel(after, "Kit")["tickets"].tickets[0]
        assert (ticket.alias, ticket.kind, ticket.opened_at) == ("Wren", "something_else", first)
        assert (after.breakouts, news(after, "Wren")) == ((), "passed_to_tech")

    def test_nothing_of_care_goes_with_it(self):
        state = press(press(evening(), c.RequestBreakout("pia")), c.RaiseBreakSignal("check_on_me"))
        state = write(later(state, 60), "Pia", "care", "she sounds sad")

        ticket = panel(passed_to_tech(state), "Kit")["tickets"].tickets[0]

        assert "Pia" not in leaves(ticket)
        assert "she sounds sad" not in leaves(panel(passed_to_tech(state), "Kit"))
        assert ticket.words == ""

    def test_there_and_back_it_is_the_same_first_time(self):
        state = ticketed()
        first = CLOCK.now

        state = passed_to_tech(passed_to_care(state))

        assert state.ticket_of("wren").opened_at == first
        assert state.ticket_of("wren").words == "I need somebody to talk to"

    def test_a_ticket_that_she_already_has_takes_the_earlier_time(self):
        state = press(evening(), c.RequestBreakout())
        first = CLOCK.now

        state = passed_to_tech(ticketed(state, "no sound", after=20))

        assert (state.ticket_of("wren").opened_at, state.ticket_of("wren").words) == (first, "no sound")
        assert len(state.tickets) == 1

    def test_what_somebody_has_claimed_is_not_passed_on_under_her_hands(self):
        state = press(evening(), c.RequestBreakout())
        state = press(state, c.ClaimBreakout(request_of(state, "Wren")), "Pia")

        assert refused(state, c.PassToTech(request_of(state, "Wren")), "Lux") == "request_moved_on"

    def test_a_supporter_passes_on_only_what_she_may_take(self):
        state = press(evening(), c.RequestBreakout("pia"))

        assert refused(state, c.PassToTech(request_of(state, "Wren")), "Lux") == "request_moved_on"


class TestNotes:
    def test_each_desk_reads_its_own_and_facilitators_read_both(self):
        before = evening()
        care = write(before, "Pia", "care", "she sounds sad")
        both = write(care, "Kit", "tech", "the sound is fixed")

        assert changed_views(before, care) == {"Pia", "Lux", "Sol"}
        assert changed_views(care, both) == {"Kit", "Bo", "Sol"}
        assert notes(both, "Sol") == ["she sounds sad", "the sound is fixed"]
        assert notes(both, "Lux") == ["she sounds sad"]
        assert notes(both, "Bo") == ["the sound is fixed"]

    def test_nobody_writes_to_a_desk_that_is_not_hers(self):
        assert refused(evening(), c.WriteNote("care", "hello"), "Kit") == "not_yours_to_do"
        assert refused(evening(), c.WriteNote("tech", "hello"), "Pia") == "not_yours_to_do"
        assert refused(evening(), c.WriteNote("care", "hello"), "Wren") == "not_yours_to_do"

    def test_however_much_is_written_at_one_desk_the_other_notices_nothing(self):
        before = write(evening(), "Kit", "tech", "the sound is fixed")

        after = before
        for number in range(60):
            after = write(after, "Pia", "care", f"note {number}")

        assert panel(after, "Kit") == panel(before, "Kit")
        assert len(notes(after, "Pia")) == 50

    def test_they_are_gone_at_closing(self):
        state = press(write(evening(), "Pia", "care", "she sounds sad"), c.BeginEnding(), "Sol")

        assert "she sounds sad" not in repr(press(state, c.CloseSession(), "Sol"))
