"""A facilitator's page with the call beside her panel, and the redirect that the call's frame opens.

A meeting server that was broken into must not read her panel: none of its script runs here, the frame is of another
origin and shut off (static/js/frame.js), and the way in stands in no page, since our own redirect leads there.
"""

from __future__ import annotations

from flask import Blueprint, make_response, redirect
from werkzeug.wrappers import Response

from companion import server
from companion.service.beside import beside, into_the_frame
from companion.web.guards import deps, policy
from companion.web.seat import WIDE, Page, draw_here, go_by, gone, here_now

blueprint = Blueprint("beside", __name__)
LENT = ("camera", "microphone", "display-capture", "autoplay")


@blueprint.get(WIDE)
def wide() -> Page:
    """Her panel and the call; where no call may stand beside it, a button in its place. Others have their own page."""
    access = here_now()
    if access is None:
        return gone()
    if access.role != "facilitator":
        return redirect("/here", 303)
    page = make_response(draw_here(access, wide=True))
    call = server.off_loop(beside, deps(), access)
    if call and page.status_code == 200:
        _let_in(page, call.origin)
    return page


@blueprint.get("/call/frame")
def frame() -> Response:
    """Into the call, for the frame on her page alone."""
    answer = make_response(go_by(into_the_frame))
    if answer.status_code == 303:
        answer.headers["Content-Security-Policy"] = _policy(around="'self'")
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _let_in(page: Response, origin: str) -> None:
    page.headers["Content-Security-Policy"] = _policy(frames=origin)
    # A page can lend only what it has itself; nothing of ours asks for any of it.
    lent = ", ".join(f'{feature}=(self "{origin}")' for feature in LENT)
    page.headers["Permissions-Policy"] = f"{lent}, geolocation=()"


def _policy(**more: str) -> str:
    settings = deps().settings
    return policy(settings.address, secure=settings.secure, **more)
