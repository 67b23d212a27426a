"""What a mail server calls: one letter that came back, on the standard input."""

from __future__ import annotations

import os
import sys
from argparse import Namespace, _SubParsersAction

from companion.ports import BadReport, StoreDown
from companion.service import bounces
from companion.settings import Settings
from companion.wiring import make_deps


def add_parsers(commands: _SubParsersAction) -> None:
    """The commands of this module."""
    topic = commands.add_parser("mail", help="for the mail server").add_subparsers(required=True, metavar="command")
    bounce = topic.add_parser("bounce", help="read one letter that came back from the standard input")
    bounce.set_defaults(act=bounce_from_input)


def run(settings: Settings, args: Namespace) -> int:
    """Do it; while the database is away, ask the mail server to come again."""
    try:
        return int(args.act(settings))
    except StoreDown:
        print("The database cannot be used just now: please try again.", file=sys.stderr)
        return os.EX_TEMPFAIL


def bounce_from_input(settings: Settings) -> int:
    """Note what a delivery status notification says; anything else is left alone, and nobody is answered."""
    raw = sys.stdin.buffer.read(bounces.LONGEST + 1)
    try:
        letter = bounces.receive(make_deps(settings), raw)
    except BadReport as bad:
        # A mail server would send a failure back to whoever wrote this; a forger deserves no answer.
        print(f"Nothing was changed: {bad.problem}.", file=sys.stderr)
        return 0
    print(f"Noted: {letter.state}.")
    return 0
