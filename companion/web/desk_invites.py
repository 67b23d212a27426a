"""The desk's part on invites: who has one, by which ways it went, what became of it, and one press for each act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from companion.core.refusals import Refused
from companion.records import Invite, Letter, Person, StandingInvite
from companion.service import dates, giving, inviting, links, routes, tries
from companion.service.deps import Deps
from companion.service.giving import Given, Target
from companion.service.links import Holder
from companion.service.passcodes import grouped
from companion.service.routes import CannotSend, Routes
from companion.service.stale_letters import LINK, PASSCODE
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, keep_to_show, or_say, said, to_show
from companion.web.organiser_forms import ButtonForm

blueprint = Blueprint("invites", __name__)
KINDS = {"sessions": "session", "series": "series"}
EARLY = timedelta(days=7)
GUESSES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class InviteRow:
    """One invite as the desk shows it."""

    id: str
    name: str
    alias: str
    role: str
    state: str
    at: str  # when it came to that, in words
    ways: Routes
    leaves: str  # when a letter that waits will leave
    problem: str
    passcode_problem: str
    guesses: tuple[str, ...]  # when, and never from where
    alert: bool
    each_date: bool
    own_link: bool


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Somebody who is not invited yet."""

    id: str
    name: str
    role: str
    ways: Routes
    reason: str  # empty, or why she is not invited


@dataclass(frozen=True, slots=True)
class Listing:
    """Who is invited to a date or a series, and who could be."""

    path: str
    rows: tuple[InviteRow, ...]
    others: tuple[OtherRow, ...]
    series_id: str
    soon: bool  # less than a week: people like to know sooner


def listing(lean: Deps, target: Target, spoken: str) -> Listing:
    """Everything that the part of a page needs which shows invites."""
    people = {person.id: person for person in lean.store.people(target.group_id)}
    found = _holders(lean, target)
    rows = tuple(_row(lean, holder, people[holder.person_id], spoken) for holder in found if holder.person_id in people)
    invited = {holder.person_id for holder in found}
    others = [person for person in people.values() if person.id not in invited and person.left_at is None]
    session = target.session
    until = session.starts_at - lean.clock() if session else EARLY
    series_id = session.series_id if session and target.kind == "session" else ""
    path = f"/desk/{'sessions' if target.kind == 'session' else 'series'}/{target.id}"
    return Listing(path, rows, tuple(_other(lean, one) for one in others), series_id, timedelta(0) < until < EARLY)


@blueprint.get("/series/<series_id>/invited")
def series(series_id: str) -> Page:
    """Who has one link for every date of a series, and who could have."""
    target = found_target("series", series_id)
    listed = ask(listing, target, language())
    when = dates.said(target.session.starts_at, language()) if target.session else ""
    return render_template(
        "desk/series_invited.html", listing=listed, when=when, group_id=target.group_id, form=_blank(), **said()
    )


@blueprint.post("/<any(sessions, series):kind>/<target_id>/invite/<person_id>")
def invite(kind: str, target_id: str, person_id: str) -> Page:
    """A link and a passcode for somebody, each by a way of its own."""
    target = found_target(kind, target_id)
    ways = _chosen() or ask(lambda lean: _suggested(lean, person_id))
    return _given(giving.give, target, person_id, ways, back=back_to(target))


@blueprint.post("/invites/<holder_id>/reissue")
def reissue(holder_id: str) -> Page:
    """A new link and passcode; the old ones open nothing any more."""
    return _given(giving.again, holder_id, _chosen(), back=_back(holder_id))


@blueprint.post("/invites/<holder_id>/new-phone")
def new_phone(holder_id: str) -> Page:
    """She has a new device: a new passcode, and her other browsers are out."""
    return _given(giving.new_phone, holder_id, back=_back(holder_id))


@blueprint.post("/invites/<holder_id>/revoke")
def revoke(holder_id: str) -> Page:
    """The link opens nothing, and whoever is in by it is out."""
    back = _back(holder_id)
    or_say(inviting.revoke, holder_id)
    return redirect(back, 303)


@blueprint.get("/invites/<holder_id>/sheet")
def sheet(holder_id: str) -> Page:
    """What a hand has to give: link and picture, or passcode. Shown once."""
    holder = _holder(holder_id)
    kept = to_show()
    if kept.get("invite") != holder_id:
        kept = {}
    person = ask(lambda lean: lean.store.person(holder.person_id))
    return render_template(
        "desk/sheet.html",
        back=_back(holder_id),
        alias=person.alias if person else "",
        shown=bool(kept),
        link=kept.get("link", ""),
        passcode=grouped(kept["passcode"]) if kept.get("passcode") else "",
        leaves=kept.get("leaves", ""),
        picture=picture(kept["link"]) if kept.get("link") else "",
    )


def picture(link: str) -> Markup:
    """A link as a square picture for a phone's camera."""
    code = segno.make(link, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="white", svgclass="qr"))  # noqa: S704 - made by us


def back_to(target: Target) -> str:
    """The page that shows who is invited."""
    return f"/desk/sessions/{target.id}" if target.kind == "session" else f"/desk/series/{target.id}/invited"


def _given(act: Callable[..., Given], *args: Any, back: str) -> Page:
    try:
        given = or_say(act, *args)
    except CannotSend as cannot:
        return render_template("desk/cannot.html", reason=cannot.reason, back=back), 422
    if given is None:
        return redirect(back, 303)
    # What goes by letter is never shown: the two travel apart.
    leaves = dates.said(given.leaves_at, language()) if given.leaves_at else ""
    keep_to_show({"invite": given.holder_id, "link": given.link, "passcode": given.passcode, "leaves": leaves})
    return redirect(f"/desk/invites/{given.holder_id}/sheet", 303)


def _holders(lean: Deps, target: Target) -> list[Holder]:
    series_id = target.id if target.kind == "series" else target.session.series_id if target.session else ""
    standing = lean.store.shelf(StandingInvite).find(series_id=series_id) if series_id else []
    found: list[Holder] = [known for known in standing if known.passcode_hash]
    if target.kind == "session":
        # A seat that only the link for every date leads to is shown by that link.
        by_series = {known.person_id for known in found}
        for known in lean.store.invites(target.id):
            if known.person_id not in by_series or known.passcode_hash or known.state == "revoked":
                found = [other for other in found if other.person_id != known.person_id or not known.passcode_hash]
                found.append(known)
    return found


def _row(lean: Deps, holder: Holder, person: Person, spoken: str) -> InviteRow:
    state = inviting.shown_state(holder, lean.clock())
    times = {
        "sent": holder.sent_at,
        "delivered": holder.delivered_at,
        "opened": holder.opened_at,
        "used": holder.used_at,
        "expired": holder.expires_at,
    }
    at = times.get(state)
    return InviteRow(
        holder.id,
        person.name,
        person.alias,
        person.role,
        state,
        dates.said(at, spoken) if at else "",
        giving.routes_of(lean, holder, person),
        _leaves(lean, holder, spoken),
        holder.problem,
        holder.passcode_problem,
        tuple(dates.said(when, spoken) for when in holder.failed_at[-GUESSES_SHOWN:]),
        holder.failures >= tries.ALERT_AT,
        isinstance(holder, StandingInvite),
        bool(holder.passcode_hash),
    )


def _leaves(lean: Deps, holder: Holder, spoken: str) -> str:
    waiting = [
        letter.due_at
        for kind in (LINK, PASSCODE)
        for letter in lean.store.shelf(Letter).find(about=f"{kind} {holder.id}", state=("waiting", "held"))
    ]
    return dates.said(max(waiting), spoken) if waiting else ""


def _other(lean: Deps, person: Person) -> OtherRow:
    ways = routes.suggested(lean, person, lean.clock())
    return OtherRow(person.id, person.name, person.role, ways, routes.why_not(person))


def _suggested(lean: Deps, person_id: str) -> Routes:
    person = lean.store.person(person_id)
    if person is None:
        raise NotFound
    return routes.suggested(lean, person, lean.clock())


def _chosen() -> Routes | None:
    link, passcode = request.form.get("link", ""), request.form.get("passcode", "")
    return Routes(link, passcode) if link or passcode else None  # type: ignore[arg-type] - routes.check looks at them


def found_target(kind: str, target_id: str) -> Target:
    """The date or series of a page's address."""
    try:
        return ask(giving.target_of, KINDS.get(kind, kind), target_id)
    except Refused:
        raise NotFound from None


def _holder(holder_id: str) -> Holder:
    found = ask(links.of_id, holder_id)
    if found is None:
        raise NotFound
    return found


def _back(holder_id: str) -> str:
    holder = _holder(holder_id)
    if isinstance(holder, Invite):
        return f"/desk/sessions/{holder.session_id}"
    return f"/desk/series/{holder.series_id}/invited"


def _blank() -> ButtonForm:
    return ButtonForm(formdata=None)
