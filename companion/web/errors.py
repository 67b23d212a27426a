"""One place where a refusal or a fault becomes a calm page."""

from __future__ import annotations

import logging

from flask import Blueprint, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from companion import drawing
from companion.core.refusals import Refused
from companion.core.telling import reason_told
from companion.ports import StoreDown
from companion.web.guards import deps
from companion.web.languages import language

blueprint = Blueprint("errors", __name__)
log = logging.getLogger("companion.web")
STATUS = {
    "no_access": 401,
    "access_expired": 401,
    "wrong_origin": 403,
    "too_long": 413,
    "too_fast": 429,
    "call_away": 503,
}


@blueprint.app_errorhandler(Refused)
def refused(error: Refused) -> tuple[str, int]:
    """The rules say no."""
    log.info("refused reason=%s", reason_told(error.reason))
    deps().meters.refused(error.reason)
    return _page(error.reason, STATUS.get(error.reason, 422))


@blueprint.app_errorhandler(StoreDown)
def store_down(error: StoreDown) -> tuple[str, int]:
    """The database cannot take it: nothing was kept, and the page says so with the telephone number."""
    log.error("not sent: the database cannot be used")
    deps().meters.refused("not_sent")
    return _page("not_sent", 503)


@blueprint.app_errorhandler(CSRFError)
def stale_form(error: CSRFError) -> tuple[str, int]:
    """A form that was open too long, or came from elsewhere."""
    log.info("refused reason=wrong_origin form")
    deps().meters.refused("wrong_origin")
    return _page("wrong_origin", 400)


@blueprint.app_errorhandler(HTTPException)
def plain(error: HTTPException) -> tuple[str, int]:
    """No such page, too long a form, a wrong method."""
    status = error.code or 500
    code = {413: "too_long", 429: "too_fast"}.get(status, "no_such_page" if status < 500 else "our_fault")
    deps().meters.refused(code)
    return _page(code, status)


@blueprint.app_errorhandler(Exception)
def our_fault(error: Exception) -> tuple[str, int]:
    """A bug of ours: the traceback to the log, an apology to the person."""
    log.error("a fault of ours at %s", request.endpoint, exc_info=error)
    deps().meters.refused("our_fault")
    return _page("our_fault", 500)


def _page(code: str, status: int) -> tuple[str, int]:
    sentence = drawing.refusal(code, language())
    return render_template("pages/message.html", code=code, refusal=sentence, status=status), status
