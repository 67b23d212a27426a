"""New dates: shown before they are kept, with what speaks against them; kept once, however often it is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from companion.records import Group, PlannedSession, Series
from companion.service import clashes, recurring
from companion.service.clashes import Busy
from companion.service.deps import Deps
from companion.service.recurring import Repeats

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. ``starts`` and ``until`` are wall clocks."""

    repeats: Repeats
    starts: datetime
    minutes: int
    until: datetime | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the next dates, and the holiday it falls on."""

    at: datetime
    holiday: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The next dates, and the days that would be too full."""

    dates: tuple[Shown, ...]
    more: bool
    busy: tuple[Busy, ...]


def preview(deps: Deps, group: Group, wish: Wish, language: str) -> Preview:
    """What would be kept; nothing is."""
    series = _series("", group, wish)
    first = tuple(at for _, at in islice(recurring.dates(series, deps.clock()), SHOWN + 1))
    shown = tuple(Shown(at, clashes.holiday(group.settings, at, language)) for at in first[:SHOWN])
    # Each date that will stand in the diary is looked at, not only those that are shown.
    all_of_them = {*first[:1], *recurring.moments_until(series, deps.clock(), deps.clock() + recurring.AHEAD)}
    return Preview(shown, len(first) > SHOWN, clashes.busy(deps, group.id, sorted(all_of_them), wish.minutes))


def keep(deps: Deps, group: Group, wish: Wish, made: str, by: str) -> None:
    """Keep it under an id that the preview made, so that pressing twice is pressing once. Full days are noted."""
    series = _series(made, group, wish)
    if wish.repeats == "once":
        starts = recurring.moment(wish.starts, group.settings.zone)
        deps.store.shelf(PlannedSession).add(PlannedSession(made, group.id, starts, minutes=wish.minutes))
    elif deps.store.shelf(Series).add(series):
        recurring.plan_ahead(deps, series)
    for session in deps.store.sessions(group.id):
        if made in (session.id, session.series_id) and clashes.busy(
            deps, group.id, [session.starts_at], session.minutes, moving=session.id
        ):
            clashes.note_override(deps, session, by)


def _series(made: str, group: Group, wish: Wish) -> Series:
    rule = recurring.rule(wish.repeats, wish.starts, until=wish.until, times=wish.times)
    return recurring.series_of(made, group.id, rule, wish.starts, group.settings.zone, wish.minutes)
