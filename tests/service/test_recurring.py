"""Dates that come again keep their wall clock through every change of the clocks, and stand in the diary once."""

from datetime import UTC, datetime, timedelta

import pytest

from companion.core.values import replace
from companion.records import PlannedSession, Series
from companion.service import recurring
from tests.fakes.world import a_world

LONDON = "Europe/London"
on = datetime.fromisoformat  # a wall clock, without a zone
FIRST = on("2026-03-10 19:00")


def a_series(rule="FREQ=WEEKLY;BYDAY=TU", starts=FIRST, zone=LONDON, **more):
    return Series("series-1", more.pop("group_id", "group"), rule, starts, zone, **more)


def moments(series, after=datetime(2026, 3, 1, tzinfo=UTC), count=5):
    return [at.strftime("%m-%d %H:%M") for at in recurring.next_moments(series, after, count)]


def walls(series, after=datetime(2026, 3, 1, tzinfo=UTC), count=5):
    found = recurring.next_moments(series, after, count)
    return [recurring.wall_clock(at, series.zone).strftime("%m-%d %H:%M") for at in found]


def test_seven_in_the_evening_stays_seven_when_the_clocks_go_forward():
    series = a_series(starts=on("2026-03-24 19:00"))

    assert walls(series, count=2) == ["03-24 19:00", "03-31 19:00"]
    assert moments(series, count=2) == ["03-24 19:00", "03-31 18:00"]


def test_seven_in_the_evening_stays_seven_when_the_clocks_go_back():
    series = a_series(starts=on("2026-10-20 19:00"))

    assert walls(series, count=2) == ["10-20 19:00", "10-27 19:00"]
    assert moments(series, count=2) == ["10-20 18:00", "10-27 19:00"]


def test_a_wall_clock_that_does_not_exist_is_meant_by_the_clock_before_the_change():
    series = a_series("FREQ=WEEKLY;BYDAY=SU", on("2026-03-22 01:30"))

    assert walls(series, count=3) == ["03-22 01:30", "03-29 02:30", "04-05 01:30"]
    assert moments(series, count=3) == ["03-22 01:30", "03-29 01:30", "04-05 00:30"]


def test_a_wall_clock_that_comes_twice_is_the_first_of_the_two():
    series = a_series("FREQ=WEEKLY;BYDAY=SU", on("2026-10-18 01:30"))

    assert moments(series, count=3) == ["10-18 00:30", "10-25 00:30", "11-01 01:30"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Dublin", ["03-24 19:00", "03-31 18:00"]),
        ("Asia/Karachi", ["03-24 14:00", "03-31 14:00"]),
        ("Australia/Lord_Howe", ["03-24 08:00", "03-31 08:00"]),  # half an hour, and in April
    ],
)
def test_each_group_has_its_own_clock(zone, expected):
    assert moments(a_series(starts=on("2026-03-24 19:00"), zone=zone), count=2) == expected


@pytest.mark.parametrize(
    ("repeats", "starts", "expected"),
    [
        ("weekly", on("2026-03-10 19:00"), ["03-10", "03-17", "03-24", "03-31", "04-07"]),
        ("fortnightly", on("2026-03-10 19:00"), ["03-10", "03-24", "04-07", "04-21", "05-05"]),
        ("monthly_weekday", on("2026-03-03 19:00"), ["03-03", "04-07", "05-05", "06-02", "07-07"]),
        ("monthly_weekday", on("2026-03-31 19:00"), ["03-31", "04-28", "05-26", "06-30", "07-28"]),
        ("monthly_last", on("2026-03-26 19:00"), ["03-26", "04-30", "05-28", "06-25", "07-30"]),
        ("monthly_last", on("2026-03-05 19:00"), ["03-26", "04-30", "05-28", "06-25", "07-30"]),
        ("monthly_day", on("2026-03-15 19:00"), ["03-15", "04-15", "05-15", "06-15", "07-15"]),
        ("monthly_day", on("2026-03-31 19:00"), ["03-31", "04-30", "05-31", "06-30", "07-31"]),
        ("once", on("2026-03-10 19:00"), ["03-10"]),
    ],
)
def test_what_a_form_asks_becomes_these_dates(repeats, starts, expected):
    rule = recurring.rule(repeats, starts)
    series = recurring.series_of("s", "g", rule, starts, LONDON, 90)

    assert [text[:5] for text in walls(series)] == expected


def test_a_month_without_a_29th_has_its_last_day():
    rule = recurring.rule("monthly_day", on("2027-01-29 19:00"))
    series = recurring.series_of("s", "g", rule, on("2027-01-29 19:00"), LONDON, 90)

    assert walls(series, datetime(2027, 1, 1, tzinfo=UTC), 3) == ["01-29 19:00", "02-28 19:00", "03-29 19:00"]


def test_a_series_ends_after_so_many_times_or_with_a_day():
    starts = on("2026-03-10 19:00")
    three = a_series(recurring.rule("weekly", starts, times=3))
    until = a_series(recurring.rule("weekly", starts, until=on("2026-03-24 00:00")))

    assert walls(three) == walls(until) == ["03-10 19:00", "03-17 19:00", "03-24 19:00"]


def test_dates_that_are_left_out_and_those_after_the_end_do_not_come():
    series = a_series(skipped=(on("2026-03-17 19:00"),), ended_at=datetime(2026, 3, 31, 18, tzinfo=UTC))

    assert walls(series) == ["03-10 19:00", "03-24 19:00", "03-31 19:00"]


def kept(world, series):
    world.store.shelf(Series).put(series)
    return series


def planned(world):
    return [one for one in world.store.sessions(world.group.id) if one.series_id]


def test_half_a_year_stands_in_the_diary_and_doing_it_again_changes_nothing():
    world = a_world()
    series = kept(world, a_series(group_id=world.group.id, minutes=60))

    made = [recurring.plan_ahead(world.deps, series) for _ in range(3)]

    assert made == [26, 0, 0]
    assert {one.minutes for one in planned(world)} == {60}
    assert max(one.starts_at for one in planned(world)) <= world.clock() + recurring.AHEAD


def test_a_date_that_was_moved_or_cancelled_is_not_made_again():
    world = a_world()
    series = kept(world, a_series(group_id=world.group.id))
    recurring.plan_ahead(world.deps, series)
    first, second = sorted(planned(world), key=lambda one: one.starts_at)[:2]
    world.store.save_session(replace(first, starts_at=first.starts_at + timedelta(days=1)))
    world.store.save_session(replace(second, cancelled_at=world.clock()))

    assert recurring.plan_all(world.deps) == 0
    assert world.store.session(first.id).starts_at == first.starts_at + timedelta(days=1)


def test_as_weeks_go_by_new_dates_come():
    world = a_world()
    kept(world, a_series(group_id=world.group.id))
    recurring.plan_all(world.deps)
    world.clock.turn(days=14)

    assert recurring.plan_all(world.deps) == 2


def test_one_series_that_cannot_be_read_does_not_hold_up_the_others():
    world = a_world()
    kept(world, replace(a_series("FREQ=SOMETIMES", group_id=world.group.id), id="a"))
    kept(world, replace(a_series(group_id=world.group.id), id="b"))

    assert recurring.plan_all(world.deps) == 26
    assert world.store.shelf(PlannedSession).get(recurring.session_id("b", on("2026-03-10 19:00"))) is not None
