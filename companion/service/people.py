"""What is changed about somebody of a group: how she is reached, what makes it easier for her, that she left."""

from __future__ import annotations

from collections.abc import Callable

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite, Person
from companion.service import addressees, consents, gathering, inviting, line_pins
from companion.service.deps import Deps


def change(deps: Deps, person_id: str, how: Callable[[Person], Person], *, is_safe: bool = False) -> Person:
    """Change her, alone. ``is_safe``: she has just said that she may be reached this way.

    Whoever changes how she is reached without having asked her takes her word away: it was given for something else.
    """

    known: list[Person] = []

    def changed(before: Person) -> Person:
        known[:] = [before]
        after = how(before)
        if is_safe:
            return replace(after, contact_confirmed_at=deps.clock())
        return replace(after, contact_confirmed_at=None) if reached_by(before) != reached_by(after) else after

    kept = deps.store.shelf(Person).change(person_id, changed)
    if kept is None:
        raise Refused("no_such_seat")
    addressees.look_again(deps, person_id)
    _write_down(deps, known[0], kept, is_safe=is_safe)
    if kept.role != known[0].role:
        _comes_as(deps, kept)
    return kept


def leave(deps: Deps, person_id: str, by: str = "terminal") -> Person:
    """She is no longer of the group: her links and digits open nothing, and nobody prefers her as a supporter."""
    gone = change(deps, person_id, lambda person: replace(person, left_at=person.left_at or deps.clock()))
    inviting.revoke_everything(deps, person_id, by)
    line_pins.take_away(deps, person_id, by)
    for other in deps.store.people(gone.group_id):
        if other.preferred_supporter == person_id:
            change(deps, other.id, lambda person: replace(person, preferred_supporter=""))
    return gone


def come_back(deps: Deps, person_id: str) -> Person:
    """She is of the group again. How she may be reached is asked anew."""
    return change(deps, person_id, lambda person: replace(person, left_at=None, contact_confirmed_at=None))


def reached_by(person: Person) -> tuple[object, ...]:
    """All that her word about safe contact is given for."""
    return person.email, person.phone, person.contact


def _write_down(deps: Deps, before: Person, after: Person, *, is_safe: bool) -> None:
    # What she agrees to stands in one place, with when she did and when she did not any more.
    if is_safe:
        consents.give(deps, after.id, "contact")
    elif before.contact_confirmed_at is not None and after.contact_confirmed_at is None:
        consents.lapse(deps, after.id, "contact")
    if after.access_card.shared and not before.access_card.shared:
        consents.give(deps, after.id, "access_card")
    elif before.access_card.shared and not after.access_card.shared:
        consents.lapse(deps, after.id, "access_card")


def _comes_as(deps: Deps, person: Person) -> None:
    # Her links go on opening, but as what she is now; a room that is ready keeps its roles for this evening.
    for known in deps.store.shelf(Invite).find(person_id=person.id):
        session = deps.store.session(known.session_id)
        if session is None or session.closed_at is not None or gathering.is_live(deps, session.id):
            continue
        deps.store.shelf(Invite).change(known.id, lambda now: replace(now, role=person.role))
        deps.store.end_accesses(session.id, seat_id=known.seat_id)
