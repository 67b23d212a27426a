"""What is sent to a seat: whole regions, only those that changed, and everything to somebody new."""

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.views import changed_regions, panel_for
from tests.core.builders import a_session, press

REGIONS = {
    "wren": ["news", "room", "turn", "break", "one_to_one", "help"],
    "pia": ["news", "room", "duty", "signals", "one_to_ones", "notes"],
    "kit": ["news", "room", "tickets", "notes"],
    "sol": [
        *(
            "news",
            "now",
            "room",
            "queue",
            "signals",
            "one_to_ones",
            "tickets",
            "door",
            "call",
            "people",
            "agenda",
            "notes",
        ),
        "debrief",
    ],
}


def evening():
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"])


def test_each_role_has_its_regions_in_the_order_of_the_page():
    assert {seat: list(panel_for(evening(), seat)) for seat in REGIONS} == REGIONS


def test_only_the_regions_that_changed_are_sent():
    before = evening()

    after = press(before, c.RaiseBreakSignal("few_minutes"))

    sent = {seat: set(changed_regions(before, after, seat)) for seat in ("wren", "ash", "sol", "pia", "kit")}
    assert sent == {
        "wren": {"break"},
        "ash": set(),
        "sol": {"now", "room", "signals", "people"},
        "pia": set(),
        "kit": set(),
    }


def test_what_is_sent_is_what_a_reload_shows():
    before = evening()

    after = press(before, c.RequestTurn())

    whole = panel_for(after, "sol")
    assert changed_regions(before, after, "sol") == {"queue": whole["queue"]}


def test_a_seat_that_is_new_is_sent_everything():
    before = evening()

    after = press(before, c.ExpectSeat("moss", "member", "Moss"), SYSTEM)

    assert changed_regions(before, after, "moss") == panel_for(after, "moss")


def test_nothing_that_did_not_change_is_sent():
    state = evening()

    assert all(changed_regions(state, state, seat.id) == {} for seat in state.seats)
