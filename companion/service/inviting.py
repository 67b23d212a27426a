"""Invites: a personal link and a separate passcode, shown once and kept as hashes; issued, sent, replaced, revoked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from companion.core.commands import LeaveSession
from companion.core.refusals import Refused
from companion.records import Invite, Person, PlannedSession
from companion.service import audit, gathering, letters, outbox
from companion.service.accesses import hash_token
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.organising import contact_is_safe
from companion.service.passcodes import new_passcode, new_token
from companion.service.perform import perform

T = TypeVar("T")
OPEN_HOURS = 12  # after the start; a long evening is over by then
RETIRE_AT = 20
ALERT_AT = 2
WhyNot = Literal["no_address", "contact_not_confirmed"]
Shown = Literal["draft", "sent", "delivered", "bounced", "opened", "used", "expired", "revoked", "retired"]


class CannotSend(Exception):
    """Nothing may be sent to this person yet; ``reason`` says why not."""

    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh link and passcode: the only moment at which anybody can read them."""

    invite: Invite
    link: str
    passcode: str


def invite(deps: Deps, session_id: str, person_id: str) -> Issued:
    """Invite somebody to a session. Whoever is invited already gets a new link and passcode to the same seat."""
    session, person = _found(deps.store.session(session_id)), _found(deps.store.person(person_id))
    if session.closed_at is not None:
        raise Refused("session_closed")
    if person.group_id != session.group_id:
        raise Refused("not_yours_to_do")
    for known in deps.store.invites(session_id):
        if known.person_id == person_id:
            return reissue(deps, known.id)
    blank = Invite(deps.fresh_id(), session_id, person_id, deps.fresh_id(), person.role, "", "", _expiry(deps, session))
    issued = _issue(deps, blank)
    _remember_return(deps, person, session)
    gathering.expect(deps, issued.invite)
    return issued


def reissue(deps: Deps, invite_id: str) -> Issued:
    """A new link and passcode to the same seat; the old ones open nothing any more.

    Who is inside stays inside; whoever is still on the way with the old link is sent back.
    """
    known = _found(deps.store.invite(invite_id))
    session = _found(deps.store.session(known.session_id))
    if session.closed_at is not None:
        raise Refused("session_closed")
    if _removed(deps, known):
        raise Refused("no_access")
    issued = _issue(deps, replace(known, expires_at=_expiry(deps, session)))
    for access in deps.store.accesses_of_seat(known.session_id, known.seat_id):
        if access.state in ("door", "joining"):
            deps.store.end_accesses(known.session_id, access_id=access.id)
    gathering.expect(deps, issued.invite)
    return issued


def send(deps: Deps, invite_id: str) -> Issued:
    """A new link by e-mail. The passcode is never in the same letter: the organiser passes it on another way."""
    known = _found(deps.store.invite(invite_id))
    person = _found(deps.store.person(known.person_id))
    check_may_send(person, deps.clock())
    issued = reissue(deps, invite_id)
    session = _found(deps.store.session(known.session_id))
    letter = letters.invitation(issued.link, session.starts_at, person.language)
    outbox.post(deps, person.email, letter.subject, letter.body)
    sent = replace(issued.invite, state="sent")
    deps.store.save_invite(sent)
    return replace(issued, invite=sent)


def check_may_send(person: Person, at: datetime) -> None:
    """Nothing is sent to somebody who has not said lately that it is safe. Raises CannotSend."""
    if not person.email:
        raise CannotSend("no_address")
    if not contact_is_safe(person, at):
        raise CannotSend("contact_not_confirmed")


def revoke(deps: Deps, invite_id: str, by: str = "terminal") -> None:
    """The link opens nothing, and whoever is in by it is out, with no way back."""
    with deps.locks.of(f"invite {invite_id}"):
        known = _found(deps.store.shelf(Invite).change(invite_id, lambda now: replace(now, state="revoked")))
    # What she asked for is cleared away, and her pages are cut off; refused where she is not in, or nothing is live.
    with suppress(Refused):
        perform(deps, known.session_id, LeaveSession(), by=known.seat_id)
    ended = deps.store.end_accesses(known.session_id, seat_id=known.seat_id)
    cut(deps, tuple(ended), "no_access")
    audit.note_in_passing(deps, "revoked_invite", by=by, about=f"invite {invite_id}")


def shown_state(invite: Invite, at: datetime) -> Shown:
    """What an organiser sees of an invite."""
    if invite.state == "revoked":
        return "revoked"
    if invite.expires_at <= at:
        return "expired"
    if invite.retired:
        return "retired"
    return invite.state


def _issue(deps: Deps, blank: Invite) -> Issued:
    token, passcode = new_token(), new_passcode()
    fresh = replace(
        blank,
        token_hash=hash_token(deps, token),
        passcode_hash=deps.hasher.hash(passcode),
        state="draft",
        failures=0,
        retired=False,
    )
    deps.store.save_invite(fresh)
    return Issued(fresh, f"{deps.settings.address}/i/{token}", passcode)


def _expiry(deps: Deps, session: PlannedSession) -> datetime:
    # A session that runs today although it was planned for another day must still be reachable.
    return max(session.starts_at, deps.clock()) + timedelta(hours=OPEN_HOURS)


def _removed(deps: Deps, known: Invite) -> bool:
    saved = deps.store.load(known.session_id)
    return saved is not None and any(seat.id == known.seat_id and seat.removed for seat in saved.state.seats)


def _remember_return(deps: Deps, person: Person, session: PlannedSession) -> None:
    earlier = (other for other in deps.store.sessions(person.group_id) if other.id != session.id)
    if person.first_time and any(
        known.person_id == person.id and known.used_at is not None
        for other in earlier
        for known in deps.store.invites(other.id)
    ):
        deps.store.save_person(replace(person, first_time=False))


def _found(value: T | None) -> T:
    if value is None:
        raise Refused("no_such_seat")
    return value
