"""Who may do what at the desk: one row for each route. A route without a row is no page, to anybody.

The group is that of whatever the address names; another group's ids are no page either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from companion.records import Batch, CallTask, Letter, Membership, Notice, SendJob, Series, StandingInvite
from companion.service import addressees
from companion.service.deps import Deps
from companion.service.staff.roles import Standing

Door = Literal["open", "code", "setup", "locked", "in"]
NOWHERE = ""  # something that belongs to no group: a keeper's alone


@dataclass(frozen=True, slots=True)
class Right:
    """How far somebody has to have come in, and in which roles; no roles: whoever is signed in."""

    door: Door = "in"
    roles: frozenset[str] = frozenset()
    once_more: bool = False  # the form asks for her password, so a cookie that was just replaced may still send it


OPEN = Right("open")  # to everybody
GIVING_A_CODE = Right("code")  # the password was right, the second factor is asked for
CHOOSING_A_FACTOR = Right("setup")  # there is none yet; or she is in, and adds one
UNLOCKING = Right("locked", once_more=True)  # signed in, whether locked or not
PROVING = Right("in", once_more=True)
MYSELF = Right()
KEEPERS = Right(roles=frozenset({"keeper"}))
ORGANISERS = Right(roles=KEEPERS.roles | {"organiser"})
HOSTS = Right(roles=ORGANISERS.roles | {"facilitator"})
SEATED = Right(roles=frozenset({"facilitator", "peer_supporter", "tech_helper"}))

RIGHTS: dict[str, Right] = {
    # the door
    "GET /desk/in": OPEN,
    "POST /desk/in": OPEN,
    "GET /desk/in/code": GIVING_A_CODE,
    "POST /desk/in/code": GIVING_A_CODE,
    "POST /desk/in/passkey": GIVING_A_CODE,
    "GET /desk/begin/<token>": OPEN,
    "POST /desk/begin/<token>": OPEN,
    "GET /desk/lost": OPEN,
    "POST /desk/lost": OPEN,
    "POST /desk/out": OPEN,
    "GET /desk/unlock": UNLOCKING,
    "POST /desk/unlock": UNLOCKING,
    "POST /desk/unlock/passkey": UNLOCKING,
    "GET /desk/again": MYSELF,
    "POST /desk/again": PROVING,
    "POST /desk/again/passkey": PROVING,
    # my own account
    "GET /desk/me": MYSELF,
    "POST /desk/me/password": MYSELF,
    "POST /desk/me/browsers/<browser_id>/end": MYSELF,
    "POST /desk/me/browsers/end": MYSELF,
    "GET /desk/me/factors": CHOOSING_A_FACTOR,
    "POST /desk/me/factors/app": CHOOSING_A_FACTOR,
    "POST /desk/me/factors/passkey": CHOOSING_A_FACTOR,
    "POST /desk/me/factors/app/remove": MYSELF,
    "POST /desk/me/factors/<passkey_id>/remove": MYSELF,
    # colleagues
    "GET /desk/colleagues": ORGANISERS,
    "POST /desk/colleagues": ORGANISERS,
    "GET /desk/colleagues/link": ORGANISERS,
    "POST /desk/colleagues/links/<link_id>/withdraw": ORGANISERS,
    "POST /desk/colleagues/roles/<membership_id>/remove": ORGANISERS,
    "POST /desk/colleagues/<account_id>/close": KEEPERS,
    "GET /desk/audit": KEEPERS,
    "POST /desk/recoveries/<recovery_id>/agree": ORGANISERS,
    "POST /desk/recoveries/<recovery_id>/decline": ORGANISERS,
    "GET /desk/recoveries/link": ORGANISERS,
    # groups and their people
    "GET /desk": MYSELF,
    "POST /desk/groups": ORGANISERS,
    "GET /desk/groups/<group_id>": HOSTS,
    "POST /desk/groups/<group_id>/people": ORGANISERS,
    "POST /desk/groups/<group_id>/sessions": ORGANISERS,
    "GET /desk/people/<person_id>": HOSTS,
    "POST /desk/people/<person_id>": ORGANISERS,
    "POST /desk/people/<person_id>/safe": ORGANISERS,
    "POST /desk/people/<person_id>/show": ORGANISERS,
    # settings of a group, and more about a person
    "GET /desk/groups/<group_id>/settings/<section>": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/<section>": ORGANISERS,
    "GET /desk/groups/<group_id>/settings/agreement": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/agreement": ORGANISERS,
    "POST /desk/groups/<group_id>/settings/agreement/publish": ORGANISERS,
    "GET /desk/groups/<group_id>/people/import": ORGANISERS,
    "GET /desk/groups/<group_id>/people/import/example": ORGANISERS,
    "POST /desk/groups/<group_id>/people/import": ORGANISERS,
    "POST /desk/groups/<group_id>/people/import/confirm": ORGANISERS,
    "GET /desk/people/<person_id>/contact": ORGANISERS,
    "POST /desk/people/<person_id>/contact": ORGANISERS,
    "GET /desk/people/<person_id>/access": ORGANISERS,
    "POST /desk/people/<person_id>/access": ORGANISERS,
    "GET /desk/people/<person_id>/line": ORGANISERS,
    "POST /desk/people/<person_id>/line": ORGANISERS,
    "POST /desk/people/<person_id>/line/end": ORGANISERS,
    "GET /desk/people/<person_id>/induction": HOSTS,
    "POST /desk/people/<person_id>/induction": HOSTS,
    "POST /desk/people/<person_id>/induction/answers": HOSTS,
    "POST /desk/people/<person_id>/leave": ORGANISERS,
    "POST /desk/people/<person_id>/back": ORGANISERS,
    "GET /desk/people/<person_id>/record": ORGANISERS,
    "GET /desk/people/<person_id>/record/consents/<consent_id>": ORGANISERS,
    "POST /desk/people/<person_id>/record/consents/<consent_id>": ORGANISERS,
    "GET /desk/people/<person_id>/record/copy": ORGANISERS,
    "POST /desk/people/<person_id>/record/copy": ORGANISERS,
    "GET /desk/people/<person_id>/record/erase": ORGANISERS,
    "POST /desk/people/<person_id>/record/erase": ORGANISERS,
    # dates and invites
    "GET /desk/sessions/<session_id>": HOSTS,
    "POST /desk/sessions/<session_id>/begin": HOSTS,
    "POST /desk/sessions/<session_id>/go-in": SEATED,
    "POST /desk/<any(sessions, series):kind>/<target_id>/invite/<person_id>": HOSTS,
    "GET /desk/<any(sessions, series):kind>/<target_id>/everybody": HOSTS,
    "POST /desk/<any(sessions, series):kind>/<target_id>/everybody": HOSTS,
    "GET /desk/series/<series_id>/invited": HOSTS,
    "POST /desk/invites/<holder_id>/reissue": HOSTS,
    "POST /desk/invites/<holder_id>/new-phone": HOSTS,
    "POST /desk/invites/<holder_id>/revoke": HOSTS,
    "GET /desk/invites/<holder_id>/sheet": HOSTS,
    "GET /desk/sending/<job_id>": HOSTS,
    "POST /desk/sending/<job_id>/stop": HOSTS,
    "POST /desk/sending/<job_id>/resume": HOSTS,
    "POST /desk/sending/<job_id>/slips": HOSTS,
    "GET /desk/groups/<group_id>/dates": HOSTS,
    "POST /desk/groups/<group_id>/dates": ORGANISERS,
    "GET /desk/groups/<group_id>/dates/new": ORGANISERS,
    "GET /desk/sessions/<session_id>/move": HOSTS,
    "POST /desk/sessions/<session_id>/move": HOSTS,
    "GET /desk/sessions/<session_id>/cancel": HOSTS,
    "POST /desk/sessions/<session_id>/cancel": HOSTS,
    "POST /desk/sessions/<session_id>/holiday": HOSTS,
    "POST /desk/sessions/<session_id>/check": HOSTS,
    "GET /desk/series/<series_id>/end": ORGANISERS,
    "POST /desk/series/<series_id>/end": ORGANISERS,
    "POST /desk/notices/<notice_id>/told/<person_id>": HOSTS,
    "GET /desk/people/<person_id>/feed": HOSTS,
    "POST /desk/people/<person_id>/feed": HOSTS,
    "POST /desk/people/<person_id>/feed/end": HOSTS,
    "GET /desk/feed/<token>.ics": OPEN,
    # calls
    "GET /desk/calls": ORGANISERS,
    "POST /desk/calls/<task_id>/again": ORGANISERS,
    "POST /desk/calls/<task_id>/forget": ORGANISERS,
    # letters
    "GET /desk/letters": ORGANISERS,
    "POST /desk/letters/<letter_id>/again": ORGANISERS,
    "POST /desk/letters/<letter_id>/arrived": ORGANISERS,
    "POST /desk/letters/<letter_id>/forget": ORGANISERS,
    "GET /desk/batches/<batch_id>": HOSTS,
    "POST /desk/batches/<batch_id>/<any(pause, resume, stop):act>": HOSTS,
}


def of(method: str, rule: str) -> Right | None:
    """The row of a route."""
    return RIGHTS.get(f"{'GET' if method == 'HEAD' else method} {rule}")


def may(deps: Deps, right: Right, mine: Standing, named: Mapping[str, object]) -> bool:
    """Whether she may, with what the address names. What is not there is nobody's."""
    if not right.roles:
        return True
    groups = {finder(deps, str(named[name])) for name, finder in FINDERS.items() if name in named}
    if None in groups or len(groups) > 1:
        return False
    return mine.may(right.roles, next(iter(groups), None))


def group_of_letter(deps: Deps, letter: Letter) -> str:
    """The group of whoever a letter is for; NOWHERE if it does not say whom that is."""
    person = addressees.person_of(deps, letter)
    return person.group_id if person else NOWHERE


def _group(deps: Deps, group_id: str) -> str | None:
    return group_id if deps.store.group(group_id) else None


def _person(deps: Deps, person_id: str) -> str | None:
    found = deps.store.person(person_id)
    return found.group_id if found else None


def _session(deps: Deps, session_id: str) -> str | None:
    found = deps.store.session(session_id)
    return found.group_id if found else None


def _invite(deps: Deps, invite_id: str) -> str | None:
    found = deps.store.invite(invite_id)
    return _session(deps, found.session_id) if found else None


def _membership(deps: Deps, membership_id: str) -> str | None:
    found = deps.store.shelf(Membership).get(membership_id)
    return found.group_id if found else None


def _letter(deps: Deps, letter_id: str) -> str | None:
    found = deps.store.shelf(Letter).get(letter_id)
    return group_of_letter(deps, found) if found else None


def _task(deps: Deps, task_id: str) -> str | None:
    found = deps.store.shelf(CallTask).get(task_id)
    return _session(deps, found.session_id) or NOWHERE if found else None


def _batch(deps: Deps, batch_id: str) -> str | None:
    found = deps.store.shelf(Batch).get(batch_id)
    return found.group_id if found else None


def _series(deps: Deps, series_id: str) -> str | None:
    found = deps.store.shelf(Series).get(series_id)
    return found.group_id if found else None


def _target(deps: Deps, target_id: str) -> str | None:
    return _session(deps, target_id) or _series(deps, target_id)


def _holder(deps: Deps, holder_id: str) -> str | None:
    standing = deps.store.shelf(StandingInvite).get(holder_id)
    return _series(deps, standing.series_id) if standing else _invite(deps, holder_id)


def _job(deps: Deps, job_id: str) -> str | None:
    found = deps.store.shelf(SendJob).get(job_id)
    return _target(deps, found.target.partition(" ")[2]) if found else None


def _notice(deps: Deps, notice_id: str) -> str | None:
    found = deps.store.shelf(Notice).get(notice_id)
    return found.group_id if found else None


FINDERS: dict[str, Callable[[Deps, str], str | None]] = {
    "group_id": _group,
    "person_id": _person,
    "session_id": _session,
    "invite_id": _invite,
    "membership_id": _membership,
    "letter_id": _letter,
    "batch_id": _batch,
    "task_id": _task,
    "series_id": _series,
    "notice_id": _notice,
    "target_id": _target,
    "holder_id": _holder,
    "job_id": _job,
}
