"""Groups, people and dates, as an organiser or a terminal makes them; every new group starts with words of our own."""

from __future__ import annotations

from datetime import datetime

from companion.core.model import AgendaPart, GroupRules, Role
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Group, GroupSettings, Induction, Person, PlannedSession
from companion.service import agreements, aliases, consents
from companion.service.deps import Deps

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
        replace(begun, agreement=begun.agreement or AGREEMENT, agreement_since=deps.clock()),
    )
    deps.store.save_group(group)
    agreements.keep_version(deps, group)
    return group


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
    waived_by: str = "",
) -> Person:
    """Somebody new in a group. Without an alias she gets a suggested one: staff see it before she has chosen.

    ``waived_by``: who says, by name, that she need not be told beforehand how it works (service/induction.py).
    """
    shown = aliases.cleaned(alias) or aliases.suggestions(1)[0]
    confirmed = deps.clock() if contact_is_safe else None
    told = Induction(waived_by=waived_by, at=deps.clock()) if waived_by else Induction()
    person = Person(
        deps.fresh_id(), group_id, role, name, shown, email, phone, language, True, "wait", confirmed, induction=told
    )
    deps.store.save_person(person)
    if confirmed:
        consents.give(deps, person.id, "contact")
    return person


def confirm_contact(deps: Deps, person_id: str) -> Person:
    """She has just said that this address and this number are safe to use."""
    confirmed = deps.store.shelf(Person).change(person_id, lambda now: replace(now, contact_confirmed_at=deps.clock()))
    if confirmed is None:
        raise Refused("no_such_seat")
    consents.give(deps, person_id, "contact")
    return confirmed


def add_session(deps: Deps, group_id: str, starts_at: datetime) -> PlannedSession:
    """A date for a group."""
    session = PlannedSession(deps.fresh_id(), group_id, starts_at)
    deps.store.save_session(session)
    return session
