"""What somebody was about to do when the desk asked her who she is: sealed into the page, and done after her answer.

A page comes back by its address. A form is posted once more: the answer redirects with 307, so the browser sends the
same body again, and the form that was sealed in it takes the place of the one that unlocked.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from flask import redirect, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from companion.service.staff.browsers import LIFE
from companion.web.guards import deps

FIELD = "kept"
OURS = (FIELD, "csrf_token")


@dataclass(frozen=True, slots=True)
class Kept:
    """A request that waits."""

    account_id: str
    method: str
    path: str
    fields: list[tuple[str, str]]


def of_request(account_id: str) -> str:
    """The request of just now, sealed for this account alone. Files are not kept: they are chosen again."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    plain = json.dumps([account_id, request.method, path, fields], ensure_ascii=False)
    return _seal().encrypt(zlib.compress(plain.encode(errors="replace"), 9)).decode()


def carried() -> str:
    """What the form of just now carries on."""
    return request.form.get(FIELD, "")


def go_on(account_id: str) -> Response:
    """On to where she was going."""
    found = _opened(carried(), account_id)
    if found is None:
        return redirect("/desk", 303)
    return redirect(found.path, 303 if found.method == "GET" else 307)


def put_back(account_id: str) -> None:
    """Where this request was kept a moment ago: its own fields again."""
    found = _opened(carried(), account_id) if request.method == "POST" else None
    if found is not None and found.path == request.path and found.method == "POST":
        token = [("csrf_token", request.form.get("csrf_token", ""))]
        request.form = ImmutableMultiDict([*token, *found.fields])


def _opened(sealed: str, account_id: str) -> Kept | None:
    try:
        plain = zlib.decompress(_seal().decrypt(sealed.encode(), ttl=int(LIFE["in"].total_seconds())))
    except (InvalidToken, zlib.error):
        return None
    owner, method, path, fields = json.loads(plain)
    if owner != account_id:
        return None
    return Kept(owner, method, path, [(name, value) for name, value in fields])


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(deps().sealer.signing("kept forms")))
