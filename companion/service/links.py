"""What a link leads to: an invite to one date, or a standing invite to the current or next date of a series.

Both are looked for each time, so that nothing tells one kind of link from another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

from companion.core.refusals import Refused
from companion.records import Access, Invite, Person, PlannedSession, Series, StandingInvite
from companion.service.accesses import hash_token
from companion.service.deps import Deps
from companion.service.passcodes import new_token

Holder = Invite | StandingInvite
H = TypeVar("H", bound=Invite | StandingInvite)
OPEN_HOURS = 12  # after the start; a long evening is over by then
AFTER_THE_END = timedelta(minutes=30)


def of_token(deps: Deps, *hashes: str) -> Holder | None:
    """Whose link carries the token with one of these hashes: one is made with each key of the installation."""
    invite = deps.store.invite_by_token(*hashes)
    standing = deps.store.shelf(StandingInvite).find(token_hash=hashes)
    return invite or next(iter(standing), None)


def of_id(deps: Deps, holder_id: str) -> Holder | None:
    """The invite or standing invite with this id."""
    invite = deps.store.invite(holder_id)
    return deps.store.shelf(StandingInvite).get(holder_id) if invite is None else invite


def known(deps: Deps, holder_id: str) -> Holder:
    """The same, where there has to be one. Raises Refused."""
    holder = of_id(deps, holder_id)
    if holder is None:
        raise Refused("no_such_seat")
    return holder


def of_access(deps: Deps, access: Access) -> Holder | None:
    """By whose link and passcode this browser came in."""
    if access.standing_id:
        return deps.store.shelf(StandingInvite).get(access.standing_id)
    return deps.store.invite(access.invite_id)


def change(deps: Deps, holder: H, how: Callable[[H], H | None]) -> H | None:
    """Change it in one transaction, alone."""
    return deps.store.shelf(type(holder)).change(holder.id, how)


def opens(deps: Deps, holder: Holder) -> bool:
    """Whether this link still opens anything; of a standing one, as far as can be said without its dates."""
    if holder.state == "revoked" or holder.expires_at <= deps.clock():
        return False
    person = deps.store.person(holder.person_id)
    if person is None or person.left_at is not None:
        return False
    if isinstance(holder, Invite):
        session = deps.store.session(holder.session_id)
        return session is not None and (session.closed_at is None or deps.clock() < session.closed_at + AFTER_THE_END)
    series = deps.store.shelf(Series).get(holder.series_id)
    return series is not None and (series.ended_at is None or deps.clock() < series.ended_at)


def passcode_of(deps: Deps, holder: Holder | None) -> str:
    """What its passcode is compared with; empty where the link leads nowhere, which costs as many look-ups."""
    if holder is None:
        deps.store.person("nobody")
        deps.store.session("nowhere")
        return ""
    return holder.passcode_hash if opens(deps, holder) else ""


def still_opens(deps: Deps, access: Access) -> bool:
    """Whether the way by which this browser came in is still open: the link, and the seat of this date."""
    both = (deps.store.invite(access.invite_id), of_access(deps, access))
    return all(each is not None and opens(deps, each) for each in both)


def invite_now(deps: Deps, holder: Holder) -> Invite | None:
    """The seat that this link leads to now; of a standing one made when needed. None: it leads nowhere."""
    if isinstance(holder, Invite):
        return holder if opens(deps, holder) else None
    date = next_date(deps, holder.series_id) if opens(deps, holder) else None
    person = deps.store.person(holder.person_id)
    if date is None or person is None:
        return None
    invite = seat_at(deps, date, person)
    return invite if opens(deps, invite) else None


def next_date(deps: Deps, series_id: str) -> PlannedSession | None:
    """The current date of a series, or the next one."""
    dates = deps.store.shelf(PlannedSession).find(series_id=series_id, cancelled_at=None)
    return min((date for date in dates if not _is_over(deps, date)), key=lambda date: date.starts_at, default=None)


def is_live(deps: Deps, holder: Holder) -> bool:
    """Whether the date to which this link leads has live data."""
    date_id = holder.session_id if isinstance(holder, Invite) else _id_of_date(deps, holder)
    return bool(date_id) and deps.store.load(date_id) is not None


def seat_at(deps: Deps, session: PlannedSession, person: Person) -> Invite:
    """Her invite to this date: the one she has, or a new one whose link and passcode nobody knows."""
    for known in deps.store.invites(session.id):
        if known.person_id == person.id:
            return known
    nobodys = hash_token(deps, new_token())
    expires_at = max(session.starts_at, deps.clock()) + timedelta(hours=OPEN_HOURS)
    # The same id on every node: two presses at once make one seat.
    made = Invite(
        only(session.id, person.id), session.id, person.id, deps.fresh_id(), person.role, nobodys, "", expires_at
    )
    shelf = deps.store.shelf(Invite)
    shelf.add(made)
    return cast(Invite, shelf.get(made.id))


def only(*parts: str) -> str:
    """The id of whatever there can be only one of. No key is in it: it has to stay the same when keys change."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]


def _id_of_date(deps: Deps, standing: StandingInvite) -> str:
    date = next_date(deps, standing.series_id)
    return date.id if date else ""


def _is_over(deps: Deps, date: PlannedSession) -> bool:
    now = deps.clock()
    if date.closed_at is not None:
        return now >= date.closed_at + AFTER_THE_END
    return now >= date.starts_at + timedelta(hours=OPEN_HOURS) and deps.store.load(date.id) is None
