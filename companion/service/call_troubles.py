"""What platforms have not been told, for people: each with what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from companion.core.values import replace
from companion.records import CallTask, PlannedSession, TaskKind
from companion.service.deps import Deps

LONG = timedelta(minutes=2)
Advice = Literal["waits", "down", "credentials", "throttled", "refused", "given_up"]


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something that a platform was not told in time. Several of one kind and one session are one."""

    task: CallTask
    session: PlannedSession | None
    advice: Advice

    @property
    def failed(self) -> bool:
        """Whether it waits for a person."""
        return self.task.state == "failed"


def unasked(deps: Deps) -> tuple[Unasked, ...]:
    """What has failed or waits long, the oldest first."""
    found: dict[tuple[str, str, TaskKind], Unasked] = {}
    tasks = deps.store.shelf(CallTask).find(state=("waiting", "sending", "failed"))
    # A failed one stands for its kind: there is something to do about it.
    for task in sorted(tasks, key=lambda one: (one.state != "failed", one.posted_at, one.id)):
        session = deps.store.session(task.session_id)
        if _is_worth_a_line(deps, task, session):
            found.setdefault((task.platform_id, task.session_id, task.what), Unasked(task, session, _advice(task)))
    return tuple(sorted(found.values(), key=lambda one: (one.task.posted_at, one.task.id)))


def try_again(deps: Deps, task_id: str) -> None:
    """Try it once more from the beginning, with all of its kind and session."""
    now = deps.clock()

    def fresh(task: CallTask) -> CallTask | None:
        if task.state not in ("failed", "waiting"):
            return None
        return replace(task, state="waiting", attempts=0, trouble="", problem="", due_at=now, posted_at=now)

    for task in _alike(deps, task_id):
        deps.store.shelf(CallTask).change(task.id, fresh)


def forget(deps: Deps, task_id: str) -> None:
    """Somebody has seen to it, with all of its kind and session."""
    for task in _alike(deps, task_id):
        deps.store.shelf(CallTask).remove(id=task.id, state="failed")


def _is_worth_a_line(deps: Deps, task: CallTask, session: PlannedSession | None) -> bool:
    # A room that ends in the middle of a session is that of a one-to-one, which is nobody's business.
    if task.what == "end" and session is not None and session.closed_at is None:
        return False
    return task.state == "failed" or (task.attempts > 0 and task.posted_at + LONG <= deps.clock())


def _advice(task: CallTask) -> Advice:
    match task.trouble:
        case "refused" | "gone":
            return "refused"
        case "down" | "credentials" | "throttled" as trouble if task.state != "failed" or trouble == "credentials":
            return trouble
        case _:
            return "given_up" if task.state == "failed" else "waits"


def _alike(deps: Deps, task_id: str) -> Sequence[CallTask]:
    task = deps.store.shelf(CallTask).get(task_id)
    if task is None:
        return ()
    return deps.store.shelf(CallTask).find(
        platform_id=task.platform_id, session_id=task.session_id, what=task.what, state=("waiting", "failed")
    )
