"""What a mail server calls: one letter that came back, on the standard input; and what stands in our own folders."""

from __future__ import annotations

import email
import email.policy
import os
import sys
from argparse import Namespace, _SubParsersAction

from companion.ports import BadReport, StoreDown
from companion.service import bounces
from companion.settings import Settings
from companion.wiring import make_deps
from integrations.mail.folder import FolderMailer
from integrations.sms.folder import FolderTexter


def add_parsers(commands: _SubParsersAction) -> None:
    """The commands of this module."""
    about = "letters that came back, and those that stand sealed in the folders, for trying out"
    topic = commands.add_parser("mail", help=about).add_subparsers(required=True, metavar="command")
    bounce = topic.add_parser("bounce", help="read one letter that came back from the standard input")
    bounce.set_defaults(act=bounce_from_input)
    show = topic.add_parser("show", help="open every letter and every text in our folders, newest last")
    show.set_defaults(act=show_folders)


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


def show_folders(settings: Settings) -> int:
    """Letters and texts as they would have arrived; they stand sealed in the folders."""
    deps = make_deps(settings)
    folders = [one for one in (deps.mailer, deps.texter) if isinstance(one, FolderMailer | FolderTexter)]
    if not folders:
        print("Letters leave by the mail server: nothing is kept here.", file=sys.stderr)
        return 1
    for folder in folders:
        for raw in folder.opened():
            print(_letter(raw) if isinstance(folder, FolderMailer) else raw.decode(), "-" * 60, sep="\n")
    return 0


def _letter(raw: bytes) -> str:
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    body = letter.get_body(("plain",))
    return f"To: {letter['To']}\nSubject: {letter['Subject']}\n\n{body.get_content() if body else ''}"
