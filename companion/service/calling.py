"""Asks platforms what was posted: one task after the other for each platform, in a thread that taps never need.

A task is marked "sending" before it is asked. If its process dies there, nobody knows whether it was heard; it is asked
again, and every platform knows what it was asked before: by a key, or because what is over stays over.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import CallDown, StoreDown, UpTo
from companion.records import TELLING, CallTask
from companion.service import call_acts, call_fates
from companion.service.call_acts import NotYet
from companion.service.deps import Deps

log = logging.getLogger("companion.calling")
LEASE = timedelta(minutes=2)  # longer than any platform may take
AT_ONCE = 20  # tasks a round
REST = timedelta(seconds=5)  # of a platform that is away, on this node
LONGEST_REST = timedelta(minutes=10)  # of one that wants us to go slower


class CallLines:
    """The lines of one node to its platforms: one that is away holds up no other, and is not asked again at once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy: set[str] = set()
        self._rests: dict[tuple[str, str], datetime] = {}  # by platform, and what; all of it: ""

    def begin(self, deps: Deps) -> None:
        """Start on every platform where something is due, unless this node is at it already. Waits for none."""
        for platform_id in self._due(deps):
            if self._take(platform_id):
                self._start(deps, platform_id)

    def round(self, deps: Deps) -> int:
        """The same, one platform after the other, and wait; say how many tasks are done."""
        return sum(self._work(deps, platform_id) for platform_id in self._due(deps) if self._take(platform_id))

    def _due(self, deps: Deps) -> list[str]:
        now = deps.clock()
        found = deps.store.shelf(CallTask).find(state=("waiting", "sending"), due_at=UpTo(now))
        return sorted({task.platform_id for task in found if not self._rests_from(task, now)})

    def _take(self, platform_id: str) -> bool:
        with self._guard:
            free = platform_id not in self._busy
            self._busy.add(platform_id)
            return free

    def _free(self, platform_id: str) -> None:
        with self._guard:
            self._busy.discard(platform_id)

    def _start(self, deps: Deps, platform_id: str) -> None:
        try:
            threading.Thread(target=self._in_its_thread, args=(deps, platform_id), daemon=True).start()
        except RuntimeError:  # no more threads just now
            self._free(platform_id)

    def _in_its_thread(self, deps: Deps, platform_id: str) -> None:
        try:
            self._work(deps, platform_id)
        except StoreDown:
            log.error("the database cannot be used just now")
        except Exception:
            log.exception("what was to be asked of a platform could not be; it is tried again")

    def _work(self, deps: Deps, platform_id: str) -> int:
        try:
            _take_up_what_was_left(deps, platform_id)
            done = 0
            for _ in range(AT_ONCE):
                task = self._next(deps, platform_id)
                if task is None:
                    break
                done += self._ask(deps, task)
            return done
        finally:
            self._free(platform_id)

    def _next(self, deps: Deps, platform_id: str) -> CallTask | None:
        # Looked up anew each time: what people wait for goes before what was planned for next week.
        now = deps.clock()
        waiting = deps.store.shelf(CallTask).find(platform_id=platform_id, state="waiting", due_at=UpTo(now))
        return min((task for task in waiting if not self._rests_from(task, now)), key=_order, default=None)

    def _rests_from(self, task: CallTask, now: datetime) -> bool:
        return any(now < self._rests.get((task.platform_id, what), now) for what in ("", task.what))

    def _ask(self, deps: Deps, task: CallTask) -> bool:
        taken = _lease(deps, task)
        if taken is None:
            return False  # another node was quicker
        try:
            call_acts.do(deps, taken)
        except NotYet as wait:
            _settle(deps, taken, replace(task, due_at=deps.clock() + wait.after))
        except CallDown as down:
            self._note(deps, taken, down)
        except StoreDown:
            raise
        except Exception:
            log.exception("a task for a platform failed; it is tried again")
            self._note(deps, taken, CallDown("something went wrong here"))
        else:
            _finish(deps, taken)
            return True
        return False

    def _note(self, deps: Deps, taken: CallTask, down: CallDown) -> None:
        now = deps.clock()
        _settle(deps, taken, call_fates.after_failure(taken, down, deps.store.session(taken.session_id), now))
        if down.trouble == "throttled":
            until = max(now + REST, down.retry_at or now)
            self._rests[(taken.platform_id, taken.what)] = min(until, now + LONGEST_REST)
        elif down.trouble in ("down", "credentials"):
            self._rests[(taken.platform_id, "")] = now + REST
        if taken.what not in TELLING:  # in the midst of a session an end tells that two people have talked
            log.warning("a platform was asked in vain: %s, %s, attempt %d", taken.what, down.trouble, taken.attempts)


def _order(task: CallTask) -> tuple[bool, datetime, str]:
    return task.what in ("make", "change", "cancel"), task.due_at, task.id


def _lease(deps: Deps, task: CallTask) -> CallTask | None:
    now = deps.clock()
    taken = replace(task, state="sending", attempts=task.attempts + 1, due_at=now + LEASE, tried_at=now)
    ours: list[bool] = []

    def take(it: CallTask) -> CallTask | None:
        # What is kept afterwards does not tell who took it: two nodes may do so at the same moment of the clock.
        ours[:] = [it == task]
        return taken if it == task else None

    deps.store.shelf(CallTask).change(task.id, take)
    return taken if ours == [True] else None


def _take_up_what_was_left(deps: Deps, platform_id: str) -> None:
    now = deps.clock()
    for task in deps.store.shelf(CallTask).find(platform_id=platform_id, state="sending", due_at=UpTo(now)):
        _settle(deps, task, replace(task, state="waiting", due_at=now))


def _finish(deps: Deps, taken: CallTask) -> None:
    if taken.what in TELLING:
        deps.store.shelf(CallTask).remove(id=taken.id, state="sending", attempts=taken.attempts)
    else:
        _settle(deps, taken, replace(taken, state="done", argument="", trouble="", problem=""))


def _settle(deps: Deps, taken: CallTask, after: CallTask) -> None:
    # Only if nobody has taken it up meanwhile, thinking that we are dead.
    deps.store.shelf(CallTask).change(taken.id, lambda it: after if it == taken else None)
