"""Locks a browser that has gone silent: its cookie alone then opens nothing, and its passcode does.

Whoever closes her page, or leaves without a connection, cannot tell us. So a browser that runs script, and so has a
heartbeat, is locked once it has been silent for a while. Its seat and all that belongs to it stay as they are, and a
page that is still open reconnects by its key. A browser without script has no heartbeat and is never locked.
"""

from __future__ import annotations

from datetime import timedelta

from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Access
from companion.service import inviting
from companion.service.accesses import as_decided
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.joining import Entered, WrongPasscode, leads_somewhere, renew

SILENT_SECONDS = 45
# An old phone throws a page away as soon as its owner turns to the call; so a page says when it goes out of sight.
RESTING_SECONDS = 900
READING_SECONDS = 900  # on another page of ours, which has no heartbeat


def heard(deps: Deps, access_id: str) -> None:
    """Something is heard of a browser now."""
    deps.store.lock_at(access_id, deps.clock() + timedelta(seconds=SILENT_SECONDS))


def went(deps: Deps, access: Access, *, ago: int = 0, resting: bool = False) -> None:
    """A page of this browser has gone, so many seconds ago; it may have been out of sight (``resting``)."""
    at = deps.clock() + timedelta(seconds=(RESTING_SECONDS if resting else SILENT_SECONDS) - ago)
    # She may be reading another page of ours already, which is allowed to take longer.
    if access.locks_at is None or access.locks_at < at:
        deps.store.lock_at(access.id, at)


def is_locked(deps: Deps, access: Access) -> bool:
    """Whether this browser has to show its passcode again."""
    if access.locks_at is None or access.locks_at > deps.clock():
        return False
    return not deps.store.connected(access.id)


def reads_on(deps: Deps, access: Access) -> None:
    """She reads another page of ours: nothing is heard of her meanwhile, and that is no silence."""
    soon = deps.clock() + timedelta(seconds=READING_SECONDS / 2)
    if access.locks_at is not None and access.locks_at < soon and not is_locked(deps, access):
        deps.store.lock_at(access.id, deps.clock() + timedelta(seconds=READING_SECONDS))


def unlock(deps: Deps, guesses: Guesses, access: Access, digits: str, address: str) -> Entered:
    """Open a locked browser with the passcode of its invite, guesses counted as at the door.

    Raises WrongPasscode, or Refused: too_fast, passcode_retired, no_access, too_busy.
    """
    invite = deps.store.invite(access.invite_id)
    if invite is None or not leads_somewhere(deps, invite):
        raise Refused("no_access")
    key = (invite.token_hash, address)
    left = guesses.begin(key, deps.clock())
    if invite.retired:
        guesses.give_back(key)
        raise Refused("passcode_retired")
    try:
        right = deps.hasher.verify(invite.passcode_hash, digits)
    except (Refused, StoreDown):
        guesses.give_back(key)  # nothing was learnt from this try
        raise
    if not right:
        if deps.store.count_failure(invite.id, inviting.RETIRE_AT).retired:
            raise Refused("passcode_retired")
        raise WrongPasscode(left)
    guesses.forgive(key)
    decided = as_decided(deps, access)
    return renew(deps, decided, decided.state)
