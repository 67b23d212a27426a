"""Dates as people say and type them: in the time of the groups, whatever the server's clock is set to."""

from __future__ import annotations

from datetime import UTC, datetime

from babel.dates import format_datetime, get_timezone

from companion import words

HOME = "Europe/London"


def said(at: datetime, language: str) -> str:
    """Such as "Thursday 5 March, 19:00", in the reader's language."""
    return format_datetime(at, "EEEE d MMMM, HH:mm", get_timezone(HOME), locale=words.spoken(language))


def from_local(typed: datetime) -> datetime:
    """The moment that somebody means by a date and a time without a zone."""
    if typed.tzinfo is not None:
        return typed.astimezone(UTC)
    zone = get_timezone(HOME)
    # pytz, which babel may bring, knows summer time only if it is asked this way.
    localize = getattr(zone, "localize", None)
    local: datetime = localize(typed) if localize else typed.replace(tzinfo=zone)
    return local.astimezone(UTC)


def said_day(at: datetime, language: str) -> str:
    """Such as "5 March 2026", in the reader's language."""
    return format_datetime(at, "d MMMM y", get_timezone(HOME), locale=words.spoken(language))
