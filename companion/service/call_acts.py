"""What each task asks of a platform. All of it may be done twice: whoever asked before us may have died unheard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import CallDown, CallPlan, Planner, Room
from companion.records import CallTask, HeldCall, Platform, TaskKind
from companion.service import call_places, call_tasks, planned_calls
from companion.service.call_refs import plan_of
from companion.service.deps import Deps

MOVES = 3  # of one date, while we tell the platform of it


class NotYet(Exception):
    """Something else has to be done first."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after


def do(deps: Deps, task: CallTask) -> None:
    """Ask it. Raises CallDown or NotYet."""
    platform = deps.store.shelf(Platform).get(task.platform_id)
    if platform is None:
        raise CallDown("this account was taken away", "refused")
    meetings = deps.calls.on(platform)
    try:
        if task.what == "end":
            meetings.end(Room(task.argument, private=False))
        elif isinstance(meetings, Planner):
            PLANNED[task.what](deps, meetings, task)
        else:
            raise CallDown(f"{meetings.name} plans no calls", "refused")
    except CallDown as down:
        # What is to be over and is not there any more is over.
        if down.trouble != "gone" or task.what not in ("end", "stop", "cancel"):
            raise


def seated(deps: Deps, session_id: str) -> None:
    """A call was made while people were there already: each gets a place in it."""
    saved, held = deps.store.load(session_id), deps.store.shelf(HeldCall).get(session_id)
    if saved is None or held is None:
        return
    for seat in saved.state.seats:
        if seat.state in ("waiting", "seated"):
            call_tasks.post(deps, "register", held.platform_id, session_id, seat.id)


def _make(deps: Deps, planner: Planner, task: CallTask) -> None:
    session, now = deps.store.session(task.session_id), deps.clock()
    if session is None:
        return
    plan = plan_of(deps, session)
    if not _is_wanted(deps, task):
        if task.attempts > 1:  # an earlier try may have been heard, though we have no answer
            planner.cancel(planner.make(plan, now), now)
        return
    ref = planner.make(plan, now)
    if _keep(deps, task, ref, plan):
        seated(deps, task.session_id)
    else:
        planner.cancel(ref, now)


def _is_wanted(deps: Deps, task: CallTask) -> bool:
    held = deps.store.shelf(HeldCall).get(task.session_id)
    on_its_way = held is not None and held.state != "gone" and held.platform_id == task.platform_id
    return on_its_way and planned_calls.is_wanted(deps, deps.store.session(task.session_id), task.platform_id)


def _keep(deps: Deps, task: CallTask, ref: str, plan: CallPlan) -> bool:
    made = HeldCall(task.session_id, task.platform_id, plan.starts_at, plan.minutes, ref, "made")
    kept = deps.store.shelf(HeldCall).change(
        task.session_id,
        lambda one: made if (one.state, one.platform_id) == ("wanted", task.platform_id) else None,
    )
    # Another node may have made it at the same time: then it is the same one, for it has the same key.
    return kept is not None and (kept.state, kept.platform_id, kept.ref) == ("made", task.platform_id, ref)


def _change(deps: Deps, planner: Planner, task: CallTask) -> None:
    for _ in range(MOVES):
        session, held = deps.store.session(task.session_id), deps.store.shelf(HeldCall).get(task.session_id)
        if session is None or held is None or (held.state, held.platform_id) != ("made", task.platform_id):
            return
        if (held.starts_at, held.minutes) == (session.starts_at, session.minutes):
            return
        _move(deps, planner, held, plan_of(deps, session))


def _move(deps: Deps, planner: Planner, held: HeldCall, plan: CallPlan) -> None:
    try:
        planner.change(held.ref, plan, deps.clock())
    except CallDown as down:
        if down.trouble != "gone":
            raise
        return planned_calls.was_lost(deps, held)

    def told(one: HeldCall) -> HeldCall | None:
        return replace(one, starts_at=plan.starts_at, minutes=plan.minutes) if one.ref == held.ref else None

    deps.store.shelf(HeldCall).change(held.id, told)


def _cancel(deps: Deps, planner: Planner, task: CallTask) -> None:
    held = deps.store.shelf(HeldCall).get(task.session_id)
    if held is not None and held.platform_id == task.platform_id:
        # The group has come back: the platform may give it the very call that was to go.
        if held.state == "wanted":
            raise NotYet(timedelta(minutes=1))
        if held.state == "made" and held.ref == task.argument:
            return
    planner.cancel(task.argument, deps.clock())


def _stop(deps: Deps, planner: Planner, task: CallTask) -> None:
    planner.stop(task.argument, deps.clock())


def _register(deps: Deps, planner: Planner, task: CallTask) -> None:
    saved, held = deps.store.load(task.session_id), deps.store.shelf(HeldCall).get(task.session_id)
    if saved is None or held is None or (held.state, held.platform_id) != ("made", task.platform_id):
        return  # once the call is made, everybody who is there gets a place in it
    if not any(seat.id == task.argument and seat.state in ("waiting", "seated") for seat in saved.state.seats):
        return
    try:
        with suppress(Refused):
            call_places.place_of(deps, planner, held, saved.state, task.argument)
    except CallDown as down:
        if down.trouble != "gone":
            raise
        planned_calls.was_lost(deps, held)


PLANNED: dict[TaskKind, Callable[[Deps, Planner, CallTask], None]] = {
    "make": _make,
    "change": _change,
    "cancel": _cancel,
    "stop": _stop,
    "register": _register,
}
