"""Leave quickly: access ends, and the browser goes to an ordinary page in the same tab."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from companion import server
from companion.core.commands import LeaveSession
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Access, GroupSettings
from companion.service.accesses import access_of_token
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.perform import perform
from companion.service.staff import browsers
from companion.web import looks
from companion.web.cookies import access_cookie, clear, forget_mark, out_cookie, read_me, read_token
from companion.web.guards import deps
from companion.web.looks import look_now
from companion.web.seat import group_of

blueprint = Blueprint("leaving", __name__)

# Ordinary pages that need no explanation; a group chooses a key, never an address.
DESTINATIONS = {
    "weather": "https://www.bbc.co.uk/weather",
    "news": "https://www.bbc.co.uk/news",
    "search": "https://www.google.com/",
}
DEFAULT = "weather"


@blueprint.before_app_request
def finish_leaving() -> None:
    """She left without a connection: her browser could tell nobody, but it kept a mark (static/js/leave.js)."""
    if out_cookie(deps().settings) in request.cookies:
        server.off_loop(_leave, deps(), read_token(request), read_me(request))
        g.left = True  # read_token finds nothing in the rest of this request


@blueprint.after_app_request
def forget_what_was_left(response: Response) -> Response:
    """The mark has done its work, and the cookies it spoke of are worth nothing now."""
    if g.get("left"):
        fresh = access_cookie(deps().settings) + "="
        # Unless this very answer lets her in again, by a link and its passcode.
        if not any(one.startswith(fresh) for one in response.headers.getlist("Set-Cookie")):
            clear(response)
            looks.forget(response)
        forget_mark(response)
    return response


@blueprint.app_context_processor
def surroundings() -> dict[str, object]:
    """Variables of base.html: where "Leave quickly" leads and what it says, and what "Hide" shows."""
    known = g.get("group_settings") or GroupSettings()
    return {
        "leave_to": DESTINATIONS.get(known.leave_to, DESTINATIONS[DEFAULT]),
        "leave_words": known.leave_words,
        "aside": look_now().aside or known.aside,
    }


@blueprint.route("/leave", methods=["GET", "POST"])
def leave() -> Response:
    """A link as well as a form, because without script a link is the one thing that works at once."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect("/", 303)  # another site's link must not throw anybody out
    destination = server.off_loop(_leave, deps(), read_token(request), read_me(request))
    # A POST is the script's, which has gone ahead: our content policy lets no form follow a redirect elsewhere.
    response = Response(status=204) if request.method == "POST" else redirect(destination, 303)
    clear(response)
    looks.forget(response)
    return response


@blueprint.get("/list")
def aside() -> str:
    """The ordinary page behind "Hide", for a browser without script; its title leads back."""
    return render_template("pages/aside.html")


def _leave(lean: Deps, token: str, me: str) -> str:
    try:
        browsers.end_by_token(lean, me)
        access = access_of_token(lean, token)
        if access is None:
            return DESTINATIONS[DEFAULT]
        group = group_of(lean, access)
        _end(lean, access)
    except StoreDown:
        return DESTINATIONS[DEFAULT]  # she must get away whatever the database does
    return DESTINATIONS.get(group.settings.leave_to if group else DEFAULT, DESTINATIONS[DEFAULT])


def _end(lean: Deps, access: Access) -> None:
    if access.state == "in":
        with suppress(Refused):  # the session is over, or she had left: there is nothing to leave
            perform(lean, access.session_id, LeaveSession(), by=access.seat_id)
    lean.store.end_accesses(access.session_id, access_id=access.id)
    cut(lean, (access.id,), "access_expired")
