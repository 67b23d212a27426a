"""The way into the call for one seat: who may, into which room, and what the platform is told of her."""

from __future__ import annotations

from companion.core import calls as rules
from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import Attendee, CallDown, Entry, Planner, Room
from companion.records import Access, Group, HeldCall, PlannedSession
from companion.service import call_places, planned_calls
from companion.service.call_refs import attendee as attendee
from companion.service.call_refs import ref_of as ref_of
from companion.service.call_refs import room_of as room_of
from companion.service.deps import Deps


def into_the_call(deps: Deps, access: Access) -> Entry | None:
    """For whoever has a seat in the room; None: there is no call, or not for her. Raises Refused."""
    found = _found(deps, access)
    if found is None:
        return None
    session, group, state = found
    if not rules.may_come_in(state, access.seat_id):
        return None
    planner = deps.calls.of(group)
    if isinstance(planner, Planner):
        return _planned_entry(deps, planner, session, group, state, access.seat_id)
    return _entry(deps, group, room_of(deps, session), attendee(deps, state, access.seat_id))


def into_my_room(deps: Deps, access: Access) -> Entry | None:
    """The private room of her one-to-one, for the two who are in it and while it is open. Raises Refused."""
    found = _found(deps, access)
    if found is None:
        return None
    session, group, state = found
    mine = rules.open_room_of(state, access.seat_id)
    if mine is None:
        return None
    if isinstance(deps.calls.of(group), Planner):
        # What is planned ahead has no rooms for two: they meet where groups without an account do.
        group = replace(group, settings=replace(group.settings, platform=""))
    room = room_of(deps, session, mine)
    if state.rules.call_rooms:
        room = replace(room, within=room_of(deps, session).ref)
    return _entry(deps, group, room, attendee(deps, state, access.seat_id))


def _planned_entry(
    deps: Deps, planner: Planner, session: PlannedSession, group: Group, state: SessionState, seat_id: str
) -> Entry:
    held = planned_calls.made(deps, session, group.settings.platform)
    if held is None:
        raise Refused("call_away")
    try:
        host = _as_host(deps, planner, held, state, seat_id)
        return host or Entry(call_places.place_of(deps, planner, held, state, seat_id).url)
    except CallDown as down:
        if down.trouble == "gone":
            planned_calls.was_lost(deps, held)
        raise Refused("call_away") from down


def _as_host(deps: Deps, planner: Planner, held: HeldCall, state: SessionState, seat_id: str) -> Entry | None:
    if state.seat(seat_id).role != "facilitator":
        return None
    try:
        return planner.host_entry(held.ref, deps.clock())
    except CallDown as down:
        # Somebody may have begun it: then her own place is as good, and no platform is asked for that.
        if down.trouble == "gone" or call_places.known(deps, held, seat_id) is None:
            raise
        return None


def _entry(deps: Deps, group: Group, room: Room, who: Attendee) -> Entry | None:
    try:
        return deps.calls.of(group).entry(room, who, deps.clock())
    except CallDown as down:
        raise Refused("call_away") from down


def _found(deps: Deps, access: Access) -> tuple[PlannedSession, Group, SessionState] | None:
    session, saved = deps.store.session(access.session_id), deps.store.load(access.session_id)
    group = deps.store.group(session.group_id) if session else None
    return (session, group, saved.state) if session and group and saved else None
