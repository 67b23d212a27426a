"""The way into the call for one seat: who may, into which room, and what the platform is told of her."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

from companion.core import calls as rules
from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.ports import Attendee, CallDown, Entry, Room
from companion.records import Access, Group, PlannedSession
from companion.service.deps import Deps


def into_the_call(deps: Deps, access: Access) -> Entry | None:
    """For whoever has a seat in the room; None: there is no call, or not for her. Raises Refused."""
    found = _found(deps, access)
    if found is None:
        return None
    session, group, state = found
    if not rules.may_come_in(state, access.seat_id):
        return None
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
    room = room_of(deps, session, mine)
    if state.rules.call_rooms:
        room = replace(room, within=room_of(deps, session).ref)
    return _entry(deps, group, room, attendee(deps, state, access.seat_id))


def room_of(deps: Deps, session: PlannedSession, one_to_one: str = "") -> Room:
    """A room nobody can work out from ids that stand on panels: one a session, and one for each one-to-one."""
    what = f"private {session.id} {one_to_one}" if one_to_one else f"session {session.id}"
    return Room(_opaque(deps.sealer.signing("private rooms"), what), private=bool(one_to_one))


def attendee(deps: Deps, state: SessionState, seat_id: str) -> Attendee:
    """What the platform learns: the name she chose, and a reference that fits this seat on this evening alone."""
    seat = state.seat(seat_id)
    return Attendee(ref_of(deps, state.id, seat_id), seat.alias, seat.role == "facilitator")


def ref_of(deps: Deps, session_id: str, seat_id: str) -> str:
    """The reference by which a platform's people are matched to seats."""
    return _opaque(deps.sealer.signing("people in calls"), f"{session_id} {seat_id}")


def _entry(deps: Deps, group: Group, room: Room, who: Attendee) -> Entry | None:
    try:
        return deps.calls.of(group).entry(room, who, deps.clock())
    except CallDown as down:
        raise Refused("call_away") from down


def _found(deps: Deps, access: Access) -> tuple[PlannedSession, Group, SessionState] | None:
    session, saved = deps.store.session(access.session_id), deps.store.load(access.session_id)
    group = deps.store.group(session.group_id) if session else None
    return (session, group, saved.state) if session and group and saved else None


def _opaque(key: bytes, what: str) -> str:
    # Lower-case letters and digits are what every platform knows; 160 bits of them.
    digest = hmac.new(key, what.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()
