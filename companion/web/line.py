"""Where Twilio says that somebody has called, pressed keys or sent a text. Only what is signed is believed.

Twilio gives no time with its signature, so an old request cannot be told from a new one. It does no harm: what it asks
has had its effect once already, and opens nothing once the evening is over.
"""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from companion import drawing, server
from companion.ports import BadReport, Heard, Waiting, Way
from companion.service import phone_line
from companion.service.line_callers import hashed
from companion.service.line_pins import DIGITS
from companion.service.phone_line import Said
from companion.web import throttle
from companion.web.guards import deps
from companion.web.limits import may_tap
from companion.web.signed import hook

blueprint = Blueprint("line", __name__, url_prefix="/hooks/line")
log = logging.getLogger("companion.web")
LONGEST = 8_192  # bytes; a real one has one or two thousand
REQUESTS = "600 per minute"  # many, since all of Twilio's come from a few addresses
STATUS = {"forged": 401, "stale": 401, "oversized": 413, "malformed": 400, "unknown": 404}


@blueprint.post("/voice")
@throttle.limiter.limit(REQUESTS)
def voice() -> Response:
    """A call begins: it is asked for nine digits, whoever it is."""
    return _spoken(_heard("call"), Said("number", then="digits"))


@blueprint.post("/keys")
@throttle.limiter.limit(REQUESTS)
def keys() -> Response:
    """Nine digits, one key, or silence."""
    heard = _heard("call")
    return _spoken(heard, _answer(heard))


@blueprint.post("/text")
@throttle.limiter.limit(REQUESTS)
def text() -> Response:
    """A text: nine digits, a key or a word."""
    heard = _heard("text")
    said = _answer(heard)
    return _xml(deps().line.write(drawing.line_sentence(said.code, said.language)))


@blueprint.errorhandler(BadReport)
def refused(error: BadReport) -> tuple[Response, int]:
    """Why not, in one word."""
    log.info("line refused reason=%s", error.problem)
    return jsonify(ok=False, code=error.problem), STATUS[error.problem]


def _heard(way: Way) -> Heard:
    return deps().line.hear(way, hook(LONGEST))


def _answer(heard: Heard) -> Said:
    if not may_tap(f"line {hashed(deps(), heard.who)}"):
        return phone_line.too_fast(heard)
    return server.off_loop(phone_line.answer, deps(), throttle.guesses(), heard)


def _spoken(heard: Heard, said: Said) -> Response:
    line = deps().line
    language = said.language if said.language in line.voices else "en"
    return _xml(line.speak(drawing.line_sentence(said.code, language), language, _waits_for(heard.waited, said)))


def _waits_for(waited: Waiting, said: Said) -> Waiting | None:
    if said.then == "nothing":
        return None
    silent = waited.silent + 1 if said.code == "" else 0
    return Waiting(DIGITS if said.then == "digits" else 1, waited.step + 1, silent)


def _xml(body: str) -> Response:
    return Response(body, content_type="text/xml; charset=utf-8")
