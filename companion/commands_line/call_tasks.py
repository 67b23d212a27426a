"""What the platforms that hold calls have not been told, from a terminal."""

from __future__ import annotations

from argparse import Namespace

from companion.commands_line.organising import NotFound, Parsers, command
from companion.records import TaskKind
from companion.service import call_troubles
from companion.service.call_troubles import Advice
from companion.service.deps import Deps

WHAT: dict[TaskKind, str] = {
    "make": "the call is not made yet",
    "change": "the call still has its old time",
    "cancel": "a call that is not needed is still there",
    "stop": "the call may still be going on",
    "end": "the call may still be going on",
    "register": "somebody has no way into the call yet",
}
TO_DO: dict[Advice, str] = {
    "waits": "it is tried again soon",
    "down": "the platform does not answer; it is tried again by itself",
    "credentials": "mend what the platform does not accept, then --again",
    "throttled": "the platform wants us to go slower; nothing to do yet",
    "refused": "look at the account there, then --again or --done",
    "given_up": "given up: do it there by hand, then --done",
}


def add_parsers(call: Parsers) -> None:
    """The commands of this module."""
    tasks = command(call, "tasks", call_tasks, "list what platforms have not been told, and what to do about it")
    tasks.add_argument("--again", metavar="ID", help="ask once more")
    tasks.add_argument("--done", metavar="ID", help="somebody has done it by hand: forget it")


def call_tasks(deps: Deps, args: Namespace) -> None:
    """List them; or first ask once more, or forget one."""
    known = {one.task.id for one in call_troubles.unasked(deps)}
    for wanted, act in ((args.again, call_troubles.try_again), (args.done, call_troubles.forget)):
        if wanted and wanted not in known:
            raise NotFound(f"There is nothing {wanted} to do.")
        if wanted:
            act(deps, wanted)
    left = call_troubles.unasked(deps)
    for one in left:
        task = one.task
        when = f"{one.session.starts_at:%Y-%m-%d %H:%M} UTC" if one.session else "no date"
        print(f"{task.id}  {task.session_id}  {when}: {WHAT[task.what]}; {TO_DO[one.advice]}. {task.problem}".rstrip())
    if not left:
        print("Every platform has been told everything.")
