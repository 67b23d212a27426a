"""Who is invited to a date or to every date of a series, and who could be, as rows for the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.guessing import ALERT_AT
from companion.records import Invite, Letter, Person, StandingInvite
from companion.service import dates, giving, inviting, notices, progress, routes
from companion.service.deps import Deps
from companion.service.giving import Target
from companion.service.links import Holder
from companion.service.routes import Routes
from companion.service.stale_letters import LINK, PASSCODE

EARLY = timedelta(days=7)
Clock = Callable[[datetime], str]  # a moment in words, on the clock of the group
GUESSES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class InviteRow:
    """One invite as the desk shows it."""

    id: str
    name: str
    alias: str
    role: str
    state: str
    at: str  # when it came to that, in words
    ways: Routes
    leaves: str  # when a letter that waits will leave
    problem: str
    passcode_problem: str
    guesses: tuple[str, ...]  # when, and never from where
    alert: bool
    each_date: bool
    own_link: bool


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Somebody who is not invited yet."""

    id: str
    name: str
    role: str
    ways: Routes
    reason: str  # empty, or why she is not invited


@dataclass(frozen=True, slots=True)
class Listing:
    """Who is invited to a date or a series, and who could be."""

    path: str
    rows: tuple[InviteRow, ...]
    others: tuple[OtherRow, ...]
    series_id: str
    soon: bool  # less than a week: people like to know sooner
    job: str  # the last time that everybody was invited at once


def listing(lean: Deps, target: Target, spoken: str) -> Listing:
    """Everything that the part of a page needs which shows invites."""
    clock = _clock(lean, target, spoken)
    people = {person.id: person for person in lean.store.people(target.group_id)}
    found = _holders(lean, target)
    shown = [holder for holder in found if holder.person_id in people]
    rows = tuple(
        _row(lean, holder, people[holder.person_id], clock)
        for holder in sorted(shown, key=lambda holder: people[holder.person_id].name.casefold())
    )
    invited = {holder.person_id for holder in found}
    others = [person for person in people.values() if person.id not in invited and person.left_at is None]
    session = target.session
    until = session.starts_at - lean.clock() if session else EARLY
    series_id = session.series_id if session and target.kind == "session" else ""
    path = f"/desk/{'sessions' if target.kind == 'session' else 'series'}/{target.id}"
    job = progress.latest(lean, target.name)
    return Listing(
        path,
        rows,
        tuple(_other(lean, one) for one in others),
        series_id,
        soon=timedelta(0) < until < EARLY,
        job=job.id if job else "",
    )


def _clock(lean: Deps, target: Target, spoken: str) -> Clock:
    zone = notices.zone_of(lean, target.group_id)
    return lambda at: dates.said(at, spoken, zone)


def _holders(lean: Deps, target: Target) -> list[Holder]:
    series_id = target.id if target.kind == "series" else target.session.series_id if target.session else ""
    found = lean.store.shelf(StandingInvite).find(series_id=series_id) if series_id else []
    standing = {known.person_id: known for known in found if known.passcode_hash}
    if target.kind == "series":
        return list(standing.values())
    own = {
        known.person_id: known
        for known in lean.store.invites(target.id)
        if known.person_id not in standing or _counts_for_itself(known, standing[known.person_id])
    }
    return [*own.values(), *(known for person_id, known in standing.items() if person_id not in own)]


def _counts_for_itself(seat: Invite, standing: StandingInvite) -> bool:
    # A seat to which only the link for every date leads is shown by that link, unless she was taken out of this date.
    return bool(seat.passcode_hash) or (seat.state == "revoked" and standing.state != "revoked")


def _row(lean: Deps, holder: Holder, person: Person, clock: Clock) -> InviteRow:
    state = inviting.shown_state(holder, lean.clock())
    times = {
        "sent": holder.sent_at,
        "delivered": holder.delivered_at,
        "opened": holder.opened_at,
        "used": holder.used_at,
        "expired": holder.expires_at,
    }
    at = times.get(state)
    return InviteRow(
        holder.id,
        person.name,
        person.alias,
        person.role,
        state,
        clock(at) if at else "",
        giving.routes_of(lean, holder, person),
        _leaves(lean, holder, clock),
        holder.problem,
        holder.passcode_problem,
        tuple(clock(when) for when in holder.failed_at[-GUESSES_SHOWN:]),
        holder.failures >= ALERT_AT,
        isinstance(holder, StandingInvite),
        bool(holder.passcode_hash),
    )


def _leaves(lean: Deps, holder: Holder, clock: Clock) -> str:
    waiting = [
        letter.due_at
        for kind in (LINK, PASSCODE)
        for letter in lean.store.shelf(Letter).find(about=f"{kind} {holder.id}", state=("waiting", "held"))
    ]
    return clock(max(waiting)) if waiting else ""


def _other(lean: Deps, person: Person) -> OtherRow:
    ways = routes.suggested(lean, person, lean.clock())
    return OtherRow(person.id, person.name, person.role, ways, routes.why_not(person))
