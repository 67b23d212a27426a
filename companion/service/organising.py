"""Groups, people and dates, as an organiser or a terminal makes them; every new group starts with words of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from companion.core.model import AgendaPart, GroupRules, Role
from companion.core.refusals import Refused
from companion.records import Group, GroupSettings, Person, PlannedSession
from companion.service import aliases, consents
from companion.service.deps import Deps
from companion.service.passcodes import pass_phrase

CONTACT_DAYS = 90

AGREEMENT = (
    "What is said here stays here.",
    "We listen, and one person speaks at a time.",
    "We speak of our own lives, and ask before we give advice.",
    "Nobody has to speak, and nobody has to say why.",
    "Everyone may take a break, switch the camera off or leave, at any time.",
    "We take no pictures and record nothing.",
    "We are kind in what we say, also where we disagree.",
)
AGENDA = (AgendaPart("Arriving and saying hello"), AgendaPart("Time to share"), AgendaPart("Rounding off"))
PROMPTS = (
    "What was one small good moment this week?",
    "What helps you when a day is heavy?",
    "Who or what gives you a bit of strength at the moment?",
    "What would you like to hear more often?",
    "What does a calm evening look like for you?",
    "Where in your life would you like to say no more often?",
    "What have you learnt about yourself this year?",
    "What are you looking forward to, however small?",
)


def add_group(deps: Deps, name: str, settings: GroupSettings | None = None) -> Group:
    """A new group, ready to meet."""
    begun = settings or GroupSettings()
    group = Group(
        deps.fresh_id(),
        name,
        GroupRules(agenda=AGENDA, prompts=PROMPTS),
        replace(begun, agreement=begun.agreement or AGREEMENT),
    )
    deps.store.save_group(group)
    return group


def change_group(deps: Deps, group: Group, name: str, settings: GroupSettings) -> Group:
    """New words for a group; a changed agreement is a new version of it."""
    if settings.agreement != group.settings.agreement:
        settings = replace(settings, agreement_version=group.settings.agreement_version + 1)
    changed = replace(group, name=name, settings=settings)
    deps.store.save_group(changed)
    return changed


def add_person(
    deps: Deps,
    group_id: str,
    role: Role,
    name: str,
    alias: str = "",
    *,
    email: str = "",
    phone: str = "",
    language: str = "en",
    contact_is_safe: bool = False,
) -> Person:
    """Somebody new in a group. Without an alias she gets a suggested one: staff see it before she has chosen."""
    shown = aliases.cleaned(alias) or aliases.suggestions(1)[0]
    confirmed = deps.clock() if contact_is_safe else None
    person = Person(deps.fresh_id(), group_id, role, name, shown, email, phone, language, True, "wait", confirmed)
    deps.store.save_person(person)
    if confirmed:
        consents.give(deps, person.id, "contact")
    return person


def confirm_contact(deps: Deps, person_id: str) -> Person:
    """She has just said that this address and this number are safe to use."""
    person = deps.store.person(person_id)
    if person is None:
        raise Refused("no_such_seat")
    confirmed = replace(person, contact_confirmed_at=deps.clock())
    deps.store.save_person(confirmed)
    consents.give(deps, person_id, "contact")
    return confirmed


def contact_is_safe(person: Person, at: datetime) -> bool:
    """Whether she has confirmed it within the last 90 days."""
    confirmed = person.contact_confirmed_at
    return confirmed is not None and at - confirmed <= timedelta(days=CONTACT_DAYS)


def change_person(deps: Deps, person: Person) -> None:
    """Keep what was changed; a new address or number has not been confirmed by anybody."""
    before = deps.store.person(person.id)
    moved = before is not None and (before.email, before.phone) != (person.email, person.phone)
    if moved and before is not None and person.contact_confirmed_at == before.contact_confirmed_at:
        person = replace(person, contact_confirmed_at=None)
    deps.store.save_person(person)


def add_session(deps: Deps, group_id: str, starts_at: datetime) -> PlannedSession:
    """A date for a group."""
    session = PlannedSession(deps.fresh_id(), group_id, starts_at)
    deps.store.save_session(session)
    return session


def add_organiser(deps: Deps, name: str) -> str:
    """An organiser's account, or a new pass phrase for an old one. It is returned this once and kept hashed."""
    phrase = pass_phrase()
    deps.store.save_organiser(name, deps.hasher.hash(phrase))
    return phrase


def is_organiser(deps: Deps, name: str, password: str) -> bool:
    """Whether this is an organiser's password; takes as long for a name that does not exist."""
    kept = deps.store.organiser_hash(name) or ""
    right = deps.hasher.verify(kept, password)
    if right and deps.hasher.is_old(kept):  # after a rotation: her name and her phrase are at hand only now
        deps.store.save_organiser(name, deps.hasher.hash(password))
    return right
