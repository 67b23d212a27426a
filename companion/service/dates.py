"""Dates as people say and type them: in the time of the groups, whatever the server's clock is set to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from companion import words

HOME = "Europe/London"


def said(at: datetime, language: str, zone: str = HOME) -> str:
    """Such as "Thursday 5 March, 19:00", in the reader's language and the group's zone."""
    local = at.astimezone(ZoneInfo(zone))
    return format_datetime(local, "EEEE d MMMM, HH:mm", ZoneInfo(zone), locale=words.spoken(language))


def from_local(typed: datetime, zone: str = HOME) -> datetime:
    """The moment that somebody means by a date and a time without a zone."""
    if typed.tzinfo is not None:
        return typed.astimezone(UTC)
    return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def said_day(at: datetime, language: str, zone: str = HOME) -> str:
    """Such as "5 March 2026", in the reader's language."""
    return format_datetime(at.astimezone(ZoneInfo(zone)), "d MMMM y", ZoneInfo(zone), locale=words.spoken(language))
