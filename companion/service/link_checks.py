"""Looks at the address of the call a day and an hour before, so that a dead link is found by us and not by her."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.values import replace
from companion.records import LinkCheck, LinkState, PlannedSession
from companion.service.deps import Deps

BEFORE = (24 * 60, 60)  # minutes
LEASE = timedelta(minutes=5)


def check_due(deps: Deps) -> int:
    """Look where it is due and say how often. Two nodes look once."""
    looked = 0
    for session in deps.store.shelf(PlannedSession).find(closed_at=None, cancelled_at=None):
        minutes = _due(session, deps.clock())
        if minutes is not None:
            looked += _look_once(deps, session, f"{session.id}.{session.sequence}.{minutes}")
    return looked


def check_now(deps: Deps, session_id: str) -> None:
    """Look because somebody asks."""
    session = deps.store.session(session_id)
    if session is not None:
        _look_once(deps, session, f"{session_id}.{session.sequence}.{deps.clock():%Y%m%dT%H%M%S}")


def last(deps: Deps, session_id: str) -> LinkCheck | None:
    """The latest look that has ended."""
    ended = [one for one in deps.store.shelf(LinkCheck).find(session_id=session_id) if one.result]
    return max(ended, key=lambda one: one.at, default=None)


def _due(session: PlannedSession, now: datetime) -> int | None:
    if session.starts_at <= now:
        return None
    return min((one for one in BEFORE if session.starts_at - timedelta(minutes=one) <= now), default=None)


def _look_once(deps: Deps, session: PlannedSession, check_id: str) -> bool:
    shelf, now = deps.store.shelf(LinkCheck), deps.clock()
    known = shelf.get(check_id)
    if known is not None and known.result:
        return False
    if not shelf.add(LinkCheck(check_id, session.id, now)) and not _taken_up(deps, check_id, now):
        return False
    result = _look(deps, session)
    shelf.change(check_id, lambda one: replace(one, result=result))
    return True


def _taken_up(deps: Deps, check_id: str, now: datetime) -> bool:
    # Whoever claimed it died while looking.
    taken = False

    def how(one: LinkCheck) -> LinkCheck | None:
        nonlocal taken
        taken = not one.result and one.at + LEASE <= now
        return replace(one, at=now) if taken else None

    deps.store.shelf(LinkCheck).change(check_id, how)
    return taken


def _look(deps: Deps, session: PlannedSession) -> LinkState:
    group = deps.store.group(session.group_id)
    link = deps.calls.of(group).watched() if group else ""
    return deps.probe.look(link) if link else "no_link"
