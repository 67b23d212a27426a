"""What is kept no longer than it is needed: removed once a day, so that no byte of it can be read again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import UpTo
from companion.records import (
    Access,
    CallPlace,
    CallTask,
    Challenge,
    HeldCall,
    Invite,
    Letter,
    LineCaller,
    LinkCheck,
    Notice,
    OneTimeLink,
    Person,
    Recovery,
    Reminder,
    SendJob,
    Series,
    StaffSession,
    StandingInvite,
)
from companion.records.plans import InviteState
from companion.service import audit, erasing, line_tries
from companion.service.deps import Deps
from companion.service.links import OPEN_HOURS

log = logging.getLogger("companion.retention")
ATTENDANCE = timedelta(days=30)  # after the session: who was invited, who came, with which browser
CONTACTS = timedelta(days=30)  # after she left the group: everything by which she could be known or reached
LETTERS = timedelta(days=30)
LEFTOVERS = timedelta(days=1)  # of what has run out and opens nothing any more


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each were removed."""

    visits: int = 0
    people: int = 0
    letters: int = 0
    audit: int = 0


def tidy(deps: Deps) -> Removed:
    """Remove what is due. Safe to do at any time, on every node, and again after it was cut short."""
    now = deps.clock()
    removed = Removed(_visits(deps, now), _people(deps, now), _letters(deps, now), audit.prune(deps))
    _traces(deps, now)
    if removed != Removed():
        deps.store.scrub()
        log.info(
            "removed what was due: visits=%d people=%d letters=%d audit=%d",
            *(removed.visits, removed.people, removed.letters, removed.audit),
        )
    return removed


def _visits(deps: Deps, now: datetime) -> int:
    # An invite ends twelve hours after the session that it was for, however often that was moved.
    long_ago = UpTo(now - ATTENDANCE + timedelta(hours=OPEN_HOURS))
    old = deps.store.shelf(Invite).find(expires_at=long_ago)
    for invite in old:
        if invite.used_at is not None:
            # What stays of it: she is no newcomer any more.
            deps.store.shelf(Person).change(invite.person_id, _no_newcomer)
    ids = tuple(invite.id for invite in old)
    gone = _standing(deps, now)
    if not ids:
        return gone
    gone += deps.store.shelf(Access).remove(invite_id=ids)
    return gone + deps.store.shelf(Invite).remove(id=ids)


def _standing(deps: Deps, now: datetime) -> int:
    # When she last came stands on her link to every date too. One that was taken back keeps others from hearing of
    # the dates that are still to come.
    ended = tuple(series.id for series in deps.store.shelf(Series).find(ended_at=UpTo(now - ATTENDANCE)))
    states = tuple(state for state in get_args(InviteState) if state != "revoked")
    gone = deps.store.shelf(StandingInvite).remove(series_id=ended) if ended else 0
    return gone + deps.store.shelf(StandingInvite).remove(expires_at=UpTo(now - ATTENDANCE), state=states)


def _people(deps: Deps, now: datetime) -> int:
    left = deps.store.shelf(Person).find(left_at=UpTo(now - CONTACTS))
    for person in left:
        try:
            erasing.erase(deps, person.id, "service")
        except Refused:
            continue  # another node was quicker
    return len(left)


def _letters(deps: Deps, now: datetime) -> int:
    return deps.store.shelf(Letter).remove(due_at=UpTo(now - LETTERS))


def _traces(deps: Deps, now: datetime) -> None:
    # What was only of use around one date, or for one way of signing in.
    long_ago = UpTo(now - ATTENDANCE)
    for kind, column in ((Notice, "at"), (Reminder, "at"), (LinkCheck, "at"), (SendJob, "created_at")):
        deps.store.shelf(kind).remove(**{column: long_ago})
    deps.store.shelf(CallTask).remove(posted_at=UpTo(now - LETTERS))
    # Those of an evening that began went with its live data.
    deps.store.shelf(HeldCall).remove(starts_at=UpTo(now - LEFTOVERS), state="gone")
    deps.store.shelf(CallPlace).remove(made_at=UpTo(now - LEFTOVERS))
    # Who called is forgotten with the evening; this is for an evening whose end was cut short.
    deps.store.shelf(LineCaller).remove(at=UpTo(now - LEFTOVERS))
    line_tries.forget_old(deps)
    for passing in (Challenge, StaffSession, OneTimeLink, Recovery):
        deps.store.shelf(passing).remove(expires_at=UpTo(now - LEFTOVERS))


def _no_newcomer(person: Person) -> Person | None:
    return replace(person, first_time=False) if person.first_time else None
