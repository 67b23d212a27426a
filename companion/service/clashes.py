"""Holidays on which a date falls, and days that are too full: warnings that somebody answers once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from companion.records import DateNote, Group, GroupSettings, Person, PlannedSession
from companion.service import recurring
from companion.service.deps import Deps

LOOK_AHEAD = timedelta(days=28)
MOST_A_DAY = 2
APART = timedelta(minutes=30)
BusyKind = Literal["many", "close"]


@dataclass(frozen=True, slots=True)
class OnHoliday:
    """A date that falls on a holiday, and nobody has said yet what shall become of it."""

    session: PlannedSession
    holiday: str


@dataclass(frozen=True, slots=True)
class Busy:
    """A facilitator who would have too much that day; ``at`` is the date in question."""

    kind: BusyKind
    facilitator: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Load:
    key: str
    facilitator: str
    starts: datetime
    ends: datetime
    day: date


def holiday(settings: GroupSettings, at: datetime, language: str = "en") -> str:
    """The name of the holiday at this moment where the group lives, or nothing."""
    day = recurring.wall_clock(at, settings.zone).date()
    return _holidays(settings.holidays or settings.country, day.year, language).get(day, "")


def on_holidays(deps: Deps, group: Group, language: str = "en") -> tuple[OnHoliday, ...]:
    """The dates of the next 28 days that fall on a holiday and have not been answered."""
    now, notes = deps.clock(), deps.store.shelf(DateNote)
    found = []
    for session in reversed(coming(deps, group.id)):
        name = holiday(group.settings, session.starts_at, language) if session.starts_at <= now + LOOK_AHEAD else ""
        if name and notes.get(_note_id(session, "holiday")) is None:
            found.append(OnHoliday(session, name))
    return tuple(found)


def run_all_the_same(deps: Deps, session: PlannedSession, by: str) -> None:
    """It takes place on the holiday; nobody is asked again, unless the date is moved to another one."""
    _note(deps, session, "holiday", by)


def note_override(deps: Deps, session: PlannedSession, by: str) -> None:
    """Somebody was warned of a full day and holds to the date: that is written down with her name."""
    _note(deps, session, "busy", by)


def overridden(deps: Deps, session: PlannedSession) -> DateNote | None:
    """Who held to this date although the day is full."""
    return deps.store.shelf(DateNote).get(_note_id(session, "busy"))


def busy(deps: Deps, group_id: str, starts: Sequence[datetime], minutes: int, moving: str = "") -> tuple[Busy, ...]:
    """What these dates of a group would do to its facilitators' days. ``moving`` is a date that leaves its place."""
    if not starts:
        return ()
    first, last = min(starts) - timedelta(days=1), max(starts) + timedelta(days=2)
    others = [one for one in _open(deps) if one.id != moving and first <= one.starts_at <= last]
    people = {other: _facilitators(deps, other) for other in {group_id, *(one.group_id for one in others)}}
    group = deps.store.group(group_id)
    zone = group.settings.zone if group else "UTC"
    taken = [load for one in others for load in _loads(people[one.group_id], one.starts_at, one.minutes, zone)]
    wanted = [load for at in starts for load in _loads(people[group_id], at, minutes, zone)]
    return tuple(warning for load in wanted for warning in _warnings(load, taken, wanted))


def coming(deps: Deps, group_id: str) -> list[PlannedSession]:
    """The dates of a group that are still to come, the last first."""
    now = deps.clock()
    return [one for one in deps.store.sessions(group_id) if is_open(one) and one.starts_at > now]


def is_open(session: PlannedSession) -> bool:
    """Whether it is neither over nor cancelled."""
    return session.closed_at is None and session.cancelled_at is None


def _warnings(load: _Load, taken: list[_Load], wanted: list[_Load]) -> Iterable[Busy]:
    beside = [one for one in (*taken, *wanted) if one is not load and one.key == load.key]
    if sum(one.day == load.day for one in beside) >= MOST_A_DAY:
        yield Busy("many", load.facilitator, load.starts)
    if any(one.starts < load.ends + APART and load.starts < one.ends + APART for one in beside):
        yield Busy("close", load.facilitator, load.starts)


def _loads(people: list[Person], starts: datetime, minutes: int, zone: str) -> list[_Load]:
    ends, day = starts + timedelta(minutes=minutes), recurring.wall_clock(starts, zone).date()
    return [_Load(_key(one), one.alias, starts, ends, day) for one in people]


def _facilitators(deps: Deps, group_id: str) -> list[Person]:
    return [one for one in deps.store.people(group_id) if one.role == "facilitator" and one.left_at is None]


def _key(person: Person) -> str:
    # Each group has its own record of her: the same address, or else the same name, is the same woman.
    return (person.email or person.name).strip().casefold()


def _open(deps: Deps) -> list[PlannedSession]:
    return [one for one in deps.store.sessions() if is_open(one)]


def _note(deps: Deps, session: PlannedSession, kind: Literal["holiday", "busy"], by: str) -> None:
    note = DateNote(_note_id(session, kind), session.group_id, session.id, kind, by, deps.clock())
    deps.store.shelf(DateNote).add(note)


def _note_id(session: PlannedSession, kind: str) -> str:
    # With the time: whoever moves the date is asked about the new one.
    return f"{session.id} {kind} {session.starts_at:%Y%m%dT%H%M}"


@lru_cache(maxsize=256)
def _holidays(country: str, year: int, language: str) -> dict[date, str]:
    """ "GB" or "GB-ENG". A country that the library does not know has none."""
    import holidays  # here: no start has to wait for the calendars of the world

    whole, _, part = country.upper().partition("-")
    try:
        found = holidays.country_holidays(whole, subdiv=part or None, years=year)
        known: Callable[[str], bool] = (found.supported_languages or ()).__contains__
        spoken = next(filter(known, (f"{language}_{whole}", f"{language}_PK", language)), None)
        found = holidays.country_holidays(whole, subdiv=part or None, years=year, language=spoken)
    except NotImplementedError:
        return {}
    return dict(found)
