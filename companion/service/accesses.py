"""Browsers' ways in: tokens are stored hashed with a key outside the database, and each access has a connect key."""

from __future__ import annotations

import hashlib
import hmac

from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Access, AccessState, tagged
from companion.service.deps import Deps


def hash_token(deps: Deps, token: str) -> str:
    """What is kept of a token from a link or a cookie: HMAC-SHA-256, and which key it was made with."""
    return tagged(deps.sealer.subkey("tokens"), token.encode())


def hashes_of(deps: Deps, token: str) -> tuple[str, ...]:
    """What may be kept of a token: one hash with each key that there is, so that old links open after a rotation."""
    return tuple(tagged(key, token.encode()) for key in deps.sealer.subkeys("tokens"))


def access_of_token(deps: Deps, token: str) -> Access | None:
    """The access whose cookie holds this token, in whatever state."""
    return deps.store.access_by_token(*hashes_of(deps, token)) if token else None


def state_of_device(state: SessionState, access: Access) -> AccessState:
    """What the live session says of this browser; "ended" where it knows nothing of it."""
    device = next((known for known in state.seat(access.seat_id).devices if known.id == access.id), None)
    if device is None:
        return "ended"
    return "held" if device.state == "held" else "in"


def check_device(state: SessionState, access: Access) -> None:
    """Refuse a browser that the live session has sent away or holds, whatever is still written of it elsewhere."""
    found = state_of_device(state, access)
    if found != "in":
        raise Refused("device_on_hold" if found == "held" else "no_access")


def as_decided(deps: Deps, access: Access) -> Access:
    """The access as the live session has it: a decision holds even where a crash kept it from being written down."""
    saved = deps.store.load(access.session_id) if access.state in ("held", "in") else None
    if saved is None:
        return access
    decided = replace(access, state=state_of_device(saved.state, access))
    if decided.state == "ended":
        deps.store.end_accesses(access.session_id, access_id=access.id)
    elif decided != access:
        return moved_to(deps, access, decided.state)
    return decided


def moved_to(deps: Deps, access: Access, state: AccessState) -> Access:
    """The access in another state, and nothing else of it changed; one that has ended stays so."""

    def move(now: Access) -> Access | None:
        return None if now.state == "ended" else replace(now, state=state)

    return deps.store.shelf(Access).change(access.id, move) or access


def connect_key(deps: Deps, access: Access) -> str:
    """The value a page shows to prove that it was drawn for this access: no other site can know it."""
    return hmac.new(deps.sealer.signing("connect key"), access.id.encode(), hashlib.sha256).hexdigest()


def is_connect_key(deps: Deps, access: Access, value: str) -> bool:
    """Whether this is the connect key of this access."""
    return _same(value, connect_key(deps, access))


def form_tap(deps: Deps, access: Access) -> str:
    """A fresh signed value for the forms of one page: it makes their taps once-only and proves where they come from."""
    fresh = deps.fresh_id()
    return f"{fresh}.{_signature(deps, access, fresh)}"


def is_form_tap(deps: Deps, access: Access, value: str) -> bool:
    """Whether this value was made for a page of this access."""
    fresh, _, signature = value.partition(".")
    return _same(signature, _signature(deps, access, fresh))


def _signature(deps: Deps, access: Access, fresh: str) -> str:
    signed = hmac.new(deps.sealer.signing("form tap"), f"{access.id} {fresh}".encode(), hashlib.sha256)
    return signed.hexdigest()[:32]


def _same(given: str, expected: str) -> bool:
    # As bytes: text that is not plain letters cannot be compared in constant time, and would be a fault of ours.
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
