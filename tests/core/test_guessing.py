"""Wrong passcodes while the session is live, and a new device in the place of all others: who hears of it."""

from companion.core import commands as c
from companion.core.effects import EndDevice
from companion.core.model import SYSTEM
from tests.core.builders import arrived, changed_views, line, outcome_of, press, refused
from tests.core.doorkeeping import alerts, evening, expected


def wrong(state, times, seat="wren"):
    for _ in range(times):
        state = press(state, c.NoteWrongPasscode(seat), SYSTEM)
    return state


class TestWrongPasscodes:
    def test_one_is_a_slip_and_two_alert_the_facilitator_alone(self):
        before = evening()

        once, twice = wrong(before, 1), wrong(before, 2)

        assert changed_views(before, once) == set()
        assert changed_views(before, twice) == {"Sol"}
        assert alerts(twice) == [("wrong_passcodes", "Wren")]

    def test_they_alert_of_somebody_who_has_not_come_yet(self):
        state = wrong(expected(evening(), "Moss"), 2, "moss")

        assert alerts(state) == [("wrong_passcodes", "Moss")]

    def test_seen_settles_it_and_two_more_alert_again(self):
        seen = press(wrong(evening(), 3), c.SeeWrongPasscodes("wren"), "Sol")

        assert alerts(seen) == []
        assert alerts(wrong(seen, 1)) == []
        assert alerts(wrong(seen, 2)) == [("wrong_passcodes", "Wren")]

    def test_a_hundred_guesses_change_the_panel_once(self):
        two = wrong(evening(), 2)

        assert changed_views(two, wrong(two, 100)) == set()


class TestANewDevice:
    def test_her_browsers_end_and_her_place_stays(self):
        state = press(evening(), c.RequestTurn(), "Wren")

        outcome = outcome_of(state, c.ForgetDevices("wren"), SYSTEM)

        assert outcome.effects == (EndDevice("wren-phone"),)
        assert outcome.state.seat("wren").state == "seated"
        assert line(outcome.state) == line(state)
        assert changed_views(state, outcome.state) == set()

    def test_the_new_one_is_let_in_and_the_next_is_held_as_ever(self):
        state = outcome_of(evening(), c.ForgetDevices("wren"), SYSTEM).state

        new = arrived(state, "Wren", "new-phone")
        third = arrived(new, "Wren", "tablet")

        assert [(device.id, device.state) for device in new.seat("wren").devices] == [("new-phone", "in")]
        assert (alerts(new), alerts(third)) == ([], [("second_device", "Wren")])

    def test_only_the_house_may_do_it(self):
        assert refused(evening(), c.ForgetDevices("wren"), "Sol") == "not_yours_to_do"
