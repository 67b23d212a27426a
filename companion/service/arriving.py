"""From the passcode to a seat: the steps of joining, in their order, and arriving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from companion.core.commands import Arrive
from companion.core.model import SYSTEM, TakesPart
from companion.core.refusals import Refused
from companion.records import Access, Invite
from companion.service import consents, gathering
from companion.service.accesses import moved_to, state_of_device
from companion.service.aliases import AVATARS
from companion.service.deps import Deps
from companion.service.joining import Entered, leads_somewhere, renew
from companion.service.perform import perform

STEPS = ("private_space", "who_sees", "agreement", "alias")


@dataclass(frozen=True, slots=True)
class Doors:
    """What somebody hears who has done every step and is not in yet."""

    starts_at: datetime | None
    open: bool
    over: bool


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

    def done(now: Access) -> Access | None:
        if now.state != "joining":  # a second press of the same button: she is in already, or out
            return None
        return replace(
            now,
            steps=tuple(dict.fromkeys((*now.steps, step))),
            alias=now.alias if alias is None else alias,
            avatar=avatar if avatar is not None and avatar in AVATARS else now.avatar,
            takes_part=takes_part or now.takes_part,
            language=language or now.language,
        )

    kept = deps.store.shelf(Access).change(access.id, done) or access
    if step == "agreement" and step in kept.steps:
        consents.give_from(deps, kept, "agreement")
    return kept


def doors(deps: Deps, access: Access) -> Doors:
    """Whether the doors are open, are still to open, or have closed for good."""
    planned = deps.store.session(access.session_id)
    saved = deps.store.load(access.session_id)
    over = planned is None or planned.closed_at is not None or (saved is not None and saved.state.phase == "closed")
    ready = saved is not None and (saved.state.phase != "planned" or access.role != "member")
    return Doors(planned.starts_at if planned else None, ready and not over, over)


def own_name(deps: Deps, access: Access) -> str:
    """Her own name, for the warning about an alias alone; it goes into no page."""
    invite = deps.store.invite(access.invite_id)
    person = deps.store.person(invite.person_id) if invite else None
    return person.name if person else ""


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
    entered = renew(deps, access, state_of_device(performed.state, access))
    return _look_again(deps, entered)


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
        if used:
            deps.store.shelf(Invite).change(invite.id, lambda now: _used(now, deps.clock()))


def _used(now: Invite, at: datetime) -> Invite | None:
    return None if now.used_at or now.state == "revoked" else replace(now, state="used", used_at=at)


def _look_again(deps: Deps, entered: Entered) -> Entered:
    # Somebody may have revoked the invite, or decided about this device, while it was being written down.
    access = entered.access
    _check_still_invited(deps, access, used=False)
    saved = deps.store.load(access.session_id)
    state = state_of_device(saved.state, access) if saved else "ended"
    if state == "ended":
        deps.store.end_accesses(access.session_id, access_id=access.id)
        raise Refused("no_access")
    if state != access.state:
        access = moved_to(deps, access, state)
    return Entered(entered.token, access)


def _takes_part(value: str) -> TakesPart:
    return value if value in ("video", "audio", "text", "phone") else "video"  # type: ignore[return-value]
