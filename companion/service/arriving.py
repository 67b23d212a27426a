"""From the passcode to a seat: the steps of joining, in their order, and arriving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.commands import Arrive
from companion.core.model import SYSTEM, TakesPart
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Access, Invite, Person, StandingInvite
from companion.service import consents, dates, gathering, links, planned_calls
from companion.service.accesses import moved_to, state_of_device
from companion.service.aliases import AVATARS
from companion.service.call_refs import ref_of
from companion.service.deps import Deps
from companion.service.joining import ACCESS_HOURS, Entered, renew
from companion.service.links import H
from companion.service.perform import perform

WITHOUT_CUES = "without_cues"  # kept beside the steps: for today facilitators see nothing of her card
EARLY = timedelta(hours=ACCESS_HOURS)
STEPS = ("private_space", "who_sees", "agreement", "alias")


@dataclass(frozen=True, slots=True)
class Doors:
    """What somebody hears who has done every step and is not in yet."""

    starts_at: datetime | None
    open: bool
    over: bool
    cancelled: bool = False
    zone: str = dates.HOME  # on whose clock she reads when it begins


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
    shares_cues: bool = True,
) -> Access:
    """Keep that a step is done and what was chosen in it; a step cannot be jumped over."""
    if any(earlier not in access.steps for earlier in STEPS[: STEPS.index(step)]):
        raise Refused("step_missing")

    def done(now: Access) -> Access | None:
        if now.state != "joining":  # a second press of the same button: she is in already, or out
            return None
        return replace(
            now,
            steps=tuple(dict.fromkeys((*now.steps, step, *(() if shares_cues else (WITHOUT_CUES,))))),
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
    cancelled = planned is not None and planned.cancelled_at is not None
    group = deps.store.group(planned.group_id) if planned else None
    zone = group.settings.zone if group else dates.HOME
    return Doors(planned.starts_at if planned else None, ready and not over, over, cancelled, zone)


def too_soon(deps: Deps, access: Access) -> bool:
    """Whether the steps are for another day: her way in would run out before the doors open, or there is no evening."""
    planned = deps.store.session(access.session_id)
    if planned is None or gathering.is_live(deps, access.session_id):
        return False
    return planned.cancelled_at is not None or planned.starts_at - deps.clock() > EARLY


def own_name(deps: Deps, access: Access) -> str:
    """Her own name, for the warning about an alias alone; it goes into no page."""
    person = _person(deps, access)
    return person.name if person else ""


def own_cues(deps: Deps, access: Access) -> tuple[str, ...]:
    """What she lets facilitators know in general: she is asked whether she does so today."""
    person = _person(deps, access)
    return person.access_card.cues if person and person.access_card.shared else ()


def take_seat(deps: Deps, access: Access) -> Entered:
    """All steps are done: arrive. Members wait to be let in by name; a second device waits for a facilitator."""
    if next_step(access) != "enter":
        raise Refused("step_missing")
    _check_begun(deps, access)
    _check_still_invited(deps, access, used=True)
    command = Arrive(
        access.seat_id,
        access.id,
        access.alias,
        access.avatar,
        access.language,
        _takes_part(access.takes_part),
        WITHOUT_CUES not in access.steps,
        ref_of(deps, access.session_id, access.seat_id),
    )
    performed = perform(deps, access.session_id, command, by=SYSTEM)
    planned_calls.arrived(deps, access.session_id, access.seat_id)
    entered = renew(deps, access, state_of_device(performed.state, access))
    return _look_again(deps, entered)


def used(holder: H, at: datetime) -> H | None:
    """She has come in by it. Whoever was revoked in this very moment stays revoked."""
    if holder.state in ("used", "revoked"):
        return None
    return replace(holder, state="used", used_at=holder.used_at or at)


def _check_begun(deps: Deps, access: Access) -> None:
    if gathering.is_live(deps, access.session_id):
        return
    planned = deps.store.session(access.session_id)
    over = planned is None or planned.closed_at is not None
    raise Refused("session_closed" if over else "session_not_open")


def _check_still_invited(deps: Deps, access: Access, *, used: bool) -> None:
    with deps.locks.of(f"invite {access.invite_id}"):
        if not links.still_opens(deps, access):
            deps.store.end_accesses(access.session_id, access_id=access.id)
            raise Refused("no_access")
        if used:
            _mark_used(deps, access)


def _mark_used(deps: Deps, access: Access) -> None:
    at = deps.clock()
    deps.store.shelf(Invite).change(access.invite_id, lambda invite: used(invite, at))
    if access.standing_id:
        deps.store.shelf(StandingInvite).change(access.standing_id, lambda standing: used(standing, at))


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


def _person(deps: Deps, access: Access) -> Person | None:
    invite = deps.store.invite(access.invite_id)
    return deps.store.person(invite.person_id) if invite else None


def _takes_part(value: str) -> TakesPart:
    return value if value in ("video", "audio", "text", "phone") else "video"  # type: ignore[return-value]
