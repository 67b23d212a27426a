"""Whether and when somebody may be reached, as she said herself. Nothing is sent that this module does not allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from companion.records import Channel, Hours, Person

Kind = Literal["mail", "text", "call", "post"]
WhyNot = Literal["", "left_group", "contact_not_confirmed", "reach_nobody", "not_this_way", "no_address", "no_number"]

CONFIRMED_DAYS = 90
REMIND_DAYS = 14  # so long before it runs out it stands on the list "to confirm again"
DAY = 24 * 60
WEEK = 7 * DAY
QUARTER = 15  # clocks are only ever changed on a quarter of an hour
LOOK_AHEAD = timedelta(days=9)  # a week, and what a clock change can add to it
CHANNELS: dict[Kind, Channel] = {"mail": "email", "text": "text", "call": "call", "post": "post"}


def may_reach(person: Person, kind: Kind, at: datetime) -> WhyNot:
    """Why she may not be reached this way at this time; empty if she may. Her hours are next_safe_moment's matter."""
    if person.left_at is not None and person.left_at <= at:
        return "left_group"
    if person.contact.channel == "none":
        return "reach_nobody"
    if CHANNELS[kind] not in (person.contact.channel, person.contact.also):
        return "not_this_way"
    if kind == "mail" and not person.email:
        return "no_address"
    if kind in ("text", "call") and not person.phone:
        return "no_number"
    return "" if is_confirmed(person, at) else "contact_not_confirmed"


def next_safe_moment(person: Person, at: datetime, zone: str) -> datetime | None:
    """The first moment from ``at`` on at which her hours let her be reached, on the clock of her group; None: never.

    Ask may_reach for that moment once more: her confirmation may have run out by then.
    """
    if not person.contact.hours:
        return at
    clock, spans = ZoneInfo(zone), _spans(person.contact.hours)
    moment = at.astimezone(UTC)
    while spans and moment - at <= LOOK_AHEAD:
        wait = _wait(spans, _minute_of_week(moment.astimezone(clock)))
        if wait == 0:
            return moment
        # Never past the next quarter of an hour in one go: the clock may be changed there.
        whole = moment.replace(second=0, microsecond=0)
        moment = whole + timedelta(minutes=min(wait, QUARTER - whole.minute % QUARTER))
    return None


def is_confirmed(person: Person, at: datetime) -> bool:
    """Whether she said within the last 90 days that all this is safe."""
    confirmed = person.contact_confirmed_at
    return confirmed is not None and at - confirmed <= timedelta(days=CONFIRMED_DAYS)


def runs_out_at(person: Person) -> datetime | None:
    """Until when her word counts."""
    confirmed = person.contact_confirmed_at
    return None if confirmed is None else confirmed + timedelta(days=CONFIRMED_DAYS)


def is_to_confirm_again(person: Person, at: datetime) -> bool:
    """Whether somebody should ask her again: her word has run out, or will within 14 days."""
    never_given = person.contact_confirmed_at is None
    if never_given or person.left_at is not None or person.contact.channel == "none":
        return False
    return not is_confirmed(person, at + timedelta(days=REMIND_DAYS))


def _spans(hours: tuple[Hours, ...]) -> list[tuple[int, int]]:
    # Minutes of the week; hours that end before they begin run over midnight, and on Sunday into the next week.
    spans = []
    for part in hours:
        length = (part.until_minute - part.from_minute) % DAY or DAY
        for day in part.days:
            begins = day * DAY + part.from_minute
            spans += [(begins, begins + length), (begins - WEEK, begins - WEEK + length)]
    return spans


def _wait(spans: list[tuple[int, int]], minute: int) -> int:
    if any(begins <= minute < ends for begins, ends in spans):
        return 0
    return min((begins - minute) % WEEK for begins, _ in spans)


def _minute_of_week(local: datetime) -> int:
    return local.weekday() * DAY + local.hour * 60 + local.minute
