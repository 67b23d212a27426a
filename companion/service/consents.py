"""What people agreed to, in which version of its words, and taking it back with what that means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown
from companion.records import Access, Consent, ConsentKind, Letter, Person, StandingInvite, same_contact
from companion.service import audit
from companion.service.belongings import invites_of
from companion.service.deps import Deps
from companion.service.stale_letters import LINK, PASSCODE

# The version of our own words; it rises with a change of what they mean. The agreement has the group's own number.
VERSIONS: dict[ConsentKind, int] = {"contact": 1, "access_card": 1, "measurements": 1}


def give(deps: Deps, person_id: str, kind: ConsentKind, version: int | None = None) -> Consent:
    """She agrees. Agreeing to the same again changes nothing: this is no list of evenings."""
    meant = version or VERSIONS[kind]
    for known in of(deps, person_id):
        if (known.kind, known.version, known.withdrawn_at) == (kind, meant, None):
            return known
    given = Consent(deps.fresh_id(), person_id, kind, meant, deps.clock())
    deps.store.shelf(Consent).add(given)
    return given


def give_from(deps: Deps, access: Access, kind: ConsentKind) -> None:
    """She agrees on a page of her own; that must not fail because of what is written down beside it."""

    def write() -> None:
        invite = deps.store.invite(access.invite_id)
        if invite is not None and deps.store.person(invite.person_id) is not None:
            give(deps, invite.person_id, kind, _version(deps, access, kind))

    try:
        write()
    except StoreDown:
        deps.undone.add(write)


def of(deps: Deps, person_id: str) -> Sequence[Consent]:
    """Everything she agreed to, what she took back too, newest first."""
    return sorted(deps.store.shelf(Consent).find(person_id=person_id), key=lambda one: one.given_at, reverse=True)


def holds(deps: Deps, person_id: str, kind: ConsentKind) -> bool:
    """Whether she agrees to this today."""
    return any(one.kind == kind and one.withdrawn_at is None for one in of(deps, person_id))


def find(deps: Deps, person_id: str, consent_id: str) -> Consent:
    """One consent of hers."""
    found = deps.store.shelf(Consent).get(consent_id)
    if found is None or found.person_id != person_id:
        raise Refused("no_such_seat")
    return found


def withdraw(deps: Deps, person_id: str, consent_id: str, by: str) -> None:
    """She takes it back, with all that follows; twice is quietly the same."""
    kind = find(deps, person_id, consent_id).kind
    FOLLOWS[kind](deps, person_id)
    lapse(deps, person_id, kind)
    audit.note_in_passing(deps, f"withdrew_{kind}", by=by, about=f"person {person_id}")


def lapse(deps: Deps, person_id: str, kind: ConsentKind) -> None:
    """From now on she does not agree to this: she said so, or what she had said it of has changed."""
    for known in of(deps, person_id):
        if known.kind == kind and known.withdrawn_at is None:
            deps.store.shelf(Consent).change(known.id, lambda now: replace(now, withdrawn_at=deps.clock()))


def stop_letters(deps: Deps, person_id: str) -> int:
    """Nothing that is on its way to her leaves any more; says how many there were."""
    gone = [letter.id for letter in letters_to(deps, person_id)]
    return deps.store.shelf(Letter).remove(id=tuple(gone)) if gone else 0


def letters_to(deps: Deps, person_id: str) -> list[Letter]:
    """What is kept of letters and messages to her: by what they are about, and by where they go."""
    person, invites = deps.store.person(person_id), invites_of(deps, person_id)
    standing = deps.store.shelf(StandingInvite).find(person_id=person_id)
    holders = [*(one.id for one in invites), *(one.id for one in standing)]
    about = {f"person {person_id}", *(f"{what} {one}" for what in (LINK, PASSCODE) for one in holders)}
    contacts = {same_contact(one) for one in (person.email, person.phone) if one} if person else set()
    found = deps.store.shelf(Letter).find()
    # Notices and reminders name her last; her address may be another by now.
    return [
        one
        for one in found
        if one.about in about or one.about.endswith(f" {person_id}") or (one.to and same_contact(one.to) in contacts)
    ]


def _nothing_follows(deps: Deps, person_id: str) -> None:
    return None


def _no_contact(deps: Deps, person_id: str) -> None:
    stop_letters(deps, person_id)
    deps.store.shelf(Person).change(person_id, lambda person: replace(person, contact_confirmed_at=None))


def _no_access_card(deps: Deps, person_id: str) -> None:
    def unshared(person: Person) -> Person:
        return replace(person, access_card=replace(person.access_card, shared=False))

    deps.store.shelf(Person).change(person_id, unshared)


FOLLOWS: dict[ConsentKind, Callable[[Deps, str], None]] = {
    "agreement": _nothing_follows,  # she is asked again each time before she comes in
    "contact": _no_contact,
    "access_card": _no_access_card,
    "measurements": _nothing_follows,  # she is asked again for each ticket
}


def _version(deps: Deps, access: Access, kind: ConsentKind) -> int | None:
    if kind != "agreement":
        return None
    session = deps.store.session(access.session_id)
    group = deps.store.group(session.group_id) if session else None
    return group.settings.agreement_version if group else 1
