"""The way in, as plain pages: a link with its passcode, a knock by voice, and the steps up to the waiting room.

Whatever is shown before the passcode is the same for links that lead somewhere and links that do not.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request
from flask import session as browser_session
from werkzeug.wrappers import Response

from companion import server
from companion.core.refusals import Refused
from companion.records import Access
from companion.service import alarms, arriving, joining, knocking
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.joining import Entered, WrongPasscode
from companion.service.passcodes import digits_of
from companion.web import looks, throttle
from companion.web.cookies import read_knock, read_token, set_access, set_knock
from companion.web.guards import deps
from companion.web.joining_forms import HelpForm, PasscodeForm
from companion.web.languages import language
from companion.web.seat import here_now
from companion.web.throttle import limiter

blueprint = Blueprint("joining", __name__)
Page = Response | str | tuple[str, int]
STATUS = {"too_fast": 429, "too_busy": 503}


@blueprint.get("/i/<token>")
@limiter.limit(throttle.LOOKS)
def link(token: str) -> Page:
    """The page of a link. Looks nothing up: previews and scanners may come as often as they like."""
    return _passcode_page(helped=browser_session.pop("helped", False))


@blueprint.post("/i/<token>")
@throttle.tries
def open_link(token: str) -> Page:
    """The passcode of this link. The page names no link, so its other buttons come here too and are sent on."""
    if request.form.get("ask") in ("voice", "help"):
        return redirect(f"/i/{token}/{request.form['ask']}", 307)
    if request.form.get("ask") == "language":
        return _in_language(token, request.form.get("language", ""))
    form = PasscodeForm()
    digits = digits_of(form.passcode.data or "")
    if not digits:
        return _passcode_page(problem="not_eight", status=422)
    try:
        entered = server.off_loop(
            _enter, deps(), token, digits, throttle.guesses(), throttle.address(), language(), _current()
        )
    except WrongPasscode as wrong:
        deps().meters.refused("wrong_passcode")
        # After the answer, as a knock is: what rings at a live link must not be heard in the time that this takes.
        server.spawn(server.off_loop, alarms.wrong_passcode, deps(), token)
        return _passcode_page(problem="wrong_passcode", left=wrong.left, status=422)
    except Refused as refused:
        deps().meters.refused(refused.reason)
        return _passcode_page(problem=refused.reason, status=STATUS.get(refused.reason, 422))
    return _onward(entered)


@blueprint.post("/i/<token>/voice")
@limiter.limit(throttle.KNOCKS, key_func=throttle.address_and_link)
@limiter.limit(throttle.KNOCKS_FROM_ONE_PLACE)
def knock(token: str) -> Page:
    """Ask to be let in by voice. The answer goes out before the bell rings, so its time tells nothing."""
    knocked = knocking.new_knock(deps(), token)
    server.spawn(server.off_loop, knocking.ring, deps(), token, knocked, language())
    response = redirect(f"/i/{token}/voice", 303)
    set_knock(response, knocked)
    return response


@blueprint.get("/i/<token>/voice")
@limiter.limit(throttle.LOOKS)
def look_again(token: str) -> Page:
    """The number to say; once a facilitator has let her in, the way on."""
    knocked = read_knock(request)
    if not knocking.is_for(deps(), token, knocked):
        return redirect(f"/i/{token}", 303)
    answer, entered = server.off_loop(knocking.answer, deps(), knocked)
    if entered is not None:
        return _onward(entered)
    return render_template("joining/voice.html", answer=answer, number=knocking.number(deps(), knocked))


@blueprint.post("/i/<token>/help")
@limiter.limit(throttle.KNOCKS, key_func=throttle.address_and_link)
@limiter.limit(throttle.KNOCKS_FROM_ONE_PLACE)
def cannot_get_in(token: str) -> Page:
    """ "I can't get in": a ticket for the tech helpers, if there are any behind this link."""
    form = HelpForm()
    if not form.validate():
        return _passcode_page(problem="too_long", status=422)
    server.spawn(server.off_loop, knocking.cannot_get_in, deps(), token, form.words.data or "")
    browser_session["helped"] = True
    return redirect(f"/i/{token}", 303)


def _in_language(token: str, code: str) -> Response:
    response = redirect(f"/i/{token}", 303)
    looks.choose_language(response, code)
    return response


def _passcode_page(*, problem: str = "", left: int = 0, helped: bool = False, status: int = 200) -> tuple[str, int]:
    page = render_template("joining/passcode.html", problem=problem, left=left, helped=helped)
    return page, status


def _current() -> Access | None:
    # Also where this browser sends the passcode once more, because it never heard that it was let in.
    access = here_now()
    again = server.off_loop(_renewed, deps(), read_token(request)) if access is None else None
    return again.access if again else access


def _renewed(lean: Deps, token: str) -> Entered | None:
    return joining.renewed_already(lean, token, passcode=True)


def _enter(
    lean: Deps, token: str, digits: str, guesses: Guesses, address: str, asked: str, current: Access | None
) -> Entered:
    entered = joining.enter(lean, guesses, token, digits, address, asked, current)
    if entered.access.state == "joining" and arriving.next_step(entered.access) == "enter":
        # Staff go straight on; where that is not possible yet, the next page says why.
        with suppress(Refused):
            return arriving.take_seat(lean, entered.access)
    return entered


def _onward(entered: Entered) -> Response:
    response = redirect("/join", 303)
    set_access(response, entered.token)
    return response
