"""What an operator looks at or stops from a terminal: the audit, a link, letters in the folder."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from companion.commands_line.organising import NotFound
from companion.service import audit, inviting
from companion.service.audit import Fault
from companion.service.deps import Deps

SAYS = {
    "missing": "an entry is missing",
    "altered": "an entry was altered",
    "beyond": "an entry stands beyond the end",
    "head_missing": "the head was taken away",
    "head_altered": "the head was altered",
    "unlike_known": "this is not what was there before",
}


def add_parsers(commands: Any) -> None:
    """``companion audit`` and ``revoke``."""
    acts = commands.add_parser("audit", help="who did what, and whether it fits together")
    acts = acts.add_subparsers(required=True, metavar="command")
    check = acts.add_parser("check", help="look for anything that was altered, cut off or put in")
    check.add_argument("--known", metavar="NUMBER:DIGEST", help="what this command said before, kept elsewhere")
    check.set_defaults(act=check_audit)
    acts.add_parser("list", help="every entry, newest first").set_defaults(act=list_audit)
    revoke = commands.add_parser("revoke", help="take an invite back: whoever is in by it is out within a second")
    revoke.add_argument("invite", help="id")
    revoke.set_defaults(act=revoke_invite)


def check_audit(deps: Deps, args: Namespace) -> None:
    """Whether the chain holds; otherwise where it does not."""
    faults = audit.check(deps, known=_known(args.known))
    if faults:
        raise NotFound("\n".join(_said(fault) for fault in faults))
    number, digest = audit.stands_at(deps)
    print(f"It fits together. Keep this elsewhere, for the next time: --known {number}:{digest}")


def list_audit(deps: Deps, args: Namespace) -> None:
    """Every entry: codes and opaque ids."""
    for entry in audit.entries(deps):
        print(f"{int(entry.id):>6}  {entry.at.isoformat(timespec='seconds')}  {entry.what}  {entry.by}  {entry.about}")


def revoke_invite(deps: Deps, args: Namespace) -> None:
    """The link opens nothing, and whoever is in by it is out, whichever process serves her."""
    inviting.revoke(deps, args.invite)
    print("The link opens nothing any more, and her pages are cut.")


def _known(text: str | None) -> tuple[int, str] | None:
    number, _, digest = (text or "").partition(":")
    if text and not (number.isdecimal() and digest):
        raise NotFound("--known takes what audit check printed: NUMBER:DIGEST")
    return (int(number), digest) if text else None


def _said(fault: Fault) -> str:
    return f"At {fault.number}: {SAYS[fault.what]}."
