"""Begins the live data of a session with a seat for everybody invited, and adds a seat for whoever is invited later."""

from __future__ import annotations

import math
from collections.abc import Iterator

from companion.core.commands import ExpectSeat
from companion.core.model import SYSTEM, SessionState
from companion.core.overdue import next_due
from companion.core.refusals import Refused
from companion.core.step import step
from companion.core.values import replace
from companion.records import Invite, Person, PlannedSession, StandingInvite
from companion.service import links
from companion.service.deps import Deps
from companion.service.perform import perform

EARLIER = 5  # sessions from which the usual wait for a tech helper is worked out


def begin(deps: Deps, session_id: str) -> None:
    """Begin the live data; twice is quietly the same. The doors are opened later, by a facilitator."""
    planned = deps.store.session(session_id)
    if planned is None or planned.phase == "closed":
        raise Refused("session_closed")
    if planned.cancelled_at is not None:
        raise Refused("date_cancelled")
    group = deps.store.group(planned.group_id)
    if group is None:
        raise Refused("session_closed")
    expect_standing(deps, planned)
    rules = replace(
        group.rules, usual_wait_minutes=usual_wait(deps, planned), safeguarded=group.settings.safeguarding is not None
    )
    state = SessionState(session_id, rules)
    for command in _expected(deps, session_id):
        state = step(state, command, by=SYSTEM, at=deps.clock(), fresh=deps.fresh_id()).state
    deps.store.create(state, next_due(state))
    # Somebody may have been invited between the two looks.
    for command in _expected(deps, session_id):
        perform(deps, session_id, command, by=SYSTEM)


def expect_standing(deps: Deps, planned: PlannedSession) -> None:
    """An invite to this date for everybody whose link opens every date of its series."""
    if not planned.series_id:
        return
    for standing in deps.store.shelf(StandingInvite).find(series_id=planned.series_id):
        person = deps.store.person(standing.person_id)
        if person is not None and links.opens(deps, standing):
            links.seat_at(deps, planned, person)


def is_live(deps: Deps, session_id: str) -> bool:
    """Whether there is live data."""
    return deps.store.load(session_id) is not None


def expect(deps: Deps, invite: Invite) -> None:
    """Keep a seat for somebody who was just invited, if the live data exist; otherwise it comes with them."""
    command = _seat_for(deps, invite)
    if command is not None and is_live(deps, invite.session_id):
        perform(deps, invite.session_id, command, by=SYSTEM)


def usual_wait(deps: Deps, planned: PlannedSession) -> int | None:
    """How long a help ticket waited in earlier sessions of this group, in minutes; never anything from tonight."""
    earlier = [
        other.mean_ticket_wait_seconds
        for other in deps.store.sessions(planned.group_id)
        if other.id != planned.id and other.mean_ticket_wait_seconds is not None
    ][:EARLIER]
    return max(1, math.ceil(sum(earlier) / len(earlier) / 60)) if earlier else None


def remember_return(deps: Deps, person: Person, session_id: str) -> Person:
    """Who has come to another date before is no newcomer any more, by whichever link she was invited."""
    if not person.first_time:
        return person
    came = deps.store.shelf(Invite).find(person_id=person.id)
    if not any(known.used_at is not None and known.session_id != session_id for known in came):
        return person
    return deps.store.shelf(Person).change(person.id, lambda now: replace(now, first_time=False)) or person


def _expected(deps: Deps, session_id: str) -> Iterator[ExpectSeat]:
    for invite in deps.store.invites(session_id):
        command = _seat_for(deps, invite)
        if command is not None:
            yield command


def _seat_for(deps: Deps, invite: Invite) -> ExpectSeat | None:
    person = deps.store.person(invite.person_id)
    if person is None or invite.state == "revoked":
        return None
    person = remember_return(deps, person, invite.session_id)
    return ExpectSeat(
        invite.seat_id,
        invite.role,
        person.alias,
        person.language,
        person.first_time,
        bool(person.phone),
        person.if_i_vanish,
        person.access_card.cues if person.access_card.shared else (),
    )
