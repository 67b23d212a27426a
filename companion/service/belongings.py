"""All that is kept of one person, found in one place: what exporting gives her and erasing takes away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from companion.records import (
    Access,
    Consent,
    Feed,
    Invite,
    LineCaller,
    LinePin,
    Membership,
    Person,
    SendItem,
    StandingInvite,
)
from companion.service.deps import Deps

# Each kind of record with the field that leads to her, children before their parents: a new kind that belongs to a
# person, or to an invite, is added here, and a test looks at the tables for any that was forgotten.
OF_AN_INVITE: tuple[tuple[type, str], ...] = ((Access, "invite_id"), (LineCaller, "invite_id"))
OF_A_PERSON: tuple[tuple[type, str], ...] = (
    (Consent, "person_id"),
    (SendItem, "person_id"),
    (LinePin, "person_id"),
    (StandingInvite, "person_id"),
    (Invite, "person_id"),
    (Feed, "id"),
    (Membership, "person_id"),
    (Person, "id"),
)
KINDS = (*OF_AN_INVITE, *OF_A_PERSON)


def belongings(deps: Deps, person_id: str) -> Iterator[tuple[type, Sequence[Any]]]:
    """Her records, one kind after the other."""
    invites = tuple(invite.id for invite in invites_of(deps, person_id))
    for kind, field in KINDS:
        wanted: object = invites if (kind, field) in OF_AN_INVITE else person_id
        columns: dict[str, Any] = {field: wanted}
        yield kind, deps.store.shelf(kind).find(**columns) if wanted else ()


def invites_of(deps: Deps, person_id: str) -> Sequence[Invite]:
    """Her invites."""
    return deps.store.shelf(Invite).find(person_id=person_id)
