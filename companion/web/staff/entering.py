"""Into a session by one's own account, from the desk."""

from __future__ import annotations

from flask import Blueprint, redirect

from companion.service.staff import going_in
from companion.web.cookies import set_access
from companion.web.languages import language
from companion.web.organiser_door import Page, me, or_say
from companion.web.seat import here_now

blueprint = Blueprint("staff_entering", __name__)


@blueprint.post("/sessions/<session_id>/go-in")
def go_in(session_id: str) -> Page:
    """Her seat, without link and passcode: she has given a password and more."""
    entered = or_say(going_in.go_in, me(), session_id, language(), here_now())
    if entered is None:
        return redirect("/desk", 303)
    response = redirect("/here" if entered.access.state in ("in", "held") else "/join", 303)
    set_access(response, entered.token)
    return response
