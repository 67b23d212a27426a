"""The desk's pages on one session: who is invited, by which way, and getting the room ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from flask import Blueprint, redirect, render_template
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from companion.records import Invite, Person, PlannedSession
from companion.service import dates, gathering, inviting
from companion.service.deps import Deps
from companion.service.inviting import CannotSend, Issued
from companion.service.passcodes import grouped
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, keep_to_show, me, or_say, said, say, to_show
from companion.web.organiser_forms import ButtonForm, SessionForm

blueprint = Blueprint("sessions", __name__)


@dataclass(frozen=True, slots=True)
class InviteRow:
    """One invite as the desk shows it."""

    id: str
    name: str
    alias: str
    role: str
    state: str
    alert: bool  # somebody has guessed at it
    can_send: str  # empty, or the reason why not


def when(at: datetime) -> str:
    """A date in words."""
    return dates.said(at, language())


def meant(form: SessionForm) -> datetime:
    """The moment that was typed."""
    return dates.from_local(form.starts_at.data)


@blueprint.get("/sessions/<session_id>")
def session(session_id: str) -> Page:
    """Who is invited, and who could be."""
    found = _session(session_id)
    rows, others, phase = ask(_invited, found)
    return render_template(
        "desk/session.html",
        session=found,
        when=when(found.starts_at),
        rows=rows,
        others=others,
        phase=phase,
        form=ButtonForm(formdata=None),
        **said(),
    )


@blueprint.post("/sessions/<session_id>/begin")
def begin(session_id: str) -> Page:
    """Get the room ready: from now on people can arrive as soon as a facilitator opens the doors."""
    _session(session_id)
    or_say(gathering.begin, session_id)
    return redirect(f"/desk/sessions/{session_id}", 303)


@blueprint.post("/sessions/<session_id>/invite/<person_id>")
def invite(session_id: str, person_id: str) -> Page:
    """A link and a passcode for somebody."""
    issued = or_say(inviting.invite, session_id, person_id)
    return _show_once(issued) if issued else redirect(f"/desk/sessions/{session_id}", 303)


@blueprint.post("/invites/<invite_id>/reissue")
def reissue(invite_id: str) -> Page:
    """A new link and passcode; the old ones open nothing any more."""
    found = _invite(invite_id)
    issued = or_say(inviting.reissue, invite_id)
    return _show_once(issued) if issued else redirect(f"/desk/sessions/{found.session_id}", 303)


@blueprint.post("/invites/<invite_id>/send")
def send(invite_id: str) -> Page:
    """A new link by e-mail; the passcode is shown here, to be passed on another way."""
    found = _invite(invite_id)
    try:
        issued = or_say(inviting.send, invite_id)
    except CannotSend as cannot:
        say(cannot.reason)
        issued = None
    return _show_once(issued, sent=True) if issued else redirect(f"/desk/sessions/{found.session_id}", 303)


@blueprint.post("/invites/<invite_id>/revoke")
def revoke(invite_id: str) -> Page:
    """The link opens nothing, and whoever is in by it is out."""
    found = _invite(invite_id)
    or_say(inviting.revoke, invite_id, me())
    return redirect(f"/desk/sessions/{found.session_id}", 303)


@blueprint.get("/invites/<invite_id>/sheet")
def sheet(invite_id: str) -> Page:
    """Link, picture of the link, and passcode: to print, to copy, or to read aloud. Shown once."""
    found = _invite(invite_id)
    kept = to_show()
    if kept.get("invite") != invite_id:
        kept = {}
    person = ask(lambda lean: lean.store.person(found.person_id))
    return render_template(
        "desk/sheet.html",
        session_id=found.session_id,
        alias=person.alias if person else "",
        link=kept.get("link", ""),
        passcode=grouped(kept["passcode"]) if kept else "",
        picture=_picture(kept["link"]) if kept.get("link") else "",
    )


def _show_once(issued: Issued, *, sent: bool = False) -> Page:
    # What went by e-mail is not shown beside its passcode: the two travel apart.
    link = "" if sent else issued.link
    keep_to_show({"invite": issued.invite.id, "link": link, "passcode": issued.passcode})
    return redirect(f"/desk/invites/{issued.invite.id}/sheet", 303)


def _picture(link: str) -> Markup:
    code = segno.make(link, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="white", svgclass="qr"))  # noqa: S704 - made by us


def _invited(lean: Deps, found: PlannedSession) -> tuple[list[InviteRow], list[Person], str]:
    people = {person.id: person for person in lean.store.people(found.group_id)}
    invites = lean.store.invites(found.id)
    rows = [_row(lean, one, people[one.person_id]) for one in invites if one.person_id in people]
    invited = {one.person_id for one in invites}
    saved = lean.store.load(found.id)
    others = [person for person in people.values() if person.id not in invited]
    return rows, others, "closed" if found.closed_at else saved.state.phase if saved else ""


def _row(lean: Deps, one: Invite, person: Person) -> InviteRow:
    try:
        inviting.check_may_send(person, lean.clock())
        why_not = ""
    except CannotSend as cannot:
        why_not = cannot.reason
    return InviteRow(
        one.id,
        person.name,
        person.alias,
        one.role,
        inviting.shown_state(one, lean.clock()),
        one.failures >= inviting.ALERT_AT,
        why_not,
    )


def _session(session_id: str) -> PlannedSession:
    found = ask(lambda lean: lean.store.session(session_id))
    if found is None:
        raise NotFound
    return found


def _invite(invite_id: str) -> Invite:
    found = ask(lambda lean: lean.store.invite(invite_id))
    if found is None:
        raise NotFound
    return found
