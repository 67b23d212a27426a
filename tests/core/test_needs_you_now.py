"""What needs a human now, by person: who comes first, what is said of her, and that nobody else hears of it."""

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.views.alerts import ORDER, URGENT
from tests.core.builders import a_session, arrived, changed_views, later, lost, panel, press

TEN = ["Wren", "Ash", "Fern", "Briar", "Moss", "Heath", "Lark", "Ivy", "Olive", "Hazel"]


def evening(*members, **more):
    return a_session(
        members or ["Wren", "Ash", "Fern"], facilitators=["Rae"], supporters=["Pia"], helpers=["Kit"], **more
    )


def now(state, alias="Rae"):
    return panel(state, alias)["now"]


def people(state):
    return [(person.alias, [alert.kind for alert in person.alerts]) for person in now(state).people]


class TestByPerson:
    def test_somebody_with_three_needs_is_one_row(self):
        state = press(evening(), c.OpenTicket("cannot_hear"), "Wren")
        state = press(state, c.RequestBreakout(), "Wren")

        state = later(press(state, c.RaiseBreakSignal("cannot_talk"), "Wren"), 61)

        assert people(state) == [("Wren", ["cannot_talk", "one_to_one_unanswered", "ticket_untaken"])]

    def test_the_most_pressing_need_says_where_she_stands(self):
        state = press(evening(), c.RaiseBreakSignal("few_minutes", 5), "Ash")
        state = later(press(state, c.OpenTicket("no_picture"), "Wren"), 61)
        assert [alias for alias, _ in people(state)] == ["Ash", "Wren"]

        state = press(state, c.RaiseBreakSignal("check_on_me"), "Wren")

        assert people(state) == [("Wren", ["check_on_me", "ticket_untaken"]), ("Ash", ["break_raised"])]

    def test_of_two_alike_the_one_who_has_waited_longer_comes_first(self):
        state = press(evening(), c.RaiseBreakSignal("check_on_me"), "Fern")

        state = press(state, c.RaiseBreakSignal("check_on_me"), "Ash")

        assert [alias for alias, _ in people(state)] == ["Fern", "Ash"]

    def test_a_second_need_that_presses_less_moves_nobody(self):
        state = press(evening(), c.RaiseBreakSignal("few_minutes", 5), "Fern")
        state = press(state, c.RaiseBreakSignal("few_minutes", 5), "Ash")

        state = later(press(state, c.OpenTicket("no_picture"), "Ash"), 61)

        assert people(state) == [("Fern", ["break_raised"]), ("Ash", ["break_raised", "ticket_untaken"])]

    def test_ten_who_all_need_something_are_ten_and_nothing_is_left_out(self):
        state = evening(*TEN)
        for alias in TEN:
            state = press(state, c.RaiseBreakSignal("few_minutes", 5), alias)
            state = press(state, c.OpenTicket("no_picture"), alias)

        view = now(later(state, 61))

        assert [person.alias for person in view.people] == TEN
        assert sorted(alert.kind for alert in view.alerts) == ["break_raised"] * 10 + ["ticket_untaken"] * 10
        assert [alert for person in view.people for alert in person.alerts if alert not in view.alerts] == []
        assert sum(len(person.alerts) for person in view.people) == len(view.alerts)

    def test_two_devices_of_one_person_are_two_needs_of_hers(self):
        state = press(evening(), c.Arrive("wren", "laptop", "Wren"), SYSTEM)

        state = press(state, c.Arrive("wren", "tablet", "Wren"), SYSTEM)

        assert people(state) == [("Wren", ["second_device", "second_device"])]
        assert [alert.detail for alert in now(state).people[0].alerts] == ["laptop", "tablet"]


class TestUrgency:
    def test_danger_is_what_comes_before_discomfort(self):
        assert {"cannot_talk", "check_on_me", "vanished", "overdue"} == URGENT
        assert {ORDER.index(kind) for kind in URGENT} == {0, 1, 2, 3}

    def test_people_in_danger_are_counted_once_each(self):
        state = press(evening(), c.RaiseBreakSignal("few_minutes", 1), "Wren")
        state = lost(press(later(state, 61), c.RaiseBreakSignal("few_minutes", 5), "Ash"), "Wren")

        view = now(state)

        assert [(person.alias, person.urgent) for person in view.people] == [("Wren", True), ("Ash", False)]
        assert {alert.kind for alert in view.people[0].alerts} >= {"vanished", "overdue"}
        assert view.urgent == 1

    def test_the_heading_names_three_kinds_at_most_each_once(self):
        state = evening("Wren", "Ash", "Fern", "Moss", "Heath")
        for alias, strength in (("Wren", "cannot_talk"), ("Ash", "check_on_me"), ("Fern", "check_on_me")):
            state = press(state, c.RaiseBreakSignal(strength), alias)
        state = press(state, c.RaiseBreakSignal("few_minutes", 5), "Moss")

        state = lost(state, "Heath")

        assert now(state).kinds == ("cannot_talk", "check_on_me", "break_raised")

    def test_a_calm_evening_names_nobody(self):
        view = now(evening())

        assert (view.alerts, view.people, view.urgent, view.kinds) == ((), (), 0, ())


class TestWhoSeesIt:
    def test_both_facilitators_see_the_same(self):
        state = press(evening(), c.RaiseBreakSignal("cannot_talk"), "Wren")

        assert now(state, "Rae") == now(state, "Sol") != now(evening(), "Sol")

    def test_nobody_but_facilitators_has_the_list(self):
        state = press(evening(), c.RaiseBreakSignal("cannot_talk"), "Wren")

        assert [alias for alias in ("Wren", "Ash", "Pia", "Kit") if "now" in panel(state, alias)] == []

    def test_what_moves_in_the_list_reaches_nobody_else(self):
        before = press(evening(), c.RaiseBreakSignal("few_minutes", 5), "Ash")

        after = press(before, c.RaiseBreakSignal("cannot_talk"), "Wren")

        assert changed_views(before, after) == {"Wren", "Sol", "Rae"}
        assert [alias for alias, _ in people(after)] == ["Wren", "Ash"]

    def test_somebody_at_the_door_is_a_person_too(self):
        state = press(evening(), c.ExpectSeat("lark", "member", "Lark"), SYSTEM)

        assert people(arrived(state, "Lark")) == [("Lark", ["knock"])]
