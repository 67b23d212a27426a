"""What is to be asked of platforms is posted here and asked by ``calling``: nothing that people do waits for them.

A task has the same id wherever and whenever it is posted, so that it is there once. Tasks that would tell of people
(a private room that ends, a place for somebody) leave no row once they are done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from companion.core.values import replace
from companion.ports import MeetingAdapter, Planner
from companion.records import CallTask, HeldCall, TaskKind, TaskState
from companion.service.call_refs import room_named, task_id
from companion.service.deps import Deps

SOON = timedelta(seconds=5)


def post(
    deps: Deps,
    what: TaskKind,
    platform_id: str,
    session_id: str,
    argument: str = "",
    *,
    version: str = "",
    again: Iterable[TaskState] = (),
) -> bool:
    """Ask for it once; whether it is new. ``version`` makes it another one; ``again``: if it is so, it begins anew."""
    now = deps.clock()
    known_as = task_id(deps, what, platform_id, session_id, version or argument)
    task = CallTask(known_as, platform_id, session_id, what, now, now, argument)
    shelf = deps.store.shelf(CallTask)
    known = shelf.get(known_as)  # what is there already costs a look and no write
    if known is None:
        return shelf.add(task)
    if known.state not in again:
        return False
    shelf.change(known_as, lambda one: task if one.state == known.state else None)
    return True


def hurry(deps: Deps, what: TaskKind, platform_id: str, session_id: str) -> None:
    """Somebody waits for it: if it was to wait a while longer, it is tried soon."""
    soon = deps.clock() + SOON

    def sooner(task: CallTask) -> CallTask | None:
        # Not what somebody has to mend first, and not before the platform's own time.
        is_late = task.state == "waiting" and task.trouble in ("", "down") and task.due_at > soon
        return replace(task, due_at=soon) if is_late else None

    known = deps.store.shelf(CallTask).get(task_id(deps, what, platform_id, session_id, ""))
    if known is not None and sooner(known) is not None:
        deps.store.shelf(CallTask).change(known.id, sooner)


def end_call(deps: Deps, session_id: str) -> None:
    """Its session is closed: whoever is still in the call is put out. Safe to do twice; no platform is asked here."""
    found = _calls_of(deps, session_id)
    if found is None:
        return
    platform_id, meetings = found
    if isinstance(meetings, Planner):
        held = deps.store.shelf(HeldCall).get(session_id)
        if held is not None and held.state == "made":
            post(deps, "stop", held.platform_id, session_id, held.ref)
    elif meetings.ends:
        post(deps, "end", platform_id, session_id, room_named(deps, session_id).ref)


def end_rooms(deps: Deps, session_id: str, one_to_ones: Iterable[str]) -> None:
    """These one-to-ones are over: their rooms end. Safe to do twice; no platform is asked here."""
    found = _calls_of(deps, session_id)
    if found is None or isinstance(found[1], Planner) or not found[1].ends:
        return  # the room is one that ends when both have gone
    for one in one_to_ones:
        post(deps, "end", found[0], session_id, room_named(deps, session_id, one).ref)


def forget_seat(deps: Deps, session_id: str, seat_id: str) -> None:
    """Nobody will need a place for her."""
    for task in deps.store.shelf(CallTask).find(session_id=session_id, what="register"):
        if task.argument == seat_id:
            deps.store.shelf(CallTask).remove(id=task.id)


def forget_places(deps: Deps, session_id: str) -> None:
    """Nobody will come into this call any more."""
    deps.store.shelf(CallTask).remove(session_id=session_id, what="register")


def _calls_of(deps: Deps, session_id: str) -> tuple[str, MeetingAdapter] | None:
    session = deps.store.session(session_id)
    group = deps.store.group(session.group_id) if session else None
    if group is None or not group.settings.platform:
        return None
    return group.settings.platform, deps.calls.of(group)
