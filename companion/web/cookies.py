"""Cookies with neutral names: one holds the token of an access, another that of a knock by voice; a third is a mark
that script sets when somebody leaves without a connection, so that the first opens nothing any more. Two more are for
staff at the desk: being signed in, and having proved a moment ago who one is. The last says that this browser is the
one inside the program of a call, and opens nothing.
"""

from __future__ import annotations

from flask import Request, g
from flask import session as browser_session
from werkzeug.wrappers import Response

from companion.service.joining import ACCESS_HOURS
from companion.service.knocking import is_knock
from companion.settings import Settings
from companion.web.guards import deps

SECONDS = ACCESS_HOURS * 3600


def access_cookie(settings: Settings) -> str:
    """The name of the cookie that holds an access."""
    return "__Host-id" if settings.secure else "id"


def knock_cookie(settings: Settings) -> str:
    """The name of the cookie that holds a knock; apart, so that a stray link cannot take anybody's seat away."""
    return "__Host-at" if settings.secure else "at"


def out_cookie(settings: Settings) -> str:
    """The name of the mark that script leaves behind on its way out (static/js/leave.js)."""
    return "__Host-out" if settings.secure else "out"


def read_token(request: Request) -> str:
    """The token of this browser's access, or nothing.

    That of a knock is none, even where somebody puts it into the other cookie: what it opens would tell whether the
    link leads somewhere.
    """
    token = "" if g.get("left") else request.cookies.get(access_cookie(deps().settings), "")
    return "" if is_knock(token) else token


def set_access(response: Response, token: str) -> None:
    """Give this browser its access, which replaces the one before; a knock has then had its answer."""
    _set(response, access_cookie(deps().settings), token)
    _delete(response, knock_cookie(deps().settings))


def read_knock(request: Request) -> str:
    """The token of this browser's knock, or nothing."""
    return request.cookies.get(knock_cookie(deps().settings), "")


def set_knock(response: Response, token: str) -> None:
    """Remember the knock until it is answered."""
    _set(response, knock_cookie(deps().settings), token)


def clear(response: Response) -> None:
    """Take both away, and whatever this browser was in the midst of, at the desk as well."""
    browser_session.clear()
    clear_me(response)
    _delete(response, access_cookie(deps().settings))
    _delete(response, knock_cookie(deps().settings))
    _delete(response, out_cookie(deps().settings))
    _delete(response, side_cookie(deps().settings))


def side_cookie(settings: Settings) -> str:
    """The name of the mark of a browser that stands beside a call, inside the program of the call."""
    return "__Host-side" if settings.secure else "side"


def set_side(response: Response) -> None:
    """Mark it until it closes."""
    _set(response, side_cookie(deps().settings), "1", max_age=None)


def read_side(request: Request) -> bool:
    """Whether it is marked. Anybody may mark her own: it says which script to load, and gives no right."""
    return side_cookie(deps().settings) in request.cookies


def me_cookie(settings: Settings) -> str:
    """The name of the cookie with which staff are signed in at the desk."""
    return "__Host-me" if settings.secure else "me"


def proof_cookie(settings: Settings) -> str:
    """The name of the cookie that shows contacts for a few minutes; the one above alone shows none."""
    return "__Host-now" if settings.secure else "now"


def read_me(request: Request) -> str:
    """The token with which this browser is signed in, or nothing."""
    return "" if g.get("left") else request.cookies.get(me_cookie(deps().settings), "")


def read_proof(request: Request) -> str:
    """The proof that this browser holds, or nothing."""
    return request.cookies.get(proof_cookie(deps().settings), "")


def set_me(response: Response, token: str, proof: str = "") -> None:
    """Signed in, until the browser closes or the desk says otherwise."""
    _set(response, me_cookie(deps().settings), token, max_age=None)
    if proof:
        _set(response, proof_cookie(deps().settings), proof, max_age=None)


def clear_me(response: Response) -> None:
    """No longer signed in."""
    _delete(response, me_cookie(deps().settings))
    _delete(response, proof_cookie(deps().settings))


def forget_mark(response: Response) -> None:
    """The mark of leaving has done its work."""
    _delete(response, out_cookie(deps().settings))


def _set(response: Response, name: str, token: str, max_age: int | None = SECONDS) -> None:
    response.set_cookie(
        name, token, max_age=max_age, path="/", secure=deps().settings.secure, httponly=True, samesite="Lax"
    )


def _delete(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=deps().settings.secure, httponly=True, samesite="Lax")
