"""A weekly series around the session of a small world, and links that open every date of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.commands import Arrive, OpenDoors
from companion.core.values import replace
from companion.records import PlannedSession, Series
from companion.service import gathering, inviting
from companion.service.perform import perform
from tests.fakes.world import World

WEEK = timedelta(days=7)


def weekly(world: World, count: int = 3) -> list[PlannedSession]:
    """The session of this world becomes the first of ``count`` dates, a week apart."""
    first = world.session
    wall = datetime(2026, 3, 5, 19, 0)  # noqa: DTZ001 - a wall clock
    world.store.shelf(Series).put(Series("weekly", world.group.id, "FREQ=WEEKLY", wall, "Europe/London"))
    dates = [
        replace(first, id=first.id if n == 0 else f"date-{n}", starts_at=first.starts_at + n * WEEK, series_id="weekly")
        for n in range(count)
    ]
    for date in dates:
        world.store.save_session(date)
    return dates


def invite_for_all(world: World, alias: str = "Wren", **more: object) -> inviting.Issued:
    """One link for every date."""
    return inviting.invite_to_series(world.deps, "weekly", world.person(alias, **more).id)


def close(world: World, date: PlannedSession) -> None:
    """That date is over, now."""
    world.store.save_session(replace(date, phase="closed", closed_at=world.clock()))


def open_date(world: World, date: PlannedSession, host: str = "Sol") -> None:
    """The doors of a date are open, with a facilitator inside."""
    hosted = inviting.invite(world.deps, date.id, world.person(host, "facilitator").id).invite
    gathering.begin(world.deps, date.id)
    perform(world.deps, date.id, Arrive(seat=hosted.seat_id, device=f"host of {date.id}", alias=host), by="system")
    perform(world.deps, date.id, OpenDoors(), by=hosted.seat_id)
