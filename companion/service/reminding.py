"""Reminders, as many as the group chose: each once, to those who may be reached, in their hours, and never too late."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.values import replace
from companion.records import Group, Missed, Person, PlannedSession, Reminder
from companion.service import date_letters, invited, reaching
from companion.service.deps import Deps

LEASE = timedelta(minutes=5)  # a reminder whose node died after claiming it is taken up again after this


def post_due(deps: Deps) -> int:
    """Post what is due and say how many. Safe on every node at once: one claims a reminder, the others leave it."""
    posted = 0
    for group in deps.store.groups():
        for session in deps.store.shelf(PlannedSession).find(group_id=group.id, closed_at=None, cancelled_at=None):
            minutes = due_now(session, group.settings.reminders, deps.clock())
            if minutes is not None:
                posted += _remind_all(deps, group, session, minutes)
    return posted


def due_now(session: PlannedSession, reminders: tuple[int, ...], now: datetime) -> int | None:
    """The latest reminder that is due. Earlier ones are let go: nobody gets three at once for a date made late."""
    if session.phase != "planned" or session.starts_at <= now:
        return None
    due = [one for one in reminders if session.starts_at - timedelta(minutes=one) <= now]
    return min(due, default=None)


def _remind_all(deps: Deps, group: Group, session: PlannedSession, minutes: int) -> int:
    done = {one.id for one in deps.store.shelf(Reminder).find(session_id=session.id) if one.posted_at is not None}
    waiting = [one for one in invited.invited(deps, session) if _claim_id(session, minutes, one) not in done]
    return sum(_remind(deps, group, session, minutes, one) for one in waiting)


def _remind(deps: Deps, group: Group, session: PlannedSession, minutes: int, person: Person) -> bool:
    zone, now = group.settings.zone, deps.clock()
    way = reaching.way(person, now, session.starts_at, zone)
    # Not in her hours yet: looked at again until they begin, or until the next reminder takes its place.
    if isinstance(way, Missed) or way.at > now:
        return False
    claim = Reminder(_claim_id(session, minutes, person), session.id, now)
    if not _claimed(deps, claim):
        return False
    text = date_letters.reminder(session.starts_at, person.language, zone, text_message=way.kind == "text")
    not_after = reaching.until(person, way.at, session.starts_at, zone)
    added = reaching.post(deps, claim.id, way, text, reaching.about_reminder(session.id, person.id), not_after)
    deps.store.shelf(Reminder).change(claim.id, lambda one: replace(one, posted_at=now))
    return added


def _claimed(deps: Deps, claim: Reminder) -> bool:
    shelf = deps.store.shelf(Reminder)
    if shelf.add(claim):
        return True
    taken = False

    def how(one: Reminder) -> Reminder | None:
        nonlocal taken
        taken = one.posted_at is None and one.at + LEASE <= claim.at
        return replace(one, at=claim.at) if taken else None

    shelf.change(claim.id, how)
    return taken


def _claim_id(session: PlannedSession, minutes: int, person: Person) -> str:
    # With the sequence: a date that was moved is reminded of anew.
    return reaching.once(f"reminder {session.id} {session.sequence} {minutes}", person.id)
