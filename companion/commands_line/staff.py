"""Accounts of staff from a terminal: the first link, links for colleagues, and the operator's part in coming back."""

from __future__ import annotations

from argparse import Namespace
from typing import get_args

from companion.commands_line.organising import NotFound, Parsers
from companion.core.refusals import Refused
from companion.records import Grant, StaffRole
from companion.service.deps import Deps
from companion.service.staff import accounts, links, recovering

ROLES = [role.replace("_", "-") for role in get_args(StaffRole)]


def add_parsers(commands: Parsers) -> None:
    """The commands of this module."""
    staff = commands.add_parser("staff", help="accounts at the desk").add_subparsers(required=True, metavar="command")
    staff.add_parser("begin", help="print the link to the first account, anew").set_defaults(act=begin)
    invite = staff.add_parser("invite", help="print a link for a colleague; she chooses a password herself")
    invite.add_argument("name")
    invite.add_argument("--keeper", action="store_true", help="she looks after the whole installation")
    for role in ROLES:
        invite.add_argument(f"--{role}", action="append", default=[], metavar="GROUP", help=f"{role} of this group")
    invite.set_defaults(act=invite_colleague)
    recover = staff.add_parser("recover", help="agree that somebody locked out comes in again")
    recover.add_argument("name")
    recover.set_defaults(act=recover_account)


def begin(deps: Deps, args: Namespace) -> None:
    """Print the link to the first account."""
    if accounts.is_begun(deps):
        raise NotFound("Somebody looks after this installation already. To let her in again: companion staff recover")
    print(first_link(deps))


def first_link(deps: Deps) -> str:
    """A fresh link to the first account, with what it is for."""
    made = links.begin(deps)
    return f"Make the first account here, within 24 hours. The link works once:\n\n  {made.address}\n"


def invite_colleague(deps: Deps, args: Namespace) -> None:
    """Print a link for a colleague."""
    given = [(role, group) for role in get_args(StaffRole) for group in getattr(args, role)]
    grants = [Grant(_group(deps, group), role) for role, group in given]
    if not grants and not args.keeper:
        raise NotFound("Please say what she does here, such as: --organiser GROUP, or --keeper")
    made = links.invite(deps, None, args.name, grants, keeper=args.keeper)
    print(f"This link is for {args.name}. It works once, within 72 hours:\n\n  {made.address}\n")


def recover_account(deps: Deps, args: Namespace) -> None:
    """Agree, where there are not two colleagues who can."""
    account = accounts.find(deps, args.name)
    if account is None:
        raise NotFound(f"There is no account {args.name!r}.")
    try:
        made = recovering.at_the_terminal(deps, args.name)
    except Refused as refused:
        raise NotFound("Two colleagues can agree at their desk, so the terminal does not count here.") from refused
    if made is None:
        print("You have agreed. One colleague must agree too: it stands on her desk, and she gets the link.")
    else:
        print(f"This link is for {account.name}. It works once, within an hour:\n\n  {made.address}\n")


def _group(deps: Deps, wanted: str) -> str:
    found = [group.id for group in deps.store.groups() if wanted in (group.id, group.name)]
    if len(found) != 1:
        raise NotFound(
            f"There is {'no' if not found else 'more than one'} group {wanted!r}; group list shows every id."
        )
    return found[0]
