"""Whether and when somebody may be reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from companion.core.values import replace
from companion.records import Hours, Person, SafeContact
from companion.service import contact

NOW = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)  # a Thursday
LONDON = "Europe/London"
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def somebody(**more) -> Person:
    known = {"email": "her@example.org", "phone": "+447700900123", "contact_confirmed_at": NOW, **more}
    return Person("p", "g", "member", "Wren Longname", "Wren", **known)


def reached_by(channel: str, **more) -> Person:
    return somebody(contact=SafeContact(channel=channel), **more)


def within(*hours: Hours) -> Person:
    return somebody(contact=SafeContact(hours=hours))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(("channel", "kind"), [("email", "mail"), ("text", "text"), ("call", "call"), ("post", "post")])
def test_she_is_reached_the_one_way_that_she_named(channel, kind):
    answers = {way: contact.may_reach(reached_by(channel), way, NOW) for way in ("mail", "text", "call", "post")}

    assert answers == {way: "" if way == kind else "not_this_way" for way in answers}


def test_nobody_is_reached_who_has_not_said_that_it_is_safe():
    assert contact.may_reach(somebody(contact_confirmed_at=None), "mail", NOW) == "contact_not_confirmed"


def test_her_word_counts_for_ninety_days_and_not_a_second_more():
    last = NOW + timedelta(days=90)

    assert contact.may_reach(somebody(), "mail", last) == ""
    assert contact.may_reach(somebody(), "mail", last + timedelta(seconds=1)) == "contact_not_confirmed"


def test_who_wants_no_messages_gets_none():
    assert contact.may_reach(reached_by("none"), "mail", NOW) == "reach_nobody"


def test_without_address_or_number_there_is_no_way():
    assert contact.may_reach(somebody(email=""), "mail", NOW) == "no_address"
    assert contact.may_reach(reached_by("text", phone=""), "text", NOW) == "no_number"
    assert contact.may_reach(reached_by("call", phone=""), "call", NOW) == "no_number"


def test_who_has_left_is_not_reached_any_more():
    gone = somebody(left_at=NOW)

    assert contact.may_reach(gone, "mail", NOW) == "left_group"
    assert contact.may_reach(gone, "mail", NOW - timedelta(days=1)) == ""


def test_without_hours_any_moment_is_safe():
    assert contact.next_safe_moment(somebody(), NOW, LONDON) == NOW


@pytest.mark.parametrize(
    ("asked", "safe"),
    [
        (at(2026, 3, 5, 9, 59, 30), at(2026, 3, 5, 10, 0)),
        (at(2026, 3, 5, 10, 0), at(2026, 3, 5, 10, 0)),
        (at(2026, 3, 5, 11, 59, 59), at(2026, 3, 5, 11, 59, 59)),
        (at(2026, 3, 5, 12, 0), at(2026, 3, 6, 10, 0)),
        (at(2026, 3, 7, 12, 0), at(2026, 3, 9, 10, 0)),
    ],
)
def test_her_hours_begin_on_the_minute_and_end_before_it(asked, safe):
    on_weekdays = within(Hours((0, 1, 2, 3, 4), 10 * 60, 12 * 60))

    assert contact.next_safe_moment(on_weekdays, asked, LONDON) == safe


@pytest.mark.parametrize(
    ("asked", "safe"),
    [
        (at(2026, 3, 5, 23, 30), at(2026, 3, 5, 23, 30)),
        (at(2026, 3, 6, 1, 59), at(2026, 3, 6, 1, 59)),  # Thursday's hours, on Friday morning
        (at(2026, 3, 6, 2, 0), at(2026, 3, 12, 22, 0)),
        (at(2026, 3, 6, 23, 0), at(2026, 3, 12, 22, 0)),
    ],
)
def test_hours_over_midnight_belong_to_the_day_on_which_they_begin(asked, safe):
    on_thursdays = within(Hours((3,), 22 * 60, 2 * 60))

    assert contact.next_safe_moment(on_thursdays, asked, LONDON) == safe


def test_sunday_night_runs_into_monday():
    on_sundays = within(Hours((6,), 23 * 60, 60))

    assert contact.next_safe_moment(on_sundays, at(2026, 3, 9, 0, 30), LONDON) == at(2026, 3, 9, 0, 30)
    assert contact.next_safe_moment(on_sundays, at(2026, 3, 9, 1, 0), LONDON) == at(2026, 3, 15, 23, 0)


def test_several_hours_are_each_a_chance():
    person = within(Hours((4,), 8 * 60, 9 * 60), Hours((3,), 20 * 60, 21 * 60))

    assert contact.next_safe_moment(person, NOW, LONDON) == at(2026, 3, 5, 20, 0)
    assert contact.next_safe_moment(person, at(2026, 3, 5, 21, 0), LONDON) == at(2026, 3, 6, 8, 0)


def test_the_clock_is_the_one_on_her_wall():
    mornings = within(Hours(EVERY_DAY, 9 * 60, 10 * 60))

    assert contact.next_safe_moment(mornings, at(2026, 7, 1, 0, 0), LONDON) == at(2026, 7, 1, 8, 0)
    assert contact.next_safe_moment(mornings, at(2026, 7, 1, 0, 0), "Asia/Kathmandu") == at(2026, 7, 1, 3, 15)


def test_hours_before_and_after_a_clock_change_keep_to_the_wall():
    mornings = within(Hours(EVERY_DAY, 9 * 60, 10 * 60))

    assert contact.next_safe_moment(mornings, at(2026, 3, 28, 12, 0), LONDON) == at(2026, 3, 29, 8, 0)
    assert contact.next_safe_moment(mornings, at(2026, 10, 24, 12, 0), LONDON) == at(2026, 10, 25, 9, 0)


def test_hours_that_a_clock_change_leaves_out_wait_for_the_next_day():
    # On 29 March the clocks in London go from 01:00 straight to 02:00.
    nights = within(Hours(EVERY_DAY, 60, 2 * 60))
    longer = within(Hours(EVERY_DAY, 90, 135))

    assert contact.next_safe_moment(nights, at(2026, 3, 29, 0, 0), LONDON) == at(2026, 3, 30, 0, 0)
    assert contact.next_safe_moment(longer, at(2026, 3, 29, 0, 0), LONDON) == at(2026, 3, 29, 1, 0)


def test_hours_that_come_twice_are_safe_twice():
    # On 25 October the hour from 01:00 to 02:00 comes twice in London.
    nights = within(Hours((6,), 60 + 30, 60 + 40))

    assert contact.next_safe_moment(nights, at(2026, 10, 25, 0, 0), LONDON) == at(2026, 10, 25, 0, 30)
    assert contact.next_safe_moment(nights, at(2026, 10, 25, 0, 40), LONDON) == at(2026, 10, 25, 1, 30)


def test_hours_on_no_day_are_never():
    assert contact.next_safe_moment(within(Hours((), 9 * 60, 10 * 60)), NOW, LONDON) is None


def test_the_same_minute_twice_means_the_whole_day():
    assert contact.next_safe_moment(within(Hours((3,), 0, 24 * 60)), NOW, LONDON) == NOW
    assert contact.next_safe_moment(within(Hours((3,), 0, 0)), NOW, LONDON) == NOW


@pytest.mark.parametrize(("days", "listed"), [(0, False), (75, False), (76, False), (77, True), (91, True)])
def test_she_is_asked_again_fourteen_days_before_her_word_runs_out(days, listed):
    assert contact.is_to_confirm_again(somebody(), NOW + timedelta(days=days)) is listed


def test_nobody_is_asked_again_who_left_or_wants_no_messages_or_was_never_asked():
    old = somebody(contact_confirmed_at=NOW - timedelta(days=100))

    assert contact.is_to_confirm_again(old, NOW)
    assert not contact.is_to_confirm_again(replace(old, left_at=NOW), NOW)
    assert not contact.is_to_confirm_again(replace(old, contact_confirmed_at=None), NOW)
    assert not contact.is_to_confirm_again(replace(old, contact=SafeContact(channel="none")), NOW)
