"""Locks a browser that has gone silent: its cookie alone then opens nothing, and its passcode does.

Whoever closes her page, or leaves without a connection, cannot tell us. So a browser that runs script, and so has a
heartbeat, is locked once it has been silent for a while. Its seat and all that belongs to it stay as they are, and a
page that is still open reconnects by its key. A browser without script has no heartbeat and is never locked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Access
from companion.service import alarms, links, tries
from companion.service.accesses import access_of_token, as_decided
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.joining import Entered, WrongPasscode, renew, renewed_already

SILENT_SECONDS = 45
# An old phone throws a page away as soon as its owner turns to the call; so a page says when it goes out of sight.
RESTING_SECONDS = 900
READING_SECONDS = 900  # on another page of ours, which has no heartbeat


def heard(deps: Deps, access_ids: Collection[str]) -> None:
    """Something is heard of these browsers now."""
    at = deps.clock() + timedelta(seconds=SILENT_SECONDS)
    deps.store.lock_all([(access_id, at) for access_id in sorted(access_ids)])


def silent_from(heard_at: datetime, *, resting: bool) -> datetime:
    """When a browser is locked whose page has gone, which was last heard then and may have been out of sight."""
    return heard_at + timedelta(seconds=RESTING_SECONDS if resting else SILENT_SECONDS)


def went(deps: Deps, silences: Sequence[tuple[str, datetime]]) -> None:
    """Pages of these browsers have gone; each is locked at its time."""
    # She may be reading another page of ours already, which is allowed to take longer.
    deps.store.lock_all(silences, later=True)


def is_locked(deps: Deps, access: Access) -> bool:
    """Whether this browser has to show its passcode again."""
    if access.locks_at is None or access.locks_at > deps.clock():
        return False
    return not deps.store.connected(access.id)


def reads_on(deps: Deps, access: Access) -> None:
    """She reads another page of ours: nothing is heard of her meanwhile, and that is no silence."""
    if not is_locked(deps, access):
        put_off(deps, access)


def panel_is_read(deps: Deps, access: Access) -> None:
    """Her own page is drawn. It brings a connection, which will do the rest; but where none gets through, she has been
    given more time than a silent page gets, and goes on having it.
    """
    if access.locks_at is not None and access.locks_at > deps.clock() + timedelta(seconds=SILENT_SECONDS):
        put_off(deps, access)


def put_off(deps: Deps, access: Access) -> None:
    """She was heard of without a connection."""
    soon = deps.clock() + timedelta(seconds=READING_SECONDS / 2)
    if access.locks_at is not None and access.locks_at < soon:
        deps.store.lock_at(access.id, deps.clock() + timedelta(seconds=READING_SECONDS))


def unlock(deps: Deps, guesses: Guesses, token: str, digits: str, address: str) -> Entered:
    """Open a locked browser with the passcode of its invite, guesses counted as at the door.

    Raises WrongPasscode, or Refused: too_fast, passcode_retired, no_access, too_busy.
    """
    again = renewed_already(deps, token, passcode=True)
    access = again.access if again else access_of_token(deps, token)
    if access is None or access.state not in ("held", "in") or access.expires_at <= deps.clock():
        raise Refused("no_access")
    holder = links.of_access(deps, access)
    if holder is None or not links.still_opens(deps, access):
        raise Refused("no_access")
    key = (holder.token_hash, address)
    left = guesses.begin(key, deps.clock())
    try:
        right, last = tries.attempt(deps, guesses, holder.token_hash, holder, holder.passcode_hash, digits)
    except (Refused, StoreDown):
        guesses.give_back(key)  # nothing was learnt from this try
        raise
    if not right:
        alarms.wrong_at(deps, access.session_id, access.seat_id)
        raise Refused("passcode_retired") if last else WrongPasscode(left)
    tries.give_back(deps, guesses, holder.token_hash, holder)
    guesses.forgive(key)
    if again:
        return again
    decided = as_decided(deps, access)
    return renew(deps, decided, decided.state)
