"""What is changed about somebody of a group: how she is reached, what makes it easier for her, that she left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from companion.core.refusals import Refused
from companion.records import Person
from companion.service import addressees, inviting
from companion.service.deps import Deps


def change(deps: Deps, person_id: str, how: Callable[[Person], Person], *, is_safe: bool = False) -> Person:
    """Change her, alone. ``is_safe``: she has just said that she may be reached this way.

    Whoever changes how she is reached without having asked her takes her word away: it was given for something else.
    """

    def changed(before: Person) -> Person:
        after = how(before)
        if is_safe:
            return replace(after, contact_confirmed_at=deps.clock())
        return replace(after, contact_confirmed_at=None) if reached_by(before) != reached_by(after) else after

    kept = deps.store.shelf(Person).change(person_id, changed)
    if kept is None:
        raise Refused("no_such_seat")
    addressees.look_again(deps, person_id)
    return kept


def leave(deps: Deps, person_id: str, by: str = "terminal") -> Person:
    """She is no longer of the group: her links open nothing, and nobody has her as the supporter they would like."""
    gone = change(deps, person_id, lambda person: replace(person, left_at=person.left_at or deps.clock()))
    inviting.revoke_everything(deps, person_id, by)
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
