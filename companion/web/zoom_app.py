"""What Zoom opens inside its client: a landing page that says nothing of anybody, and leads to the usual doors.

It is the one page that may stand in a frame of others, so it is the same for everybody, whoever is signed in. Neither
Zoom's header nor its library lets anybody in.
"""

from __future__ import annotations

import logging
import re

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from companion import server
from companion.core.refusals import Refused
from companion.records import GroupSettings
from companion.service import inside
from companion.web import throttle
from companion.web.cookies import set_side
from companion.web.guards import deps, policy
from companion.web.organiser_door import Page

blueprint = Blueprint("zoom_app", __name__, url_prefix="/zoom")
log = logging.getLogger("companion.web")
AROUND = "https://zoom.us https://*.zoom.us"  # Zoom's own page in a browser
CONTEXT = "X-Zoom-App-Context"
LINK = re.compile(r"/i/([A-Za-z0-9_-]{16,200})")
IN_A_FRAME = ("iframe", "frame")


class LinkForm(FlaskForm):
    """Whatever was pasted; a link of ours is looked for in it."""

    link = StringField(validators=[Length(max=2000)])


@blueprint.before_request
def know_nobody() -> None:
    """Nothing of a group stands on these pages, whoever has this browser."""
    g.group_settings, g.inside, g.language = GroupSettings(), False, ""


@blueprint.get("")
@throttle.limiter.limit(throttle.LOOKS)
def landing() -> Response:
    """The home of our app there. It marks this browser, so that a panel in it speaks with Zoom."""
    opened = server.off_loop(inside.look, deps(), request.headers.get(CONTEXT, ""))
    if opened.ignored:
        log.info("context ignored reason=%s", opened.ignored)
    page = _landing(hint=opened.hint)
    if not _framed():
        set_side(page)
    return page


@blueprint.post("")
@throttle.tries
def open_link() -> Page:
    """She has no account here: the link that she was sent leads in, with its passcode."""
    form = LinkForm()
    found = LINK.search(form.link.data or "") if form.validate() else None
    if found is None:
        return _landing(wrong=True, status=422)
    return redirect(f"/i/{found[1]}", 303)


@blueprint.get("/added/<platform_id>")
@throttle.tries
def added(platform_id: str) -> Page:
    """Zoom sends somebody back here who has just added the app. Nobody is known by it, here or later."""
    back = f"{deps().settings.address}/zoom/added/{platform_id}"
    try:
        done = server.off_loop(inside.add, deps(), platform_id, request.args.get("code", ""), back)
    except Refused:
        done = False  # which accounts there are is nobody's business
    return render_template("pages/zoom_added.html", done=done), 200 if done else 422


def _landing(*, hint: str = "", wrong: bool = False, status: int = 200) -> Response:
    settings = deps().settings
    page = make_response(
        render_template(
            "pages/zoom.html", hint=hint, wrong=wrong, framed=_framed(), address=f"{settings.address}/desk"
        ),
        status,
    )
    g.framable = True
    page.headers["Content-Security-Policy"] = policy(settings.address, secure=settings.secure, around=AROUND)
    # Zoom's page is shut off from other sites, and takes into its frames only what agrees to that.
    page.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    page.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return page


def _framed() -> bool:
    return request.headers.get("Sec-Fetch-Dest") in IN_A_FRAME
