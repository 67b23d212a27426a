"""Who can be told something about a date in writing, by which way and when; and who has to be told by phone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.records import Attachment, Kind, Letter, Missed, Person, PlannedSession
from companion.service import addressees, contact, outbox
from companion.service.deps import Deps
from companion.service.fates import emptied
from companion.service.letters import Text

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Way:
    """How a letter reaches her: ``kind`` of letter, and the first moment that is safe for her."""

    person: Person
    kind: Kind
    at: datetime


def way(person: Person, now: datetime, before: datetime, zone: str) -> Way | Missed:
    """How she can be told before a moment, or why not."""
    kind: Kind = "text" if person.contact.channel == "text" else "mail"
    if person.contact.channel in ("call", "post"):
        return Missed(person.id, f"by_{person.contact.channel}")
    why_not = contact.may_reach(person, kind, now)
    if why_not:
        return Missed(person.id, why_not)
    at = contact.next_safe_moment(person, now, zone)
    if at is None or at >= before:
        return Missed(person.id, "outside_hours")
    why_not = contact.may_reach(person, kind, at)
    return Missed(person.id, why_not) if why_not else Way(person, kind, at)


def sorted_out(
    people: Iterable[Person], now: datetime, before: datetime, zone: str
) -> tuple[tuple[Way, ...], tuple[Missed, ...]]:
    """Those who can be told in time, and those who cannot."""
    ways = [way(person, now, before, zone) for person in people]
    return (
        tuple(one for one in ways if isinstance(one, Way)),
        tuple(one for one in ways if isinstance(one, Missed)),
    )


def until(person: Person, at: datetime, before: datetime, zone: str) -> datetime:
    """How long a letter that leaves at ``at`` may be tried again: while her hours last, and never after ``before``."""
    if not person.contact.hours:
        return before
    end = at
    while end < before and contact.next_safe_moment(person, end, zone) == end:
        end += QUARTER
    return min(end, before)


def once(about: str, person_id: str) -> str:
    """One letter for one purpose and one person, on whichever node it is made."""
    return hashlib.sha256(f"{about} {person_id}".encode()).hexdigest()[:32]


def post(
    deps: Deps, letter_id: str, way: Way, text: Text, about: str, not_after: datetime, *attachments: Attachment
) -> bool:
    """Put a letter about a date in the outbox, unless one with its key is or was there; whether it is new."""
    to = way.person.phone if way.kind == "text" else way.person.email
    posted = outbox.post(
        deps,
        to,
        text.subject,
        text.body,
        kind=way.kind,
        attachments=attachments,
        about=about,
        due_at=way.at,
        not_after=not_after,
        country=addressees.country_of(deps, way.person),
        once=letter_id,
    )
    return posted.posted_at == deps.clock() and posted.due_at == way.at and posted.attempts == 0


def stop_letters(deps: Deps, about: str) -> None:
    """What has not left and is no longer true does not leave."""
    shelf = deps.store.shelf(Letter)
    for waiting in shelf.find(about=about, state=("waiting", "held")):
        shelf.change(waiting.id, _stopped)


def about_reminder(session_id: str, person_id: str) -> str:
    """What a reminder is about."""
    return f"reminder {session_id} {person_id}"


def stop_reminders(deps: Deps, session: PlannedSession) -> None:
    """Nobody is reminded any more of a date as it was."""
    stop_letters(deps, f"reminder {session.id}")  # as they were named before
    for person in deps.store.people(session.group_id):
        stop_letters(deps, about_reminder(session.id, person.id))


def _stopped(letter: Letter) -> Letter | None:
    return emptied(replace(letter, state="stopped")) if letter.state in ("waiting", "held") else None
