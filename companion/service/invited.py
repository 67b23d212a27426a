"""Who counts on a date: by a link of its own, or by one for every date of its series; and who must not hear of it."""

from __future__ import annotations

from companion.records import Invite, Person, PlannedSession, StandingInvite
from companion.service import links
from companion.service.deps import Deps


def everyone(deps: Deps, session: PlannedSession) -> list[Person]:
    """Whoever may count on this date: the whole group, but nobody who left it or whose invite was taken back."""
    out = taken_back(deps, session)
    return [one for one in deps.store.people(session.group_id) if one.left_at is None and one.id not in out]


def invited(deps: Deps, session: PlannedSession) -> list[Person]:
    """Whoever has a link that opens this date, also where her seat at it is made only once she comes."""
    seats, standing = _seats(deps, session), _standing(deps, session)
    holds = {person_id for person_id, one in standing.items() if one.passcode_hash and links.opens(deps, one)}
    found = ({person_id for person_id, seat in seats.items() if _is_her_own(seat)} | holds) - taken_back(deps, session)
    people = [deps.store.person(person_id) for person_id in sorted(found)]
    return [one for one in people if one is not None]


def taken_back(deps: Deps, session: PlannedSession) -> frozenset[str]:
    """The people who were taken out of this date: whoever has got hold of their links learns no more about it."""
    seats, standing = _seats(deps, session), _standing(deps, session)
    out = {person_id for person_id, seat in seats.items() if seat.state == "revoked"}
    shut = {person_id for person_id, one in standing.items() if one.state == "revoked"}
    # Who was given a link to this date alone afterwards has that.
    return frozenset(out | {one for one in shut if one not in seats or not _is_her_own(seats[one])})


def _is_her_own(seat: Invite) -> bool:
    return bool(seat.passcode_hash) and seat.state != "revoked"


def _seats(deps: Deps, session: PlannedSession) -> dict[str, Invite]:
    return {one.person_id: one for one in deps.store.invites(session.id)}


def _standing(deps: Deps, session: PlannedSession) -> dict[str, StandingInvite]:
    if not session.series_id:
        return {}
    return {one.person_id: one for one in deps.store.shelf(StandingInvite).find(series_id=session.series_id)}
