"""Carries out what the core asked for, after the commit. Each is safe to do twice, and what a crash leaves undone
does no harm: a browser is looked up in the live session whatever is written of it (``accesses``), and a closed session
is written down once more before it is destroyed (``closing``).
"""

from __future__ import annotations

from collections.abc import Sequence

from companion.core.effects import Effect, EndAccess, EndDevice, LetDeviceIn, SessionClosed
from companion.core.values import replace
from companion.records import Access, Invite, PlannedSession
from companion.service import audit, call_tasks
from companion.service.cutting import cut
from companion.service.deps import Deps


def carry_out(deps: Deps, session_id: str, effects: Sequence[Effect], *, by: str = "") -> None:
    """Do what the core asked for. ``by`` is the seat that gave the command."""
    for effect in effects:
        match effect:
            case EndAccess(seat=seat, for_good=for_good):
                _end_access(deps, session_id, seat, by if for_good else None)
            case EndDevice(device=device):
                cut(deps, tuple(deps.store.end_accesses(session_id, access_id=device)), "access_expired")
            case LetDeviceIn(device=device):
                _let_device_in(deps, device)
            case SessionClosed(came=came, waits=waits):
                _close(deps, session_id, came, waits)


def _end_access(deps: Deps, session_id: str, seat_id: str, removed_by: str | None) -> None:
    ended = deps.store.end_accesses(session_id, seat_id=seat_id)
    invite = deps.store.invite_of_seat(session_id, seat_id) if removed_by is not None else None
    if invite is not None and invite.state != "revoked":
        deps.store.shelf(Invite).change(invite.id, lambda now: replace(now, state="revoked"))
        audit.note_in_passing(deps, "removed", by=f"seat {removed_by}", about=f"person {invite.person_id}")
    cut(deps, tuple(ended), "access_expired")


def _let_device_in(deps: Deps, device: str) -> None:
    deps.store.shelf(Access).change(device, _let_in)


def _let_in(access: Access) -> Access | None:
    if access.state == "held":
        return replace(access, state="in")
    return replace(access, state="joining", by_voice=True) if access.state == "door" else None


def _close(deps: Deps, session_id: str, came: int, waits: tuple[int, ...]) -> None:
    now, mean = deps.clock(), sum(waits) // len(waits) if waits else None
    deps.store.shelf(PlannedSession).change(
        session_id, lambda one: replace(one, phase="closed", closed_at=now, came=came, mean_ticket_wait_seconds=mean)
    )
    call_tasks.end_call(deps, session_id)
    # Facilitators keep their page for the debrief until the live data is destroyed.
    ended: list[str] = []
    for invite in deps.store.invites(session_id):
        if invite.role != "facilitator":
            ended += deps.store.end_accesses(session_id, seat_id=invite.seat_id)
    cut(deps, tuple(ended), "session_closed")
