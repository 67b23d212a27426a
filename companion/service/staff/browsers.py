"""The browsers that somebody signed in with: each has a row here, and a token in its cookie that is kept hashed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import UpTo
from companion.records import Account, StaffSession
from companion.records.staff import Stage
from companion.service.accesses import hash_token, hashes_of
from companion.service.deps import Deps
from companion.service.passcodes import new_token
from companion.service.staff_log import note

IDLE = timedelta(minutes=15)
LIFE = {"code": timedelta(minutes=10), "setup": timedelta(hours=1), "in": timedelta(hours=12)}
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed-in browser and the token for its cookie: the only moment at which it can be read."""

    session: StaffSession
    token: str
    proof: str = ""  # for the second cookie, where she has just proved who she is


def begin(deps: Deps, account: Account, stage: Stage, browser: str) -> Opened:
    """A new browser at this stage of signing in."""
    token, now = new_token(), deps.clock()
    deps.store.shelf(StaffSession).remove(expires_at=UpTo(now))
    session = StaffSession(
        deps.fresh_id(), account.id, hash_token(deps, token), stage, browser, now, now, now + LIFE[stage]
    )
    deps.store.shelf(StaffSession).put(session)
    return Opened(session, token)


def find(deps: Deps, token: str) -> StaffSession | None:
    """The browser whose cookie holds this token, unless its time is over."""
    found = deps.store.shelf(StaffSession).find(token_hash=hashes_of(deps, token)) if token else ()
    return next((session for session in found if session.expires_at > deps.clock()), None)


def find_renewed(deps: Deps, token: str) -> StaffSession | None:
    """The browser whose token was replaced a moment ago: a double click, or an answer that was lost on the way.

    Only for forms that ask for the password once more: for everything else the old token is worth nothing at once.
    """
    return find(deps, deps.renewals.find(_known_as(hash_token(deps, token)), deps.clock()))


def is_locked(deps: Deps, session: StaffSession) -> bool:
    """Whether nothing was heard of it for so long that the password is asked for again."""
    return session.stage == "in" and deps.clock() - session.seen_at >= IDLE


def seen(deps: Deps, session: StaffSession) -> None:
    """It asked for a page just now."""
    now = deps.clock()
    deps.store.shelf(StaffSession).change(session.id, lambda kept: replace(kept, seen_at=now))


def enter(deps: Deps, session: StaffSession) -> Opened:
    """Every factor was given: signed in, with a new token."""
    opened = _renew(deps, session, lambda kept: replace(kept, stage="in", expires_at=deps.clock() + LIFE["in"]))
    note(deps, "signed_in", by=session.account_id)
    return opened


def unlock(deps: Deps, session: StaffSession) -> Opened:
    """Open again, with a new token; its life is not longer for it."""
    note(deps, "unlocked", by=session.account_id)
    return _renew(deps, session, lambda kept: kept)


def prove(deps: Deps, session: StaffSession) -> Opened:
    """She has just proved once more who she is: contacts are open to this browser for a few minutes."""
    proof, now = new_token(), deps.clock()
    known = hash_token(deps, proof)
    note(deps, "proved", by=session.account_id)
    return replace(_renew(deps, session, lambda kept: replace(kept, proof_hash=known, proved_at=now)), proof=proof)


def is_proved(deps: Deps, session: StaffSession, proof: str) -> bool:
    """Whether this browser holds the proof of the last few minutes; the cookie of signing in does not."""
    if not proof or session.proved_at is None or deps.clock() - session.proved_at >= FRESH:
        return False
    return session.proof_hash in hashes_of(deps, proof)


def of_account(deps: Deps, account_id: str) -> list[StaffSession]:
    """Her browsers, the last seen first."""
    found = deps.store.shelf(StaffSession).find(account_id=account_id, stage="in")
    alive = [session for session in found if session.expires_at > deps.clock()]
    return sorted(alive, key=lambda session: session.seen_at, reverse=True)


def end(deps: Deps, session_id: str, account_id: str) -> None:
    """This browser of hers is out."""
    if deps.store.shelf(StaffSession).remove(id=session_id, account_id=account_id):
        note(deps, "session_ended", by=account_id)


def end_by_token(deps: Deps, token: str) -> None:
    """The browser whose cookie holds this token is out."""
    session = find(deps, token)
    if session is not None:
        end(deps, session.id, session.account_id)


def end_all(deps: Deps, account_id: str, *, but: str = "") -> None:
    """All her browsers are out, perhaps but for one."""
    shelf = deps.store.shelf(StaffSession)
    for session in shelf.find(account_id=account_id):
        if session.id != but:
            shelf.remove(id=session.id)
    note(deps, "sessions_ended", by=account_id)


def _renew(deps: Deps, session: StaffSession, how: Callable[[StaffSession], StaffSession]) -> Opened:
    token, now = new_token(), deps.clock()
    renewed = deps.store.shelf(StaffSession).change(
        session.id, lambda kept: replace(how(kept), token_hash=hash_token(deps, token), seen_at=now)
    )
    if renewed is None:
        raise Refused("no_access")  # it was ended meanwhile
    deps.renewals.keep(_known_as(session.token_hash), token, now)
    return Opened(renewed, token)


def _known_as(token_hash: str) -> str:
    return f"desk {token_hash}"
