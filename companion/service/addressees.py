"""Whose letter it is, and whether it may still reach her: what was safe when it was written
may not be so when it leaves.

Asked of every letter in the moment in which it leaves, and at once when something about her changes: she may have said
meanwhile that somebody else reads that mailbox.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from companion.records import Invite, Letter, Notice, Person, PlannedSession, StandingInvite, same_contact
from companion.service import contact, dates, invited, links, numbers
from companion.service.arrivals import told
from companion.service.deps import Deps
from companion.service.fates import gone


def person_of(deps: Deps, letter: Letter) -> Person | None:
    """Whom a letter is for, as far as what it is about says so."""
    kind, _, about = letter.about.partition(" ")
    if kind in ("invite", "passcode"):
        holder = links.of_id(deps, about)
        return deps.store.person(holder.person_id) if holder else None
    if kind in ("notice", "reminder"):
        return deps.store.person(about.partition(" ")[2])
    return deps.store.person(about) if kind == "person" else None


def may_leave_at(deps: Deps, letter: Letter, at: datetime) -> datetime | None:
    """The first moment from ``at`` on at which it may leave; None: it must not. About nobody: at once."""
    person = person_of(deps, letter)
    if person is None:
        return at
    moment = contact.next_safe_moment(person, at, _zone(deps, person))
    if moment is None or contact.may_reach(person, letter.kind, moment):
        return None
    return moment if _goes_to_her(deps, letter, person) and _is_wanted(deps, letter, person) else None


def look_again(deps: Deps, person_id: str) -> None:
    """Something about her has changed: what waits for her and is not safe any more is stopped now, for all to see."""
    shelf = deps.store.shelf(Letter)
    for letter in shelf.find(state=("waiting", "held")):
        person = person_of(deps, letter)
        if person is not None and person.id == person_id:
            due_at = max(letter.due_at, deps.clock())
            if may_leave_at(deps, letter, due_at) is None:
                stopped = shelf.change(letter.id, _stopped)
                if stopped is not None:
                    told(deps, stopped)


def country_of(deps: Deps, person: Person) -> str:
    """In which country a number of hers without a code is meant."""
    group = deps.store.group(person.group_id)
    return person.country or (group.settings.country.partition("-")[0] if group else "GB")


def _stopped(letter: Letter) -> Letter | None:
    return gone(letter, "stopped", "not_safe") if letter.state in ("waiting", "held") else None


def _goes_to_her(deps: Deps, letter: Letter, person: Person) -> bool:
    if letter.kind == "mail":
        return same_contact(letter.to) == same_contact(person.email)
    return letter.to == numbers.to_text(person.phone, country_of(deps, person))


def _is_wanted(deps: Deps, letter: Letter, person: Person) -> bool:
    kind, _, about = letter.about.partition(" ")
    check = CHECKS.get(kind)
    return check is None or check(deps, about.partition(" ")[0], person)


def _link_opens(deps: Deps, holder_id: str, person: Person) -> bool:
    holder = links.of_id(deps, holder_id)
    if isinstance(holder, StandingInvite):
        return holder.state != "revoked"
    return isinstance(holder, Invite) and holder.state != "revoked" and _takes_place(deps, holder.session_id)


def _may_be_reminded(deps: Deps, session_id: str, person: Person) -> bool:
    return _takes_place(deps, session_id) and _counts(deps, session_id, person)


def _may_be_told(deps: Deps, notice_id: str, person: Person) -> bool:
    notice = deps.store.shelf(Notice).get(notice_id)
    return notice is not None and _counts(deps, notice.session_id, person)


CHECKS: dict[str, Callable[[Deps, str, Person], bool]] = {
    "invite": _link_opens,
    "passcode": _link_opens,
    "reminder": _may_be_reminded,
    "notice": _may_be_told,
}


def _takes_place(deps: Deps, session_id: str) -> bool:
    session = deps.store.session(session_id)
    return session is not None and session.cancelled_at is None and session.closed_at is None


def _counts(deps: Deps, session_id: str, person: Person) -> bool:
    session: PlannedSession | None = deps.store.session(session_id)
    return session is not None and person.id not in invited.taken_back(deps, session)


def _zone(deps: Deps, person: Person) -> str:
    group = deps.store.group(person.group_id)
    return group.settings.zone if group else dates.HOME
