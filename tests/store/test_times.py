"""Times: the same moment comes back in UTC, and a time without a zone is refused."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from tests.store.builders import NOW, a_group, a_session, a_state


def test_a_time_comes_back_as_the_same_moment_in_utc(on_database):
    on_database.save_group(a_group())
    exactly = NOW + timedelta(microseconds=123456)

    on_database.save_session(a_session(starts_at=exactly.astimezone(timezone(timedelta(hours=5)))))

    found = on_database.session("evening").starts_at
    assert (found, found.utcoffset()) == (exactly, timedelta(0))


def test_what_is_due_does_not_depend_on_the_zone_of_the_question(on_database):
    on_database.create(a_state(), NOW)

    for hours in (-11, 0, 13):
        zone = timezone(timedelta(hours=hours))
        assert on_database.due(NOW.astimezone(zone)) == ["evening"]
        assert on_database.due((NOW - timedelta(microseconds=1)).astimezone(zone)) == []


def test_a_time_without_a_zone_is_refused(on_database):
    with pytest.raises(StatementError, match="zone"):
        on_database.create(a_state(), NOW.replace(tzinfo=None))

    assert on_database.load("evening") is None
