"""The JSON twin of joining, for bots and native clients: one message in, a cookie and a connect key out."""

from __future__ import annotations

from typing import Any, get_args

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from companion import drawing, server, words
from companion.core.model import TakesPart
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.service import alarms, aliases, arriving, joining
from companion.service.accesses import connect_key
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.joining import Entered, WrongPasscode
from companion.service.passcodes import digits_of
from companion.web import throttle
from companion.web.cookies import access_cookie
from companion.web.guards import deps
from companion.web.languages import language

blueprint = Blueprint("api_join", __name__)
Answer = tuple[Response, int]
TEXTS = ("token", "passcode", "private_space", "alias", "language", "takes_part")
NEEDED = ("token", "passcode", "private_space")
KNOWN = frozenset({*TEXTS, "agreement", "avatar"})
STATUS = {
    "malformed": 400,
    "wrong_origin": 403,
    "wrong_passcode": 403,
    "passcode_retired": 403,
    "no_access": 403,
    "session_not_open": 409,
    "session_closed": 409,
    "too_long": 413,
    "too_fast": 429,
    "not_sent": 503,
    "too_busy": 503,
}


@blueprint.post("/api/join")
@throttle.tries
def join() -> Answer:
    """The whole of joining in one message."""
    _check_sender()
    asked = _read(request.get_json(silent=True))
    try:
        entered = server.off_loop(_join, deps(), asked, throttle.guesses(), throttle.address(), language())
    except WrongPasscode:
        server.spawn(server.off_loop, alarms.wrong_passcode, deps(), asked["token"])
        raise
    access = entered.access
    found = {
        "cookie": {"name": access_cookie(deps().settings), "value": entered.token},
        "key": connect_key(deps(), access),
        "seat": access.seat_id,
        "role": access.role,
        "state": access.state,
    }
    return jsonify(found), 200


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Answer:
    """A reason code and its sentence."""
    return _answer(error.reason)


@blueprint.errorhandler(WrongPasscode)
def wrong_passcode(error: WrongPasscode) -> Answer:
    """Not the passcode, and how many tries are left."""
    return _answer("wrong_passcode", left=error.left)


@blueprint.errorhandler(StoreDown)
def store_down(error: StoreDown) -> Answer:
    """The database cannot be used."""
    return _answer("not_sent")


@blueprint.errorhandler(HTTPException)
def other(error: HTTPException) -> Answer:
    """Too many requests, or too long a message."""
    return _answer({413: "too_long", 429: "too_fast"}.get(error.code or 500, "malformed"))


def _answer(code: str, **more: Any) -> Answer:
    deps().meters.refused(code)
    return jsonify(code=code, say=drawing.refusal(code, language()), **more), STATUS.get(code, 422)


def _check_sender() -> None:
    # A browser cannot send this from another site without asking first, which we never answer; and it always brings
    # cookies to its own site, where the plain pages are meant for it.
    origin = request.headers.get("Origin")
    if request.cookies or (origin is not None and origin not in deps().settings.allowed_origins):
        raise Refused("wrong_origin")
    if request.mimetype != "application/json":
        raise Refused("malformed")


def _read(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused("malformed")
    if set(given) - KNOWN:
        raise Refused("unknown_field")
    if any(given.get(name) in (None, "") for name in NEEDED):
        raise Refused("missing_field")
    if not all(isinstance(given.get(name) or "", str) for name in TEXTS):
        raise Refused("wrong_type")
    if any(len(given.get(name) or "") > 200 for name in TEXTS):
        raise Refused("too_long")
    _check_choices(given)
    return given


def _check_choices(given: dict[str, Any]) -> None:
    if given.get("agreement") is not True:
        raise Refused("tick_needed")
    avatar = given.get("avatar")
    if avatar is not None and (not isinstance(avatar, int) or isinstance(avatar, bool)):
        raise Refused("wrong_type")
    offered: tuple[tuple[object, Any], ...] = (
        (given["private_space"], ("yes", "not_sure", "no")),
        (given.get("takes_part"), get_args(TakesPart)),
        (given.get("language"), words.languages()),
        (avatar, aliases.AVATARS),
    )
    if any(value is not None and value not in choices for value, choices in offered):
        raise Refused("not_a_choice")


def _join(lean: Deps, asked: dict[str, Any], guesses: Guesses, address: str, spoken: str) -> Entered:
    digits = digits_of(asked["passcode"])
    if not digits:
        raise Refused("malformed")
    entered = joining.enter(lean, guesses, asked["token"], digits, address, spoken)
    access = entered.access
    for step in arriving.STEPS[:-1]:
        access = arriving.finish_step(lean, access, step)
    access = arriving.finish_step(
        lean,
        access,
        "alias",
        alias=aliases.cleaned(asked.get("alias") or "") or access.alias,
        avatar=asked.get("avatar"),
        takes_part=asked.get("takes_part"),
        language=asked.get("language"),
    )
    try:
        return arriving.take_seat(lean, access)
    except Refused:
        lean.store.end_accesses(access.session_id, access_id=access.id)  # nobody has the cookie of this one
        raise
