"""The ``companion`` command."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

from companion import drawing
from companion.commands_line import (
    backups,
    calls,
    doctor,
    keys,
    mailing,
    organising,
    serving,
    staff,
    translating,
    watching,
)
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.settings import BadSetting, from_environment
from companion.store import SqlStore
from companion.wiring import make_deps


def main(argv: Sequence[str] | None = None) -> int:
    """Do what was asked; 0 if it was done."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:2] == ["invite", "send"]:
        given[1] = "--send"
    args = _parser().parse_args(given)
    try:
        return _act(args)
    except Refused as refused:
        return _sorry(drawing.refusal(refused.reason, "en"))
    except StoreDown as down:
        return _sorry(f"The database cannot be used: {down}. Nothing was kept. companion doctor says more.")
    except (BadSetting, organising.NotFound) as error:
        return _sorry(str(error))


def _act(args: Namespace) -> int:
    if args.command == "doctor":
        return doctor.run(args)
    if args.command == "translate":
        return translating.run(args)
    settings = from_environment()
    if args.command == "mail":
        return mailing.run(settings, args)
    if args.command in ("run", "demo"):
        args.serve(settings, args)
    elif args.command == "restore":
        args.with_settings(settings, args)
    else:
        deps = make_deps(settings)
        try:
            args.act(deps, args)
        finally:
            if isinstance(deps.store, SqlStore):
                deps.store.dispose()
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="companion", description="A calm page beside a peer-support group's video call.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    run = commands.add_parser("run", help="serve; an empty database opens a demo and prints its links")
    run.set_defaults(serve=serving.run)
    demo = commands.add_parser("demo", help="open a half-finished session and print one link per role")
    demo.add_argument("--json", action="store_true", help="print the links as JSON")
    demo.add_argument("--bots", type=_count, default=0, metavar="N", help="fill it with so many simulated people")
    demo.add_argument("--seconds", type=_count, default=0, metavar="S", help="let them stay so long, then end")
    demo.set_defaults(serve=serving.run_demo)
    commands.add_parser("doctor", help="say what is configured, what is missing, and what it means")
    translating.add_parsers(commands)
    for module in (staff, organising, calls, mailing, watching, keys, backups):
        module.add_parsers(commands)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise ArgumentTypeError("a whole number, please")
    return int(text)


def _sorry(say: str) -> int:
    print(say, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
