"""Gives somebody her link and her passcode by two ways: by letters that leave when it is safe, or by a hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite, Kind, Person, PlannedSession, Series, StandingInvite
from companion.service import (
    addressees,
    calendars,
    contact,
    dates,
    invite_letters,
    inviting,
    links,
    new_phones,
    outbox,
    routes,
    stale_letters,
)
from companion.service.deps import Deps
from companion.service.inviting import Issued, Secret
from companion.service.links import H, Holder
from companion.service.routes import KIND, CannotSend, Routes
from companion.service.stale_letters import LINK, PASSCODE

T = TypeVar("T")
QUARTER = timedelta(minutes=15)
LOOK_AHEAD = timedelta(days=8)
AnyIssued = Issued[Holder]


@dataclass(frozen=True, slots=True)
class Target:
    """What people are invited to: one date, or every date of a series."""

    kind: str  # "session" or "series"
    id: str
    group_id: str
    session: PlannedSession | None  # the date, or the next one of the series

    @property
    def name(self) -> str:
        """As it stands in a job."""
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Given:
    """What is left to do by hand: the link and the passcode where no letter carries them. To be shown once."""

    holder_id: str
    link: str
    passcode: str
    leaves_at: datetime | None  # when the letters leave; None: there are none
    zone: str = dates.HOME  # on the clock of her group


@dataclass(frozen=True, slots=True)
class Window:
    """When a letter may leave, and until when it may be tried."""

    opens: datetime
    shuts: datetime | None


def target_of(deps: Deps, kind: str, target_id: str) -> Target:
    """A date or a series by its id. Raises Refused."""
    if kind == "session":
        session = _found(deps.store.session(target_id))
        return Target(kind, target_id, session.group_id, session)
    series = _found(deps.store.shelf(Series).get(target_id))
    return Target(kind, target_id, series.group_id, links.next_date(deps, series.id))


def give(deps: Deps, target: Target, person_id: str, ways: Routes) -> Given:
    """Invite somebody. Raises Refused or CannotSend; then nothing has changed."""
    person = _found(deps.store.person(person_id))
    if person.group_id != target.group_id:
        raise Refused("not_yours_to_do")
    window = _checked(deps, person, target.session, ways)
    return hand_over(deps, _issue(deps, target, person.id, None), person, ways, window, target.session)


def give_in_bulk(
    deps: Deps, target: Target, person: Person, ways: Routes, secret: Secret, batch: str, begun: Holder | None
) -> Given:
    """The same as one of many. ``begun``: what was issued with this secret before a process died."""
    window = _checked(deps, person, target.session, ways)
    if begun is None:
        issued = _issue(deps, target, person.id, secret)
    else:
        issued = Issued(begun, inviting.address_of(deps, secret[0]), secret[1])
    return hand_over(deps, issued, person, ways, window, target.session, batch)


def again(deps: Deps, holder_id: str, ways: Routes | None = None) -> Given:
    """A new link and passcode, by the same ways as the last time or by others."""
    holder, person, session = _known(deps, holder_id)
    ways = ways or routes_of(deps, holder, person)
    window = _checked(deps, person, session, ways)
    return hand_over(deps, inviting.reissue(deps, holder_id), person, ways, window, session)


def new_phone(deps: Deps, holder_id: str) -> Given:
    """She has a new device: a new passcode for the same link, and her other browsers are out."""
    holder, person, session = _known(deps, holder_id)
    ways = routes_of(deps, holder, person)
    window = _checked(deps, person, session, ways)
    return hand_over(deps, new_phones.move(deps, holder_id), person, ways, window, session)


def routes_of(deps: Deps, holder: Holder, person: Person) -> Routes:
    """The ways that were taken the last time, or those that her safe-contact record suggests."""
    if holder.link_route and holder.passcode_route:
        return Routes(holder.link_route, holder.passcode_route)
    return routes.suggested(deps, person, deps.clock())


def hand_over(
    deps: Deps,
    issued: AnyIssued,
    person: Person,
    ways: Routes,
    window: Window,
    session: PlannedSession | None,
    batch: str = "",
) -> Given:
    """Post what goes by letter, remember the ways, and return what a hand has to give."""
    holder_id = issued.invite.id
    kinds = (LINK, PASSCODE) if issued.link else (PASSCODE,)
    stale_letters.stop_letters(deps, holder_id, kinds=kinds, but=batch)
    # Before the letters are there: what becomes of them is written on the invite.
    links.change(deps, issued.invite, lambda now: _sent_by(now, ways, deps.clock()))
    for what, route in ((LINK, ways.link), (PASSCODE, ways.passcode)):
        if what in kinds and route in KIND:
            _post(deps, what, KIND[route], issued, person, window, session, batch)
    by_hand = ("" if ways.link in KIND else issued.link, "" if ways.passcode in KIND else issued.passcode)
    return Given(holder_id, *by_hand, window.opens if ways.letters else None, _zone(deps, person))


def _post(
    deps: Deps,
    what: str,
    kind: Kind,
    issued: AnyIssued,
    person: Person,
    window: Window,
    session: PlannedSession | None,
    batch: str,
) -> None:
    group = deps.store.group(person.group_id)
    zone = group.settings.zone if group else dates.HOME
    subject, body = _words(what, kind, issued, person.language, session.starts_at if session else None, zone)
    with_a_date = session is not None and what == LINK and kind == "mail" and isinstance(issued.invite, Invite)
    outbox.post(
        deps,
        person.phone if kind == "text" else person.email,
        subject,
        body,
        kind=kind,
        attachments=(calendars.attachment(deps, session, person.language),) if session and with_a_date else (),
        about=f"{what} {issued.invite.id}",
        batch=batch,
        due_at=window.opens,
        not_after=window.shuts,
        country=addressees.country_of(deps, person),
        once=f"{batch} {what} {issued.invite.id}" if batch else "",
    )


def _words(what: str, kind: Kind, issued: AnyIssued, language: str, at: datetime | None, zone: str) -> tuple[str, str]:
    if what == PASSCODE:
        said = invite_letters.passcode_by_mail if kind == "mail" else invite_letters.passcode_by_text
        letter = said(issued.passcode, language)
    elif kind == "text":
        letter = invite_letters.link_by_text(issued.link, at, language, zone)
    else:
        each_time = isinstance(issued.invite, StandingInvite)
        letter = invite_letters.link_by_mail(issued.link, at, language, zone, each_time)
    return letter.subject, letter.body


def _sent_by(holder: H, ways: Routes, at: datetime) -> H:
    known = replace(holder, link_route=ways.link, passcode_route=ways.passcode)
    if holder.state != "draft":
        return known
    # What a hand gives is on its way as soon as it is shown; a letter says itself when it has left.
    return replace(known, state="sent", sent_at=None if ways.link in KIND else at)


def _issue(deps: Deps, target: Target, person_id: str, secret: Secret | None) -> AnyIssued:
    if target.kind == "session":
        return inviting.invite(deps, target.id, person_id, secret)
    return inviting.invite_to_series(deps, target.id, person_id, secret)


def _checked(deps: Deps, person: Person, session: PlannedSession | None, ways: Routes) -> Window:
    now = deps.clock()
    routes.check(deps, person, ways, now)
    if not ways.letters:
        return Window(now, None)
    zone = _zone(deps, person)
    at = contact.next_safe_moment(person, now, zone)
    if at is None:
        raise CannotSend("no_safe_hours")
    end = max(session.starts_at, now) + timedelta(minutes=session.minutes) if session else None
    if end is not None and at >= end:
        raise CannotSend("too_late")
    routes.check(deps, person, ways, at)
    return Window(at, _shuts(person, at, end, zone))


def _shuts(person: Person, at: datetime, end: datetime | None, zone: str) -> datetime | None:
    # A letter that is tried again must not come outside her hours either.
    if not person.contact.hours:
        return end
    last, latest = at, at + LOOK_AHEAD if end is None else end
    while last < latest and contact.next_safe_moment(person, last, zone) == last:
        last += QUARTER
    return min(last, latest)


def _known(deps: Deps, holder_id: str) -> tuple[Holder, Person, PlannedSession | None]:
    holder = links.known(deps, holder_id)
    person = _found(deps.store.person(holder.person_id))
    if isinstance(holder, Invite):
        return holder, person, deps.store.session(holder.session_id)
    return holder, person, links.next_date(deps, holder.series_id)


def _zone(deps: Deps, person: Person) -> str:
    return _found(deps.store.group(person.group_id)).settings.zone


def _found(value: T | None) -> T:
    if value is None:
        raise Refused("no_such_seat")
    return value
