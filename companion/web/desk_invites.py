"""The desk's part on invites: who has one, by which ways it went, what became of it, and one press for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from companion.core.refusals import Refused
from companion.records import Invite, LinkRoute, PasscodeRoute
from companion.service import dates, giving, inviting, links, notices, routes
from companion.service.deps import Deps
from companion.service.giving import Given, Target
from companion.service.links import Holder
from companion.service.passcodes import grouped
from companion.service.routes import CannotSend, Routes
from companion.web.desk_invite_rows import listing
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, audited, keep_to_show, or_say, said, to_show
from companion.web.organiser_forms import ButtonForm

blueprint = Blueprint("invites", __name__)
KINDS = {"sessions": "session", "series": "series"}


@blueprint.get("/series/<series_id>/invited")
def series(series_id: str) -> Page:
    """Who has one link for every date of a series, and who could have."""
    target = found_target("series", series_id)
    listed = ask(listing, target, language())
    when = (
        dates.said(target.session.starts_at, language(), ask(notices.zone_of, target.group_id))
        if target.session
        else ""
    )
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
    or_say(inviting.revoke, holder_id, audited())
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
    leaves = dates.said(given.leaves_at, language(), given.zone) if given.leaves_at else ""
    keep_to_show({"invite": given.holder_id, "link": given.link, "passcode": given.passcode, "leaves": leaves})
    return redirect(f"/desk/invites/{given.holder_id}/sheet", 303)


def _suggested(lean: Deps, person_id: str) -> Routes:
    person = lean.store.person(person_id)
    if person is None:
        raise NotFound
    return routes.suggested(lean, person, lean.clock())


def _chosen() -> Routes | None:
    link, passcode = request.form.get("link", ""), request.form.get("passcode", "")
    # What nobody offers is refused by routes.check.
    return Routes(cast(LinkRoute, link), cast(PasscodeRoute, passcode)) if link or passcode else None


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
