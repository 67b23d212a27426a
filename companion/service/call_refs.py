"""By which names platforms know rooms, calls and people: opaque, and not to be worked out from what panels show."""

from __future__ import annotations

import base64
import hashlib
import hmac

from companion.core.model import SessionState
from companion.ports import Attendee, CallPlan, Room
from companion.records import PlannedSession
from companion.service.deps import Deps


def room_of(deps: Deps, session: PlannedSession, one_to_one: str = "") -> Room:
    """A room nobody can work out from ids that stand on panels: one a session, and one for each one-to-one."""
    return room_named(deps, session.id, one_to_one)


def room_named(deps: Deps, session_id: str, one_to_one: str = "") -> Room:
    """The same, by the session's id."""
    what = f"private {session_id} {one_to_one}" if one_to_one else f"session {session_id}"
    return Room(_opaque(deps.sealer.signing("private rooms"), what), private=bool(one_to_one))


def attendee(deps: Deps, state: SessionState, seat_id: str) -> Attendee:
    """What the platform learns: the name she chose, and a reference that fits this seat on this evening alone."""
    seat = state.seat(seat_id)
    return Attendee(ref_of(deps, state.id, seat_id), seat.alias, seat.role == "facilitator")


def ref_of(deps: Deps, session_id: str, seat_id: str) -> str:
    """The reference by which a platform's people are matched to seats."""
    return _opaque(deps.sealer.signing("people in calls"), f"{session_id} {seat_id}")


def plan_of(deps: Deps, session: PlannedSession) -> CallPlan:
    """The call of a session as a platform is to plan it; its key is the name of its room."""
    return CallPlan(room_of(deps, session).ref, session.starts_at, session.minutes)


def place_id(deps: Deps, session_id: str, seat_id: str) -> str:
    """The id of somebody's place in a planned call."""
    return _opaque(deps.sealer.signing("people in calls"), f"place {session_id} {seat_id}")


def task_id(deps: Deps, what: str, platform_id: str, session_id: str, argument: str) -> str:
    """The id of a task: the same for the same, and it tells nobody what its argument is."""
    return _opaque(deps.sealer.signing("call tasks"), f"{what} {platform_id} {session_id} {argument}")


def _opaque(key: bytes, what: str) -> str:
    # Lower-case letters and digits are what every platform knows; 160 bits of them.
    digest = hmac.new(key, what.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()
