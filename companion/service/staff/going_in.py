"""Into a session by one's account: staff of a group need no link and no passcode for it."""

from __future__ import annotations

from contextlib import suppress

from companion.core.refusals import Refused
from companion.records import Access, Invite, Membership, PlannedSession
from companion.service import arriving, inviting, joining, links
from companion.service.deps import Deps
from companion.service.joining import Entered
from companion.service.staff.roles import Standing
from companion.service.staff_log import note


def dates(deps: Deps, mine: Standing) -> list[PlannedSession]:
    """Her dates that are not over, soonest first."""
    groups = {one.group_id for one in mine.seats()}
    found = [one for group_id in groups for one in deps.store.sessions(group_id)]
    open_still = [one for one in found if one.closed_at is None and one.cancelled_at is None]
    return sorted(open_still, key=lambda one: (one.starts_at, one.id))


def seat_of(mine: Standing, group_id: str) -> Membership | None:
    """The role with which she takes part in sessions of this group."""
    return next((one for one in mine.seats() if one.group_id == group_id), None)


def go_in(deps: Deps, mine: Standing, session_id: str, language: str, current: Access | None) -> Entered:
    """A way in for this browser. As far as her seat where the room is ready; otherwise the next page says why not."""
    session = deps.store.session(session_id)
    seat = seat_of(mine, session.group_id) if session else None
    if session is None or seat is None:
        raise Refused("not_yours_to_do")
    if session.closed_at is not None or session.cancelled_at is not None:
        raise Refused("session_closed")
    invite = _invite(deps, session, seat)
    if not links.opens(deps, invite):
        raise Refused("no_access")
    entered = joining.let_in(deps, invite, language, current)
    note(deps, "went_in", by=mine.account.id, group=session.group_id)
    if entered.access.state == "joining":
        with suppress(Refused):  # the room is not ready yet
            return arriving.take_seat(deps, entered.access)
    return entered


def _invite(deps: Deps, session: PlannedSession, seat: Membership) -> Invite:
    with deps.locks.of(f"invites {session.id} {seat.person_id}"):
        for known in deps.store.invites(session.id):
            if known.person_id == seat.person_id:
                return known  # her link and passcode stay as they are
        return inviting.invite(deps, session.id, seat.person_id).invite
