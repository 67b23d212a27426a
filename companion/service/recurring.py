"""Dates that come again: worked out on the wall clock, then put into its zone, so that 19:00 stays 19:00 all year.

Where the clock change leaves a wall clock out, or lets it come twice, RFC 5545 is followed, as calendars do: a time
that does not exist is meant by the clock before the change (01:30 becomes 02:30 summer time), and of one that comes
twice the first is meant.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from companion.records import PlannedSession, Series
from companion.service.deps import Deps

log = logging.getLogger("companion.recurring")
Repeats = Literal["once", "weekly", "fortnightly", "monthly_weekday", "monthly_last", "monthly_day"]
MINUTE = timedelta(minutes=1)
AHEAD = timedelta(days=183)  # so far ahead dates stand in the diary
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def moment(wall: datetime, zone: str) -> datetime:
    """The moment at which this wall clock is read in the zone."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_clock(at: datetime, zone: str) -> datetime:
    """What the clock on the wall shows at this moment."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def rule(repeats: Repeats, starts: datetime, *, until: datetime | None = None, times: int | None = None) -> str:
    """The RRULE for what a form asks: by a first date, and an end. ``until`` is a wall clock, as ``starts`` is."""
    end = f";COUNT={times}" if times else f";UNTIL={until:%Y%m%dT235959}" if until else ""
    return _frequency(repeats, starts) + end


def repeats_of(rule: str) -> str:
    """How often, in one of three words that the pages know."""
    if "FREQ=MONTHLY" in rule:
        return "monthly"
    return "fortnightly" if "INTERVAL=2" in rule else "weekly"


def series_of(series_id: str, group_id: str, rule: str, starts: datetime, zone: str, minutes: int) -> Series:
    """A series that begins with its first date by the rule, at or after ``starts``: calendars count from there."""
    first: datetime | None = rrulestr(rule, dtstart=starts).after(starts, inc=True)
    return Series(series_id, group_id, rule, first or starts, zone, minutes)


def dates(series: Series, after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The coming dates, each as its wall clock and its moment; those that were left out are not among them."""
    from_wall = wall_clock(after, series.zone) - timedelta(hours=3)  # no clock is ever changed by more
    for wall in rrulestr(series.rule, dtstart=series.starts).xafter(from_wall, inc=True):
        at = moment(wall, series.zone)
        if series.ended_at is not None and at > series.ended_at:
            return
        if at > after and wall not in series.skipped:
            yield wall, at


def next_moments(series: Series, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next few moments."""
    return tuple(at for _, at in islice(dates(series, after), count))


def moments_until(series: Series, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """All moments up to one."""
    return tuple(takewhile(lambda at: at <= until, (at for _, at in dates(series, after))))


def plan_ahead(deps: Deps, series: Series) -> int:
    """Put the dates of the next six months in the diary and say how many are new. Doing it again changes nothing."""
    shelf, until = deps.store.shelf(PlannedSession), deps.clock() + AHEAD
    coming = takewhile(lambda one: one[1] <= until, dates(series, deps.clock()))
    # What is there already costs a look and no write: this runs all day, beside people's taps.
    known = {one.id for one in shelf.find(series_id=series.id)}
    made = [_planned(series, wall, at) for wall, at in coming]
    return sum(shelf.add(one) for one in made if one.id not in known)


def plan_all(deps: Deps) -> int:
    """The same for every series; one that cannot be read does not hold up the others."""
    made = 0
    for series in deps.store.shelf(Series).find():
        try:
            made += plan_ahead(deps, series)
        except ValueError:
            log.exception("a series of dates has a rule that cannot be read")
    return made


def session_id(series_id: str, wall: datetime) -> str:
    """The same date of a series has the same id on every node and at any time, wherever it is moved to."""
    return hashlib.sha256(f"{series_id} {wall:%Y%m%dT%H%M%S}".encode()).hexdigest()[:32]


def _frequency(repeats: Repeats, starts: datetime) -> str:
    day = DAYS[starts.weekday()]
    match repeats:
        case "weekly":
            return f"FREQ=WEEKLY;BYDAY={day}"
        case "fortnightly":
            return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"
        case "monthly_weekday":
            nth = (starts.day - 1) // 7 + 1
            # A fifth Tuesday comes four times a year; whoever chose one means the last.
            return f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1}{day}"
        case "monthly_last":
            return f"FREQ=MONTHLY;BYDAY=-1{day}"
        case "monthly_day":
            return f"FREQ=MONTHLY;{_day_of_month(starts.day)}"
        case _:
            return "FREQ=DAILY;COUNT=1"


def _day_of_month(day: int) -> str:
    # On the 31st, or the last day of a shorter month: no month is left out in silence.
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return f"BYMONTHDAY={','.join(str(each) for each in range(28, day + 1))};BYSETPOS=-1"


def _planned(series: Series, wall: datetime, at: datetime) -> PlannedSession:
    return PlannedSession(session_id(series.id, wall), series.group_id, at, series_id=series.id, minutes=series.minutes)
