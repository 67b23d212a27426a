"""Which call, or which number that texts, belongs to whom this evening. What is kept are keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from companion.core import keys
from companion.core.model import Seat, SessionState
from companion.core.refusals import Refused
from companion.ports import Heard
from companion.records import Invite, LineCaller, Person
from companion.service import line_tries, links
from companion.service.deps import Deps


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody's invite to the evening that is on, and how the evening and her seat are."""

    invite: Invite
    state: SessionState
    seat: Seat


def tonight(deps: Deps, person: Person | None) -> Found | None:
    """Her seat on the evening of her group that is on now. For nobody it costs about as much."""
    for session_id in deps.store.live():
        session = deps.store.session(session_id)
        if person is None or session is None or session.group_id != person.group_id:
            continue
        for invite in deps.store.invites(session_id):
            found = _found(deps, invite) if invite.person_id == person.id else None
            if found is not None:
                return found
    deps.store.invites("nowhere")
    deps.store.load("nowhere")
    return None


def known(deps: Deps, heard: Heard) -> Found | None:
    """Whose call or number this is, if her evening is still on and her invite still good."""
    caller = deps.store.shelf(LineCaller).get(hashed(deps, heard.who))
    invite = deps.store.invite(caller.invite_id) if caller else None
    found = _found(deps, invite) if invite else None
    if caller is None or found is None or not caller.device:
        return found
    # A facilitator may have sent it away, for a page that came later.
    return found if any(device.id == caller.device for device in found.seat.devices) else None


def keep(deps: Deps, heard: Heard, invite: Invite, device: str) -> None:
    """From now on this call or number is hers, until the evening is over; ``device``: as which she arrived by it."""
    kept = LineCaller(hashed(deps, heard.who), invite.id, invite.session_id, deps.clock(), device)
    deps.store.shelf(LineCaller).put(kept)


def device_of(deps: Deps, heard: Heard) -> str:
    """As which device somebody arrives by this call or number."""
    return f"line-{hashed(deps, f'device {heard.who}')[:32]}"


def forget_hers(deps: Deps, invite: Invite) -> None:
    """Whoever is in by her digits has to give them again."""
    deps.store.shelf(LineCaller).remove(invite_id=invite.id)


def forget(deps: Deps, session_id: str) -> None:
    """The evening is over: who called is known no longer."""
    deps.store.shelf(LineCaller).remove(session_id=session_id)
    line_tries.forget_old(deps)


def hashed(deps: Deps, who: str) -> str:
    """What is kept of a call, a number or a message."""
    return hmac.new(deps.sealer.signing("line callers"), who.encode(), hashlib.sha256).hexdigest()


def _found(deps: Deps, invite: Invite) -> Found | None:
    saved = deps.store.load(invite.session_id)
    if saved is None or not keys.are_heard(saved.state) or invite.role != "member" or not links.opens(deps, invite):
        return None
    try:
        seat = saved.state.seat(invite.seat_id)
    except Refused:
        return None
    return None if seat.removed else Found(invite, saved.state, seat)
