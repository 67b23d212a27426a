"""Keeps what is planned at platforms in line with the diary. What is looked at twice, or by two nodes, is done once.

No platform is asked here: what differs becomes a task.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import Planner, UpTo
from companion.records import Group, HeldCall, PlannedSession
from companion.service import call_places, call_tasks
from companion.service.deps import Deps

AHEAD = timedelta(days=7)
LATE = timedelta(hours=12)  # after its end: nobody has opened it, or it runs over no longer
AT_ONCE = 50  # changes a round


def mind(deps: Deps) -> int:
    """Look at every date that comes soon and every call that is planned; say how much was changed."""
    changed = 0
    for session_id in _worth_a_look(deps):
        changed += look_at(deps, session_id)
        if changed >= AT_ONCE:
            break
    return changed


def look_at(deps: Deps, session_id: str) -> bool:
    """Post what is missing for one session, and say whether anything was."""
    session, held = deps.store.session(session_id), deps.store.shelf(HeldCall).get(session_id)
    if session is None or session.closed_at is not None:
        return False  # a closed one is stopped, and what is kept of it is destroyed
    platform_id = _planner_for(deps, session)
    if held is not None and held.state != "gone" and held.platform_id != platform_id:
        return _let_go(deps, held)
    if not platform_id:
        return False
    if held is None or held.state == "gone":
        return session.starts_at <= deps.clock() + AHEAD and _want(deps, session, platform_id)
    if held.state == "wanted":
        return call_tasks.post(deps, "make", platform_id, session_id, again=("done",))
    if (held.starts_at, held.minutes) == (session.starts_at, session.minutes):
        return False
    return call_tasks.post(
        deps, "change", platform_id, session_id, version=f"{held.ref} {session.sequence}", again=("done",)
    )


def made(deps: Deps, session: PlannedSession, platform_id: str) -> HeldCall | None:
    """The planned call that people can come into now; where there is none, somebody sees to it soon."""
    held = deps.store.shelf(HeldCall).get(session.id)
    if held is not None and (held.state, held.platform_id) == ("made", platform_id):
        return held
    look_at(deps, session.id)
    call_tasks.hurry(deps, "make", platform_id, session.id)
    return None


def arrived(deps: Deps, session_id: str, seat_id: str) -> None:
    """Somebody has come: her place is to be there before she presses, and the call itself even sooner."""
    held = deps.store.shelf(HeldCall).get(session_id)
    if held is not None and held.state == "made":
        call_tasks.post(deps, "register", held.platform_id, session_id, seat_id)
    else:
        look_at(deps, session_id)


def was_lost(deps: Deps, held: HeldCall) -> None:
    """The platform knows this call no more: it is made anew."""
    deps.store.shelf(HeldCall).change(
        held.id, lambda one: replace(one, state="wanted", ref="") if one == held else None
    )
    look_at(deps, held.id)


def forget(deps: Deps, session_id: str) -> None:
    """The live data goes: nothing that opens its call is kept."""
    call_tasks.forget_places(deps, session_id)
    call_places.forget(deps, session_id)
    deps.store.shelf(HeldCall).remove(id=session_id)


def is_wanted(deps: Deps, session: PlannedSession | None, platform_id: str) -> bool:
    """Whether the call of this session is to be on this platform."""
    return session is not None and session.closed_at is None and _planner_for(deps, session) == platform_id


def _worth_a_look(deps: Deps) -> Iterator[str]:
    planned = deps.store.shelf(HeldCall).find(state=("wanted", "made"))
    yield from (held.id for held in planned)
    known, now = {held.id for held in planned}, deps.clock()
    plans = {group.id for group in deps.store.groups() if _plans(deps, group)}
    coming = deps.store.shelf(PlannedSession).find(closed_at=None, cancelled_at=None, starts_at=UpTo(now + AHEAD))
    for session in sorted(coming, key=lambda one: one.starts_at):
        if session.id not in known and session.group_id in plans and now < _over_at(session):
            yield session.id


def _planner_for(deps: Deps, session: PlannedSession) -> str:
    if session.cancelled_at is not None or _over_at(session) <= deps.clock():
        return ""
    group = deps.store.group(session.group_id)
    return group.settings.platform if group is not None and _plans(deps, group) else ""


def _plans(deps: Deps, group: Group) -> bool:
    return bool(group.settings.platform) and isinstance(deps.calls.of(group), Planner)


def _over_at(session: PlannedSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.minutes) + LATE


def _want(deps: Deps, session: PlannedSession, platform_id: str) -> bool:
    shelf = deps.store.shelf(HeldCall)
    wanted = HeldCall(session.id, platform_id, session.starts_at, session.minutes)
    if not shelf.add(wanted):
        shelf.change(session.id, lambda one: wanted if one.state == "gone" else None)
    return call_tasks.post(deps, "make", platform_id, session.id, again=("done", "failed"))


def _let_go(deps: Deps, held: HeldCall) -> bool:
    # The task first: after a crash between the two it is only posted again. Where no answer has come yet there is
    # nothing to cancel: whoever makes it finds out that nobody wants it.
    if held.ref:
        call_tasks.post(deps, "cancel", held.platform_id, held.id, held.ref)
    deps.store.shelf(HeldCall).change(held.id, lambda one: replace(one, state="gone", ref="") if one == held else None)
    call_places.forget(deps, held.id)
    return True
