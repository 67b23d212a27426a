"""Calendar files (RFC 5545 and 5546) that say when, and nothing else: whoever sees her calendar learns no more.

A single date stands in UTC, which no program can misread. Only the feed of a facilitator knows series: there the wall
clock counts, with the rules of its zone written beside it. docs/decisions.md says why PUBLISH and not REQUEST.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from companion import words
from companion.records import Attachment, PlannedSession, Series
from companion.service import recurring, time_zones
from companion.service.deps import Deps

Method = Literal["PUBLISH", "CANCEL"]
PRODUCT = "-//Diary//Dates 1.0//EN"


def attachment(deps: Deps, session: PlannedSession, language: str) -> Attachment:
    """One date as a file for a letter: new or changed; or, once it is cancelled, its withdrawal."""
    method: Method = "CANCEL" if session.cancelled_at else "PUBLISH"
    return Attachment("date.ics", f"text/calendar; charset=utf-8; method={method}", one_date(deps, session, language))


def one_date(deps: Deps, session: PlannedSession, language: str) -> str:
    """One date as an iCalendar object of its own."""
    cancelled = session.cancelled_at is not None
    calendar = _calendar("CANCEL" if cancelled else "PUBLISH")
    event = _event(deps, uid(deps, session.id), session.sequence, language)
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.starts_at.astimezone(UTC) + timedelta(minutes=session.minutes))
    # RFC 5546 wants an organiser. It is the neutral address that the letter itself comes from, without a name.
    event.add("organizer", f"mailto:{deps.settings.mail_from}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # nobody who may see when she is busy sees this
    calendar.add_component(event)
    return _text(calendar)


def feed(deps: Deps, series: Iterable[Series], sessions: Iterable[PlannedSession], language: str) -> str:
    """Many dates as one calendar to subscribe to: series with their exceptions, and single dates."""
    calendar, known = _calendar(None), {one.id: one for one in series}
    of_series: dict[str, list[PlannedSession]] = {series_id: [] for series_id in known}
    events = []
    for session in sessions:
        if session.series_id in known:
            of_series[session.series_id].append(session)
        elif session.cancelled_at is None:
            events.append(_single(deps, session, language))
    for one in known.values():
        events += _events_of(deps, one, of_series[one.id], language)
    for zone in sorted({one.zone for one in known.values()}):
        first = min(one.starts.year for one in known.values() if one.zone == zone)
        calendar.add_component(time_zones.component(zone, first))
    for event in events:
        calendar.add_component(event)
    return _text(calendar)


def uid(deps: Deps, of: str) -> str:
    """The same for ever for one date or series; it leads nowhere and names nobody."""
    key = deps.sealer.signing("calendar")
    return hmac.new(key, of.encode(), hashlib.sha256).hexdigest()[:40]


def _single(deps: Deps, session: PlannedSession, language: str) -> Event:
    event = _event(deps, uid(deps, session.id), session.sequence, language)
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.starts_at.astimezone(UTC) + timedelta(minutes=session.minutes))
    return event


def _events_of(deps: Deps, series: Series, sessions: list[PlannedSession], language: str) -> list[Event]:
    # A date that was moved stands under its first time (RECURRENCE-ID); one that was cancelled is left out (EXDATE).
    moved = [one for one in sessions if one.moved_from is not None and one.cancelled_at is None]
    gone = {_wall(series, one.moved_from or one.starts_at) for one in sessions if one.cancelled_at is not None}
    changes = sum(one.sequence for one in sessions)
    master = _event(deps, uid(deps, series.id), changes, language)
    _stretch(master, series, series.starts, series.minutes)
    master.add("rrule", vRecur.from_ical(_rule(series)))
    skipped = sorted(gone | set(series.skipped))
    if skipped:
        master.add("exdate", [recurring.moment(wall, series.zone).astimezone(_zone(series)) for wall in skipped])
    return [master, *(_moved(deps, series, one, changes, language) for one in moved)]


def _moved(deps: Deps, series: Series, session: PlannedSession, changes: int, language: str) -> Event:
    event = _event(deps, uid(deps, series.id), changes, language)
    event.add("recurrence-id", (session.moved_from or session.starts_at).astimezone(_zone(series)))
    _stretch(event, series, _wall(series, session.starts_at), session.minutes)
    return event


def _stretch(event: Event, series: Series, wall: datetime, minutes: int) -> None:
    starts = recurring.moment(wall, series.zone)
    event.add("dtstart", starts.astimezone(_zone(series)))
    event.add("dtend", (starts + timedelta(minutes=minutes)).astimezone(_zone(series)))


def _rule(series: Series) -> str:
    # Beside a start in a zone, the end of a rule has to stand in UTC. A series that was ended counts no further.
    parts = dict(part.split("=", 1) for part in series.rule.split(";"))
    ends = []
    if "UNTIL" in parts:
        ends.append(recurring.moment(datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S"), series.zone))  # noqa: DTZ007 - a wall clock
    if series.ended_at is not None:
        parts.pop("COUNT", None)
        ends.append(max(series.ended_at, recurring.moment(series.starts, series.zone)))
    if ends:
        parts["UNTIL"] = f"{min(ends).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _event(deps: Deps, uid: str, sequence: int, language: str) -> Event:
    _ = words.translations(words.spoken(language)).gettext
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", deps.clock())
    event.add("summary", _("Diary note"))
    event.add("class", "PRIVATE")
    return event


def _calendar(method: Method | None) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _text(calendar: Calendar) -> str:
    return bytes(calendar.to_ical()).decode()


def _zone(series: Series) -> ZoneInfo:
    return ZoneInfo(series.zone)


def _wall(series: Series, at: datetime) -> datetime:
    return recurring.wall_clock(at, series.zone)
