"""The end of a session: within a minute of closing its live data is destroyed and every browser of it is out."""

from __future__ import annotations

import logging
from datetime import timedelta

from companion.core.room import what_remains
from companion.core.values import replace
from companion.records import Access, PlannedSession
from companion.service import line_callers, planned_calls
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.effects import carry_out

log = logging.getLogger("companion.closing")
HOST_MINUTES = 30


def destroy(deps: Deps, session_id: str) -> None:
    """Destroy what was live. Facilitators keep a page that holds counts alone, until their access runs out."""
    _write_down_once_more(deps, session_id)
    planned_calls.forget(deps, session_id)
    line_callers.forget(deps, session_id)  # before the files are scrubbed
    with deps.locks.of(session_id):
        deps.store.destroy(session_id)
    planned_calls.forget(deps, session_id)  # an answer of a platform may have come in between
    now = deps.clock()
    deps.store.shelf(PlannedSession).change(
        session_id, lambda one: replace(one, phase="closed", closed_at=one.closed_at or now, destroyed_at=now)
    )
    members = [invite.seat_id for invite in deps.store.invites(session_id) if invite.role != "facilitator"]
    ended = [access for seat_id in members for access in deps.store.end_accesses(session_id, seat_id=seat_id)]
    cut(deps, (*ended, *_shorten_hosts(deps, session_id)), "session_closed")
    log.info("a closed session's live data was destroyed")


def _write_down_once_more(deps: Deps, session_id: str) -> None:
    # A crash just after closing: the plan does not know yet, and afterwards nobody could tell how many came.
    planned, saved = deps.store.session(session_id), deps.store.load(session_id)
    if planned is not None and planned.closed_at is None and saved is not None:
        carry_out(deps, session_id, (what_remains(saved.state),))


def _shorten_hosts(deps: Deps, session_id: str) -> list[str]:
    until = deps.clock() + timedelta(minutes=HOST_MINUTES)
    hosts = [
        access
        for invite in deps.store.invites(session_id)
        if invite.role == "facilitator"
        for access in deps.store.accesses_of_seat(session_id, invite.seat_id)
    ]
    for access in hosts:
        deps.store.shelf(Access).change(access.id, lambda now: replace(now, expires_at=min(now.expires_at, until)))
    return [access.id for access in hosts]
