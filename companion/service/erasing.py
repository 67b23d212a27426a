"""Erasing a person: she is taken out of what is live, then every row of hers goes, and then what rows leave behind."""

from __future__ import annotations

from contextlib import suppress

from companion.core.commands import ForgetSeat
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite, Notice, Person, StandingInvite
from companion.service import audit, call_places, call_tasks, consents
from companion.service.belongings import belongings, invites_of
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.perform import perform


def erase(deps: Deps, person_id: str, by: str) -> int:
    """Leave nothing by which she is known, and say how many records that were; the audit keeps her opaque id alone.

    Safe to do again where it was cut short. Raises Refused where there is nobody, StoreDown where it is not finished.
    """
    person = deps.store.person(person_id)
    if person is None:
        raise Refused("no_such_seat")
    audit.note(deps, "erased", by=by, about=f"person {person_id}")
    # First of all: a link to every date would make a seat anew while the others are cleared away.
    for standing in deps.store.shelf(StandingInvite).find(person_id=person_id):
        deps.store.shelf(StandingInvite).change(standing.id, lambda now: replace(now, state="revoked"))
    for invite in invites_of(deps, person_id):
        _take_out(deps, invite)
    gone = consents.stop_letters(deps, person_id) + remove_rows(deps, person_id)
    _be_nobodys_choice(deps, person)
    _be_in_no_notice(deps, person)
    deps.store.scrub()
    return gone


def remove_rows(deps: Deps, person_id: str) -> int:
    """Every row of hers, children first."""
    gone = 0
    for kind, records in belongings(deps, person_id):
        ids = tuple(record.id for record in records)
        gone += deps.store.shelf(kind).remove(id=ids) if ids else 0
    return gone


def _take_out(deps: Deps, invite: Invite) -> None:
    with suppress(Refused):  # nothing is live, or she has no seat there
        perform(deps, invite.session_id, ForgetSeat(invite.seat_id), by=SYSTEM)
    deps.store.shelf(Invite).change(invite.id, lambda now: replace(now, state="revoked"))
    cut(deps, tuple(deps.store.end_accesses(invite.session_id, seat_id=invite.seat_id)), "no_access")
    call_tasks.forget_seat(deps, invite.session_id, invite.seat_id)
    call_places.forget_seat(deps, invite.session_id, invite.seat_id)


def _be_nobodys_choice(deps: Deps, person: Person) -> None:
    for other in deps.store.people(person.group_id):
        if other.preferred_supporter == person.id:
            deps.store.shelf(Person).change(other.id, lambda now: replace(now, preferred_supporter=""))


def _be_in_no_notice(deps: Deps, person: Person) -> None:
    def without(notice: Notice) -> Notice:
        posted = tuple(one for one in notice.posted if one != person.id)
        return replace(notice, posted=posted, missed=tuple(one for one in notice.missed if one.person_id != person.id))

    for notice in deps.store.shelf(Notice).find(group_id=person.group_id):
        deps.store.shelf(Notice).change(notice.id, without)
