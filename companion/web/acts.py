"""The form twin of a tap: the same command by the same door, for a phone without script or without a socket."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request

from companion import drawing, server
from companion.core.refusals import Refused
from companion.records import Access
from companion.service import locking, tapping
from companion.service.accesses import is_form_tap
from companion.service.deps import Deps
from companion.web.guards import LONGEST_FORM, check_form_origin, deps
from companion.web.limits import may_tap
from companion.web.seat import Page, draw_here, here_now, locked_page

blueprint = Blueprint("acts", __name__)
LONGEST_TAP = 4096


@blueprint.get("/act/<command>")
def look(command: str) -> Page:
    """A refused form leaves this address in the browser: whoever comes back by it finds the page."""
    return redirect("/here", 303)


@blueprint.post("/act/<command>")
def act(command: str) -> Page:
    """Do what the form asks: back to the page with 303, or the page with the reason why not."""
    access = here_now()
    if access is None:
        return render_template("pages/gone.html"), 401
    check_form_origin(access)
    if not server.off_loop(_is_open, deps(), access, request.form.get("tap", "")):
        return locked_page(access)
    if (request.content_length or 0) > LONGEST_FORM:
        raise Refused("too_long")
    fields = {name: value for name, value in request.form.items() if name != "tap"}
    if sum(len(value.encode()) for value in fields.values()) > LONGEST_TAP:
        raise Refused("too_long")
    if not may_tap(access.seat_id):
        deps().meters.answered("too_fast")
        return draw_here(access, drawing.refusal("too_fast", access.language), 429)
    answer = server.off_loop(
        tapping.tap, deps(), access.id, _tap_id(access, command, fields), command, fields, from_form=True
    )
    deps().meters.answered(answer.code)
    if answer.ok:
        return redirect("/here", 303)
    status = 503 if answer.code in ("not_sent", "too_busy") else 422
    return draw_here(here_now() or access, drawing.refusal(answer.code, access.language), status)


def _is_open(lean: Deps, access: Access, stamp: str) -> bool:
    # A page that is still open proves it by its own signed value, as a socket does by its key.
    if locking.is_locked(lean, access) and not is_form_tap(lean, access, stamp):
        return False
    locking.put_off(lean, access)
    return True


def _tap_id(access: Access, command: str, fields: dict[str, str]) -> str:
    # One page has one value and many forms: with the digest, the same form of the same page acts once, and a double
    # click or "send again" after Back is the same tap.
    value = request.form.get("tap", "")
    digest = tapping.digest(command, fields)[:16]
    if value and is_form_tap(deps(), access, value):
        return f"{value[:40]}.{digest}"
    return f"{deps().fresh_id()}.{digest}"
