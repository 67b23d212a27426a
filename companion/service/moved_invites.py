"""The links to a date that was moved: good for as long after its new start; letters on their way say it."""

from __future__ import annotations

from datetime import datetime, timedelta

from companion.core.values import replace
from companion.records import Invite, Letter, Person, PlannedSession, StandingInvite
from companion.service import calendars, dates
from companion.service.deps import Deps
from companion.service.links import OPEN_HOURS, Holder
from companion.service.stale_letters import LINK


def follow(deps: Deps, session: PlannedSession, was_at: datetime) -> None:
    """Doing it again changes nothing."""
    # A link that was given out for the old time must still open at the new one, and no longer than it would have.
    until = session.starts_at + timedelta(hours=OPEN_HOURS)
    own = [one for one in deps.store.invites(session.id) if one.state != "revoked"]
    for invite in own:
        deps.store.shelf(Invite).change(invite.id, lambda one: replace(one, expires_at=until))
    standing = deps.store.shelf(StandingInvite).find(series_id=session.series_id) if session.series_id else ()
    holders: list[Holder] = [*own, *standing]
    for holder in holders:
        _write_anew(deps, holder, session, was_at)


def _write_anew(deps: Deps, holder: Holder, session: PlannedSession, was_at: datetime) -> None:
    person, group = deps.store.person(holder.person_id), deps.store.group(session.group_id)
    shelf, zone = deps.store.shelf(Letter), group.settings.zone if group else dates.HOME
    for letter in shelf.find(about=f"{LINK} {holder.id}", state=("waiting", "held")) if person else ():
        shelf.change(letter.id, lambda now: _anew(deps, now, person, session, was_at, zone) if person else None)


def _anew(
    deps: Deps, letter: Letter, person: Person, session: PlannedSession, was_at: datetime, zone: str
) -> Letter | None:
    old, new = (dates.said(at, person.language, zone) for at in (was_at, session.starts_at))
    if letter.state not in ("waiting", "held") or old not in letter.body:
        return None
    file = (calendars.attachment(deps, session, person.language),) if letter.attachments else ()
    until = session.starts_at + timedelta(minutes=session.minutes)
    return replace(letter, body=letter.body.replace(old, new), attachments=file, not_after=until)
