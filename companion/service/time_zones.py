"""The rules of a time zone as a VTIMEZONE of RFC 5545, worked out from the zone itself.

icalendar can write one too, but puts the change to summer time at the wall clock after it where the standard wants the
one before (an hour late in London).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

YEARS = 12  # looked at; a change that comes on the same Sunday in all of them goes on for ever
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the clocks: ``onset`` is what the clock shows just before."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def component(zone: str, first_year: int) -> Timezone:
    """The VTIMEZONE of a zone, right from the January of ``first_year`` on."""
    found = Timezone()
    found.add("tzid", zone)
    found.add_component(_standing(ZoneInfo(zone), first_year))
    alike = sorted(changes(zone, first_year), key=lambda one: (one.summer, one.name, one.before, one.after, one.onset))
    for _, group in groupby(alike, key=lambda one: (one.summer, one.name, one.before, one.after)):
        found.add_component(_observance(list(group)))
    return found


@lru_cache(maxsize=64)
def changes(zone: str, first_year: int) -> tuple[Change, ...]:
    """Every change of the clocks in the years that are looked at."""
    return tuple(_changes(ZoneInfo(zone), first_year))


def _changes(clock: ZoneInfo, first_year: int) -> Iterator[Change]:
    day = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(first_year + YEARS, 1, 1, tzinfo=UTC)
    while day < end:
        following = day + timedelta(days=1)
        if _offset(clock, day) != _offset(clock, following):
            at = _exactly(clock, day, following)
            before, local = _offset(clock, at - timedelta(minutes=1)), at.astimezone(clock)
            onset = (at + before).replace(tzinfo=None)
            yield Change(onset, before, _offset(clock, at), local.tzname() or "", bool(local.dst()))
        day = following


def _exactly(clock: ZoneInfo, low: datetime, high: datetime) -> datetime:
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        low, high = (middle, high) if _offset(clock, middle) == _offset(clock, low) else (low, middle)
    return high


def _offset(clock: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(clock).utcoffset() or timedelta(0)


def _standing(clock: ZoneInfo, first_year: int) -> Component:
    # What holds before the first change that is written down.
    begins = datetime(first_year, 1, 1, tzinfo=UTC)
    local, offset = begins.astimezone(clock), _offset(clock, begins)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (begins + offset).replace(tzinfo=None))
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", offset)
    part.add("tzname", local.tzname() or "")
    return part


def _observance(alike: list[Change]) -> Component:
    first = alike[0]
    part = TimezoneDaylight() if first.summer else TimezoneStandard()
    part.add("dtstart", first.onset)
    part.add("tzoffsetfrom", first.before)
    part.add("tzoffsetto", first.after)
    part.add("tzname", first.name)
    yearly = _yearly([one.onset for one in alike])
    if yearly:
        part.add("rrule", vRecur.from_ical(yearly))
    elif len(alike) > 1:
        part.add("rdate", [one.onset for one in alike[1:]])
    return part


def _yearly(onsets: list[datetime]) -> str:
    """The rule by which they come every year; empty where there is none."""
    same = {(one.month, one.weekday(), one.time()) for one in onsets}
    if len(onsets) != YEARS or len(same) != 1:
        return ""
    day = DAYS[onsets[0].weekday()]
    if all((one + timedelta(days=7)).month != one.month for one in onsets):
        return f"FREQ=YEARLY;BYMONTH={onsets[0].month};BYDAY=-1{day}"
    nth = {(one.day - 1) // 7 + 1 for one in onsets}
    return f"FREQ=YEARLY;BYMONTH={onsets[0].month};BYDAY={nth.pop()}{day}" if len(nth) == 1 else ""
