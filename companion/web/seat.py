"""A seat's own page: its panel drawn whole, and the redirects to the call and to a private room."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from companion import drawing, server
from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.core.views import panel_for
from companion.ports import Entry
from companion.records import Access, Group
from companion.service import calls, locking, presence
from companion.service.accesses import access_of_token, as_decided, connect_key, form_tap
from companion.service.beside import beside
from companion.service.deps import Deps
from companion.service.joining import WrongPasscode
from companion.service.passcodes import digits_of
from companion.web import throttle
from companion.web.cookies import read_me, read_side, read_token, set_access
from companion.web.guards import deps
from companion.web.languages import language

blueprint = Blueprint("seat", __name__)
Page = Response | tuple[str, int] | tuple[str, int, dict[str, str]]
EVERY = "30"  # seconds
WIDE = "/here/wide"
STATUS = {"too_fast": 429, "too_busy": 503}


def here_now() -> Access | None:
    """The access of the browser that asks, in whatever state, unless it has run out."""
    lean = deps()
    access = server.off_loop(access_of_token, lean, read_token(request))
    if access is None or access.state == "ended" or access.expires_at <= lean.clock():
        return None
    return access


@blueprint.get("/here")
def here() -> Page:
    """The page of this seat."""
    access = here_now()
    if access is None:
        return gone()
    page = draw_here(access)
    if request.args.get("every") != EVERY or not isinstance(page, tuple):
        return page
    # For a browser without script, and only where she asked for it: a page that comes by itself takes half-typed words.
    return (*page, {"Refresh": f"{EVERY}; url=/here?every={EVERY}"})


def draw_here(access: Access, refusal: str = "", status: int = 200, *, wide: bool = False) -> Page:
    """The page of a seat, with the sentence of a refusal where a form was refused; ``wide`` has the call beside it."""
    if access.state in ("door", "joining"):
        return redirect("/join", 303)
    if server.off_loop(_locks, deps(), access):
        return locked_page(access)
    access, state = server.off_loop(_look, deps(), access)
    if access.state == "ended":
        return gone()
    if access.state == "held":
        return render_template("pages/hold.html", language=access.language), status
    if state is None:
        return _after_closing(access)
    seat = state.seat(access.seat_id)
    if seat.state not in ("waiting", "seated"):
        return gone()
    tap = form_tap(deps(), access)
    regions = drawing.draw_panel(seat.role, panel_for(state, seat.id), access.language, tap)
    page = render_template(
        "pages/wide.html" if wide else "pages/here.html",
        regions=regions,
        number=seat.number,
        key=connect_key(deps(), access),
        role=seat.role,
        seat=seat.id,
        language=access.language,
        refusal=refusal,
        tap=tap,
        every=EVERY,
        by_itself=request.args.get("every") == EVERY,
        beside=server.off_loop(beside, deps(), access),
        in_zoom=seat.role == "facilitator" and not wide and read_side(request),
        my_caller=seat.caller,
    )
    return page, status


@blueprint.get("/here/open")
def look_again() -> Page:
    """A wrong passcode leaves this address in the browser."""
    return redirect("/here", 303)


@blueprint.post("/here/open")
@throttle.tries
def unlock() -> Page:
    """The passcode again, after a silence: the same browser, the same seat."""
    access, digits = here_now(), digits_of(request.form.get("passcode", "")[:100])
    if access is not None and not server.off_loop(locking.is_locked, deps(), access):
        return redirect(WIDE if _is_wide() else "/here", 303)
    if not digits:
        return locked_page(access, problem="not_eight", status=422)
    try:
        # The cookie may be that of a moment ago: a double click, or an answer that was lost.
        entered = server.off_loop(
            locking.unlock, deps(), throttle.guesses(), read_token(request), digits, throttle.address()
        )
    except WrongPasscode as wrong:
        deps().meters.refused("wrong_passcode")
        return locked_page(access, problem="wrong_passcode", left=wrong.left, status=422)
    except Refused as refused:
        if refused.reason == "no_access":
            return gone()
        return locked_page(access, problem=refused.reason, status=STATUS.get(refused.reason, 422))
    response = redirect(WIDE if _is_wide() else "/here", 303)
    set_access(response, entered.token)
    return response


def locked_page(access: Access | None, *, problem: str = "", left: int = 0, status: int = 401) -> tuple[str, int]:
    """Nothing of the seat: a field for the passcode, in her language."""
    page = render_template(
        "pages/locked.html",
        problem=problem,
        left=left,
        language=access.language if access else language(),
        by_account=bool(
            read_me(request)
        ),  # whoever went in from the desk has no passcode, and goes in from there again
        wide=_is_wide(),
    )
    return page, status


@blueprint.get("/call")
def call() -> Page:
    """Our own redirect to the call, so that its address stands in no page."""
    return go_by(calls.into_the_call)


@blueprint.get("/room")
def room() -> Page:
    """Our own redirect to the private room of my one-to-one, for the two who are in it."""
    return go_by(calls.into_my_room)


def go_by(way_in: Callable[[Deps, Access], Entry | None]) -> Page:
    """Send this browser on to an address that stands in no page, or say why not. Raises Refused."""
    access = here_now()
    if access is not None and server.off_loop(locking.is_locked, deps(), access):
        return locked_page(access)
    if access is not None:
        access = server.off_loop(as_decided, deps(), access)
    if access is None or access.state != "in":
        return render_template("pages/gone.html"), 401
    try:
        entry = server.aside(way_in, deps(), access)
    except server.Crowded:
        raise Refused("call_away") from None
    if entry is None:
        raise Refused("request_moved_on")
    return redirect(entry.url, 303)


def gone() -> tuple[str, int]:
    """The page of a browser that has no seat here any more."""
    # Whoever stayed to the end reads a farewell; before the end, left, removed and timed out all look alike.
    page = "pages/closed.html" if server.off_loop(_is_over, deps(), read_token(request)) else "pages/gone.html"
    return render_template(page, came=None), 401


def group_of(lean: Deps, access: Access) -> Group | None:
    """The group whose session this browser is in."""
    planned = lean.store.session(access.session_id)
    return lean.store.group(planned.group_id) if planned else None


def _is_wide() -> bool:
    # Whoever had the call beside her panel comes back to it.
    return request.path == WIDE or request.form.get("page") == "wide"


def _locks(lean: Deps, access: Access) -> bool:
    # After the end there is nothing to lock: whoever stayed reads a farewell.
    return locking.is_locked(lean, access) and lean.store.load(access.session_id) is not None


def _look(lean: Deps, access: Access) -> tuple[Access, SessionState | None]:
    access = as_decided(lean, access)
    if access.state == "in":
        presence.form_used(lean, access)
    saved = lean.store.load(access.session_id)
    if saved is not None:
        locking.panel_is_read(lean, access)
    return access, saved.state if saved else None


def _after_closing(access: Access) -> tuple[str, int]:
    planned = server.off_loop(deps().store.session, access.session_id)
    came = planned.came if planned and access.role == "facilitator" else None
    return render_template("pages/closed.html", came=came, language=access.language), 200


def _is_over(lean: Deps, token: str) -> bool:
    access = access_of_token(lean, token)
    planned = lean.store.session(access.session_id) if access else None
    return planned is not None and planned.closed_at is not None
