"""What platforms report of who is in the call: facilitators see it, and private rooms stay private."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from companion.core.commands import NoticeCaller
from companion.core.model import SYSTEM, InTheCall
from companion.core.refusals import Refused
from companion.ports import BadReport, CallEvent, Hook
from companion.ports.calls import CallEventKind
from companion.records import CallPlace, HeldCall, PlannedSession, Platform, SeenReport
from companion.service.call_refs import ref_of, room_of
from companion.service.deps import Deps
from companion.service.perform import perform

WHERE: dict[CallEventKind, InTheCall] = {
    "joined": "call",
    "admitted": "call",
    "waiting": "waiting",
    "room_joined": "room",
    "room_left": "call",
    "left": "gone",
}


def receive(deps: Deps, platform_id: str, hook: Hook) -> Mapping[str, str]:
    """A request to an account's address for reports; what to answer. Raises BadReport, and changes nothing then."""
    platform = deps.store.shelf(Platform).get(platform_id)
    if platform is None:
        raise BadReport("forged")
    reply = deps.calls.on(platform).receive(hook)
    for event in reply.events:
        _take(deps, platform, event)
    return reply.body


def _take(deps: Deps, platform: Platform, event: CallEvent) -> None:
    seen = hashlib.sha256(f"call {platform.id} {event.once}".encode()).hexdigest()
    if deps.store.shelf(SeenReport).get(seen) is not None:
        raise BadReport("replayed")
    session = _session_of(deps, platform, event.call)
    if session is None:
        raise BadReport("unknown")
    # The session may have ended between the two looks: then there is nobody to tell.
    with suppress(Refused):
        _note(deps, session, event)
    deps.store.shelf(SeenReport).put(SeenReport(seen, deps.clock()))  # only now: if we die before, it is told again


def _note(deps: Deps, session: PlannedSession, event: CallEvent) -> None:
    if event.kind == "ended":
        _all_gone(deps, session.id, event.at)
    elif event.kind in WHERE and event.person:
        caller = _caller(deps, session.id, event.who)
        noticed = NoticeCaller(event.person, WHERE[event.kind], caller, event.name, event.at)
        perform(deps, session.id, noticed, by=SYSTEM)


def _all_gone(deps: Deps, session_id: str, at: datetime) -> None:
    saved = deps.store.load(session_id)
    for one in saved.state.in_call if saved else ():
        perform(deps, session_id, NoticeCaller(one.person, "gone", happened_at=at), by=SYSTEM)


def _session_of(deps: Deps, platform: Platform, call: str) -> PlannedSession | None:
    # Rooms of one-to-ones are not looked for: who meets whom is nobody's business, a facilitator's neither.
    for session_id in deps.store.live():
        session = deps.store.session(session_id)
        group = deps.store.group(session.group_id) if session else None
        if session is None or group is None or group.settings.platform != platform.id:
            continue
        held = deps.store.shelf(HeldCall).get(session_id)
        if call in (room_of(deps, session).ref, held.ref if held and held.platform_id == platform.id else None):
            return session
    return None


def _caller(deps: Deps, session_id: str, who: str) -> str:
    # A planned call knows her by the place that she was given in it.
    places = deps.store.shelf(CallPlace).find(session_id=session_id) if who else ()
    place = next((one for one in places if one.ref == who), None)
    return ref_of(deps, session_id, place.seat_id) if place else who
