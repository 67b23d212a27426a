"""From a link to a way in: the passcode, and what guessing it is answered. Nothing here tells a link that leads
somewhere from one that does not.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown
from companion.records import Access, AccessState, Invite, StandingInvite
from companion.service import audit, gathering, links, tries
from companion.service.accesses import access_of_token, hash_token, hashes_of, state_of_device
from companion.service.aliases import AVATARS, suggestions
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.links import H, Holder
from companion.service.passcodes import new_token

ACCESS_HOURS = 12
UNCONNECTED = timedelta(minutes=15)


class WrongPasscode(Exception):
    """Not the passcode of this link; ``left`` more tries before a pause."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, slots=True)
class Entered:
    """A browser's way in, and the token for its cookie: the only moment at which the token can be read."""

    token: str
    access: Access


def enter(
    deps: Deps, guesses: Guesses, token: str, digits: str, address: str, language: str, current: Access | None = None
) -> Entered:
    """Open a link with its passcode. Raises WrongPasscode, or Refused: too_fast, passcode_retired, too_busy."""
    link = hash_token(deps, token)
    key = (link, address)
    left = guesses.begin(key, deps.clock())
    try:
        holder = links.of_token(deps, *hashes_of(deps, token))
        kept = links.passcode_of(deps, holder)
        right, last = tries.attempt(deps, guesses, link, holder, kept, digits)
    except (Refused, StoreDown):
        guesses.give_back(key)  # nothing was learnt from this try
        raise
    invite = links.invite_now(deps, holder) if holder is not None and right else None
    if holder is None or invite is None:
        raise Refused("passcode_retired") if last else WrongPasscode(left)
    guesses.forgive(key)
    links.change(deps, holder, lambda now: _opened(now, deps.clock()))
    return let_in(deps, invite, language, current, holder)


def let_in(deps: Deps, invite: Invite, language: str, current: Access | None, holder: Holder | None = None) -> Entered:
    """A way in for this browser, which is known already or not; whoever calls has made sure who she is.

    ``holder`` is the link by which she came, where she came by one.
    """
    if current is not None and _still_good(deps, invite, current):
        return renew(deps, current, current.state)  # the same browser again is no second device
    token = new_token()
    if isinstance(holder, StandingInvite):
        gathering.expect(deps, invite)  # her seat may have been made this moment
    entered = Entered(token, new_access(deps, invite, "joining", token, language, holder))
    audit.note_in_passing(deps, "joined", by=f"person {invite.person_id}", about=f"session {invite.session_id}")
    return entered


def renew(deps: Deps, access: Access, state: AccessState) -> Entered:
    """The same way in with a new token, so that a cookie seen before is worth nothing now."""
    token = new_token()
    # Open again; but she may go at once, before her page connects.
    locks_at = None if access.locks_at is None else deps.clock() + UNCONNECTED
    fresh = hash_token(deps, token)

    def renewing(now: Access) -> Access | None:
        return None if now.state == "ended" else replace(now, token_hash=fresh, state=state, locks_at=locks_at)

    renewed = deps.store.shelf(Access).change(access.id, renewing) or access
    # Whoever is in gave her passcode for this, and has to give it again to be told the new token a second time.
    in_already = access.state not in ("door", "joining")
    deps.renewals.keep(_known_as(access.token_hash, passcode=in_already), token, deps.clock())
    return Entered(token, renewed)


def renewed_already(deps: Deps, token: str, *, passcode: bool = False) -> Entered | None:
    """What ``renew`` made of this token a moment ago: a double click, or an answer that was lost on a weak signal.

    ``passcode``: the passcode is asked for as well, so also what was made of a browser that was in.
    """
    kept = hashes_of(deps, token) if token else ()
    names = [_known_as(one, passcode=given) for one in kept for given in {False, passcode}]
    found = next(filter(None, (deps.renewals.find(name, deps.clock()) for name in names)), "")
    access = access_of_token(deps, found)
    return Entered(found, access) if access is not None and access.state != "ended" else None


def new_access(
    deps: Deps, invite: Invite, state: AccessState, token: str, language: str, holder: Holder | None = None
) -> Access:
    """A fresh access for this invite, saved; ``holder`` is the link by which it came."""
    person = deps.store.person(invite.person_id)
    if person is not None and person.language != "en":
        language = person.language
    access = Access(
        deps.fresh_id(),
        hash_token(deps, token),
        invite.id,
        invite.session_id,
        invite.seat_id,
        invite.role,
        state,
        deps.clock(),
        deps.clock() + timedelta(hours=ACCESS_HOURS),
        language,
        alias=(person.alias if person else "") or suggestions(1)[0],
        avatar=secrets.choice(AVATARS),
        standing_id=holder.id if isinstance(holder, StandingInvite) else "",
    )
    deps.store.save_access(access)
    return access


def _known_as(token_hash: str, *, passcode: bool) -> str:
    return f"with its passcode {token_hash}" if passcode else token_hash


def _opened(holder: H, at: datetime) -> H:
    # Only a passcode says that a person was here: scanners fetch links and run scripts as well.
    opened = replace(tries.one_less(holder), opened_at=holder.opened_at or at)
    return replace(opened, state="opened") if holder.state in ("draft", "sent", "delivered", "bounced") else opened


def _still_good(deps: Deps, invite: Invite, current: Access) -> bool:
    if (current.session_id, current.seat_id) != (invite.session_id, invite.seat_id):
        return False
    if current.expires_at <= deps.clock() or current.state not in ("joining", "held", "in"):
        return False
    if current.state == "joining":
        return True
    saved = deps.store.load(current.session_id)
    return saved is not None and state_of_device(saved.state, current) == current.state
