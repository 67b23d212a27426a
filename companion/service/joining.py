"""From a link to a seat: the passcode, the steps of joining, and taking the seat. What it shows never tells a link that
leads somewhere from one that does not.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from companion.core.commands import Arrive
from companion.core.model import SYSTEM, SessionState, TakesPart
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Access, AccessState, Invite
from companion.service import gathering, inviting
from companion.service.accesses import hash_token
from companion.service.aliases import AVATARS, suggestions
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.passcodes import new_token
from companion.service.perform import perform

ACCESS_HOURS = 12
AFTER_THE_END = timedelta(minutes=30)
STEPS = ("private_space", "who_sees", "agreement", "alias")


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
        invite = deps.store.invite_by_token(link)
        right = _is_right(deps, guesses, link, invite, digits)
    except (Refused, StoreDown):
        guesses.give_back(key)  # nothing was learnt from this try
        raise
    if invite is None or not right:
        if _count_failure(deps, guesses, link, invite):
            raise Refused("passcode_retired")
        raise WrongPasscode(left)
    guesses.forgive(key)
    return _open(deps, invite, language, current)


def leads_somewhere(deps: Deps, invite: Invite) -> bool:
    """Whether this invite still opens a session."""
    if invite.state == "revoked" or invite.expires_at <= deps.clock():
        return False
    session = deps.store.session(invite.session_id)
    return session is not None and (session.closed_at is None or deps.clock() < session.closed_at + AFTER_THE_END)


def next_step(access: Access) -> str:
    """The step of joining that comes now; "enter" when all are done. Staff come in by their invite alone."""
    if access.role != "member":
        return "enter"
    return next((step for step in STEPS if step not in access.steps), "enter")


def finish_step(
    deps: Deps,
    access: Access,
    step: str,
    *,
    alias: str | None = None,
    avatar: int | None = None,
    takes_part: TakesPart | None = None,
    language: str | None = None,
) -> Access:
    """Keep that a step is done and what was chosen in it; a step cannot be jumped over."""
    if any(earlier not in access.steps for earlier in STEPS[: STEPS.index(step)]):
        raise Refused("step_missing")
    done = replace(
        access,
        steps=tuple(dict.fromkeys((*access.steps, step))),
        alias=access.alias if alias is None else alias,
        avatar=avatar if avatar is not None and avatar in AVATARS else access.avatar,
        takes_part=takes_part or access.takes_part,
        language=language or access.language,
    )
    deps.store.save_access(done)
    return done


def take_seat(deps: Deps, access: Access) -> Entered:
    """All steps are done: arrive. Members wait to be let in by name; a second device waits for a facilitator."""
    if next_step(access) != "enter":
        raise Refused("step_missing")
    _check_begun(deps, access)
    _check_still_invited(deps, access, used=True)
    command = Arrive(
        access.seat_id, access.id, access.alias, access.avatar, access.language, _takes_part(access.takes_part)
    )
    performed = perform(deps, access.session_id, command, by=SYSTEM)
    entered = renew(deps, access, _state_of_device(performed.state, access))
    return _look_again(deps, entered)


def renew(deps: Deps, access: Access, state: AccessState) -> Entered:
    """The same way in with a new token, so that a cookie seen before is worth nothing now."""
    token = new_token()
    renewed = replace(access, token_hash=hash_token(deps, token), state=state)
    deps.store.save_access(renewed)
    return Entered(token, renewed)


def new_access(deps: Deps, invite: Invite, state: AccessState, token: str, language: str) -> Access:
    """A fresh access for this invite, saved."""
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
    )
    deps.store.save_access(access)
    return access


def _is_right(deps: Deps, guesses: Guesses, link: str, invite: Invite | None, digits: str) -> bool:
    retired = invite.retired if invite else guesses.of_nowhere(link) >= inviting.RETIRE_AT
    if retired:
        raise Refused("passcode_retired")
    kept = invite.passcode_hash if invite and leads_somewhere(deps, invite) else ""
    return deps.hasher.verify(kept, digits)


def _count_failure(deps: Deps, guesses: Guesses, link: str, invite: Invite | None) -> bool:
    if invite is not None:
        return deps.store.count_failure(invite.id, inviting.RETIRE_AT).retired
    deps.store.ready()  # costs the database what counting costs, so that the answer takes as long
    return guesses.count_nowhere(link) >= inviting.RETIRE_AT


def _open(deps: Deps, invite: Invite, language: str, current: Access | None) -> Entered:
    if current is not None and _still_good(deps, invite, current):
        return renew(deps, current, current.state)  # the same browser again is no second device
    token = new_token()
    return Entered(token, new_access(deps, invite, "joining", token, language))


def _still_good(deps: Deps, invite: Invite, current: Access) -> bool:
    if (current.session_id, current.seat_id) != (invite.session_id, invite.seat_id):
        return False
    if current.expires_at <= deps.clock() or current.state not in ("joining", "held", "in"):
        return False
    if current.state == "joining":
        return True
    saved = deps.store.load(current.session_id)
    return saved is not None and _state_of_device(saved.state, current) == current.state


def _check_begun(deps: Deps, access: Access) -> None:
    if gathering.is_live(deps, access.session_id):
        return
    planned = deps.store.session(access.session_id)
    over = planned is None or planned.closed_at is not None
    raise Refused("session_closed" if over else "session_not_open")


def _check_still_invited(deps: Deps, access: Access, *, used: bool) -> None:
    with deps.locks.of(f"invite {access.invite_id}"):
        invite = deps.store.invite(access.invite_id)
        if invite is None or not leads_somewhere(deps, invite):
            deps.store.end_accesses(access.session_id, access_id=access.id)
            raise Refused("no_access")
        if used and invite.used_at is None:
            deps.store.save_invite(replace(invite, state="used", used_at=deps.clock()))


def _state_of_device(state: SessionState, access: Access) -> AccessState:
    device = next((known for known in state.seat(access.seat_id).devices if known.id == access.id), None)
    if device is None:
        return "ended"
    return "held" if device.state == "held" else "in"


def _look_again(deps: Deps, entered: Entered) -> Entered:
    # Somebody may have revoked the invite, or decided about this device, while it was being written down.
    access = entered.access
    _check_still_invited(deps, access, used=False)
    saved = deps.store.load(access.session_id)
    state = _state_of_device(saved.state, access) if saved else "ended"
    if state == "ended":
        deps.store.end_accesses(access.session_id, access_id=access.id)
        raise Refused("no_access")
    if state != access.state:
        access = replace(access, state=state)
        deps.store.save_access(access)
    return Entered(entered.token, access)


def _takes_part(value: str) -> TakesPart:
    return value if value in ("video", "audio", "text", "phone") else "video"  # type: ignore[return-value]
