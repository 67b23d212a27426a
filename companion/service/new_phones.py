"""Moving somebody to a new device: a new passcode for the link that she has, and her other browsers are out."""

from __future__ import annotations

from contextlib import suppress

from companion.core.commands import ForgetDevices
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite
from companion.service import line_callers, links
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.inviting import Issued, seats_of
from companion.service.links import H, Holder
from companion.service.passcodes import new_passcode
from companion.service.perform import perform


def move(deps: Deps, holder_id: str) -> Issued[Holder]:
    """She has a new device: a new passcode for the same link, and her other browsers are out. Her place is kept."""
    holder = links.known(deps, holder_id)
    if not links.opens(deps, holder) or not holder.passcode_hash:
        raise Refused("no_access")
    issued = _with_new_passcode(deps, holder)
    for seat in seats_of(deps, holder):
        _end_browsers(deps, seat)
    return issued


def _with_new_passcode(deps: Deps, known: H) -> Issued[H]:
    passcode = new_passcode()
    passcode_hash = deps.hasher.hash(passcode)

    def fresh(now: H) -> H:
        return replace(now, passcode_hash=passcode_hash, failures=0, retired=False, failed_at=(), passcode_problem="")

    return Issued(links.change(deps, known, fresh) or known, "", passcode)


def _end_browsers(deps: Deps, seat: Invite) -> None:
    with suppress(Refused):
        perform(deps, seat.session_id, ForgetDevices(seat.seat_id), by=SYSTEM)
    line_callers.forget_hers(deps, seat)
    ended = deps.store.end_accesses(seat.session_id, seat_id=seat.seat_id)
    cut(deps, tuple(ended), "access_expired")
