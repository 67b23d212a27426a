"""Groups, people, dates and invites from a terminal: what the organiser's desk does, for scripts and first steps."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar, get_args

from companion.core.model import Role
from companion.records import Group, GroupSettings, Person, PlannedSession, SafeguardingPlan
from companion.service import dates, gathering, giving, group_settings, induction, organising, outbox
from companion.service.deps import Deps
from companion.service.passcodes import grouped
from companion.service.routes import CannotSend, Routes

ROLES = [role for role in get_args(Role) if role != "system"]
WHY_NOT = {
    "no_address": "There is no e-mail address on file for this person.",
    "not_inducted": "Nobody has told her yet how it works: person told.",
    "left_group": "She has left the group.",
    "reach_nobody": "She wants no messages.",
    "not_this_way": "She wants to be reached another way than by e-mail.",
    "no_safe_hours": "There is no safe hour at which she may be reached.",
    "too_late": "It would start before she may safely be reached.",
    "no_number": "There is no telephone number on file for this person.",
    "contact_not_confirmed": "Nobody has confirmed within 90 days that this address is safe: person confirm.",
}
Parsers = _SubParsersAction


class NotFound(Exception):
    """Nothing, or more than one thing, has that name."""


class Named(Protocol):
    """Whatever can be found by its id."""

    @property
    def id(self) -> str:
        """Its id."""


T = TypeVar("T", bound=Named)


def add_parsers(commands: Parsers) -> None:
    """The commands of this module."""
    group = topic(commands, "group", "groups")
    add = command(group, "add", group_add, "make a group with an agreement and an agenda to begin with")
    add.add_argument("name")
    add.add_argument("--call-link", default="", help="the https address of the call")
    add.add_argument("--backup-number", default="", help="the telephone number on every page")
    plan = command(group, "plan", group_plan, "say what the group does in danger; its doors stay shut without")
    plan.add_argument("group", help="id or name")
    plan.add_argument("--lead", required=True, help="who leads when somebody is in danger")
    plan.add_argument("--number", required=True, help="her telephone number")
    plan.add_argument("--second", required=True, help="who is asked if she cannot be reached, with a number")
    plan.add_argument("--steps", required=True, help="what you do, step by step")
    command(group, "list", group_list, "list groups with their people and dates")
    _people(topic(commands, "person", "people"))
    session = topic(commands, "session", "dates")
    add = command(session, "add", session_add, "add a date to a group")
    add.add_argument("group", help="id or name")
    add.add_argument("when", help="such as 2026-03-05T19:00, in the group's own time")
    begin = command(session, "begin", session_begin, "get the room ready, so that a facilitator can open the doors")
    begin.add_argument("session", help="id")
    _invites(commands)


def _people(person: Parsers) -> None:
    add = command(person, "add", person_add, "add somebody to a group")
    add.add_argument("group", help="id or name")
    add.add_argument("name", help="her real name; only staff see it")
    add.add_argument("--alias", default="", help="the name in the group; empty: one is suggested")
    add.add_argument("--role", choices=ROLES, default="member")
    add.add_argument("--email", default="")
    add.add_argument("--phone", default="")
    add.add_argument("--language", default="en")
    add.add_argument("--contact-is-safe", action="store_true", help="she said that this address and number are safe")
    told = command(person, "told", person_told, "she was told how it works, so that she can be invited")
    told.add_argument("person", help="id")
    told.add_argument("--by", default="", help="who says, by name, that she need not be told")
    confirm = command(person, "confirm", person_confirm, "she has just said that her contact is safe")
    confirm.add_argument("person", help="id")


def _invites(commands: Parsers) -> None:
    made = commands.add_parser("invite", help="print a new link and passcode for somebody; or: invite send")
    made.add_argument("--send", action="store_true", help="send the link by e-mail and print the passcode alone")
    made.add_argument("session", help="id")
    made.add_argument("person", help="id, alias or name")
    made.set_defaults(act=invite)


def group_add(deps: Deps, args: Namespace) -> None:
    """Make a group."""
    settings = GroupSettings(call_link=args.call_link, backup_number=args.backup_number)
    print(organising.add_group(deps, args.name, settings).id)


def group_plan(deps: Deps, args: Namespace) -> None:
    """Keep the safeguarding plan of a group; rooms that are ready hear of it."""
    plan = SafeguardingPlan(args.lead, args.number, args.second, args.steps, deps.clock())
    group_settings.agree_on_plan(deps, group_called(deps, args.group).id, plan)
    print("Kept. The doors of this group can open.")


def group_list(deps: Deps, args: Namespace) -> None:
    """List everything with its ids, without addresses or numbers."""
    for group in deps.store.groups():
        print(f"{group.id}  {group.name}")
        for person in deps.store.people(group.id):
            print(f"  {person.id}  {person.name}, {person.alias}, {person.role.replace('_', ' ')}")
        for session in deps.store.sessions(group.id):
            print(f"  {session.id}  {dates.said(session.starts_at, 'en', group.settings.zone)}, {session.phase}")


def person_add(deps: Deps, args: Namespace) -> None:
    """Add somebody to a group."""
    group = group_called(deps, args.group)
    person = organising.add_person(
        deps,
        group.id,
        args.role,
        args.name,
        args.alias,
        email=args.email,
        phone=args.phone,
        language=args.language,
        contact_is_safe=args.contact_is_safe,
    )
    print(person.id)


def person_told(deps: Deps, args: Namespace) -> None:
    """Keep that she was told, or who says that she need not be."""
    induction.note(deps, args.person, () if args.by else induction.ITEMS, args.by)
    print("Kept. She can be invited.")


def person_confirm(deps: Deps, args: Namespace) -> None:
    """Confirm a safe contact."""
    organising.confirm_contact(deps, args.person)
    print("Confirmed for 90 days.")


def session_add(deps: Deps, args: Namespace) -> None:
    """Add a date."""
    try:
        when = datetime.fromisoformat(args.when)
    except ValueError as error:
        raise NotFound(f"{args.when} is no date and time; write it like 2026-03-05T19:00.") from error
    group = group_called(deps, args.group)
    print(organising.add_session(deps, group.id, dates.from_local(when, group.settings.zone)).id)


def session_begin(deps: Deps, args: Namespace) -> None:
    """Begin the live data."""
    gathering.begin(deps, _session(deps, args.session).id)
    print("The room is ready. A facilitator opens the doors.")


def invite(deps: Deps, args: Namespace) -> None:
    """Print link and passcode, or send the link and print the passcode alone."""
    session = _session(deps, args.session)
    person = _person(deps, session, args.person)
    try:
        target = giving.target_of(deps, "session", session.id)
        given = giving.give(deps, target, person.id, Routes("email" if args.send else "copied", "aloud"))
    except CannotSend as cannot:
        raise NotFound(WHY_NOT[cannot.reason]) from cannot
    if args.send:
        _send(deps)
    else:
        print(f"link      {given.link}")
    print(f"passcode  {grouped(given.passcode)}")


def _send(deps: Deps) -> None:
    outbox.deliver_due(deps)
    waiting = len(outbox.undelivered(deps))
    print(
        f"{waiting} letters still wait; the running service tries again." if waiting else "The link has left by e-mail."
    )


def topic(commands: Parsers, name: str, about: str) -> Parsers:
    """A word that other commands follow."""
    topic: ArgumentParser = commands.add_parser(name, help=about)
    return topic.add_subparsers(required=True, metavar="command")


def command(topic: Parsers, name: str, act: object, about: str) -> ArgumentParser:
    """One command and what it does."""
    parser: ArgumentParser = topic.add_parser(name, help=about)
    parser.set_defaults(act=act)
    return parser


def group_called(deps: Deps, wanted: str) -> Group:
    """A group by its id or name. Raises NotFound."""
    return _one((g for g in deps.store.groups() if wanted in (g.id, g.name)), f"group {wanted!r}")


def _session(deps: Deps, wanted: str) -> PlannedSession:
    found = deps.store.session(wanted)
    return _one([found] if found else [], f"session {wanted!r}")


def _person(deps: Deps, session: PlannedSession, wanted: str) -> Person:
    people = deps.store.people(session.group_id)
    return _one((p for p in people if wanted in (p.id, p.name, p.alias)), f"person {wanted!r} in this group")


def _one(found: Iterable[T], what: str) -> T:
    several = list(found)
    if len(several) != 1:
        raise NotFound(f"There is {'no' if not several else 'more than one'} {what}; group list shows every id.")
    return several[0]
