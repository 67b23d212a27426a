"""What the house itself has noticed, told to many sessions in one commit: after a cut everybody comes at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from companion.core.commands import Command
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.service.deps import Deps
from companion.service.one_commit import InCommit, save_all
from companion.service.perform import perform, rooms_ended, stepped

Notice = tuple[str, Command]  # the session, and what is noticed there


@dataclass(slots=True)
class _Session(InCommit):
    done: list[Notice] = field(default_factory=list)


def notice_all(deps: Deps, notices: Sequence[Notice]) -> None:
    """Tell each session, in this order. Raises StoreDown; safe to do twice. Blocks."""
    if len(notices) < 2:
        left: Sequence[Notice] = notices
    else:
        with deps.locks.of_those_free(session_id for session_id, _ in notices) as ours:
            left = [*(one for one in notices if one[0] not in ours), *_do(deps, [n for n in notices if n[0] in ours])]
    for session_id, command in left:
        with suppress(Refused):  # the session is over, or the seat has left: there is nobody to tell
            perform(deps, session_id, command, by=SYSTEM)


def _do(deps: Deps, notices: Sequence[Notice]) -> Sequence[Notice]:
    """Do them in one commit; returns those that have to be done one by one."""
    loaded = deps.store.load_all({session_id for session_id, _ in notices})
    sessions = {each: _Session(saved, saved.state, saved.sight) for each, saved in loaded.items()}
    left = [notice for notice in notices if notice[0] in sessions and not _step(deps, sessions[notice[0]], notice)]
    changed = [one for one in sessions.values() if one.state is not one.saved.state]
    moved = save_all(deps, changed)
    for one in changed:
        if one.state.id in moved:
            left += one.done
        else:
            one.send(deps)
    return left


def _step(deps: Deps, one: _Session, notice: Notice) -> bool:
    try:
        led = stepped(deps, one.state, notice[1], SYSTEM, one.sight)
    except Refused:
        return True
    if led.outcome.effects or rooms_ended(one.state, led.outcome.state):
        return False
    if led.outcome.state != one.state:
        one.take(led)
        one.done.append(notice)
    return True
