"""Our own static files, under a prefix that changes with any of them, so that a phone may keep them."""

from __future__ import annotations

import mimetypes
from functools import lru_cache

import brotli
from flask import Blueprint, abort, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from companion import drawing
from companion.bundles import bundle

blueprint = Blueprint("files", __name__)
A_YEAR = 31_536_000
WORTH_PACKING = ("text/", "image/svg+xml", "application/json")


@blueprint.get("/static/<release>/<path:path>")
def file(release: str, path: str) -> Response:
    """One file of this release; an older release's page is drawn again, so it has no claim to its files."""
    found = _read(path) if release == drawing.release() else None
    if found is None:
        abort(404)
    body, kind = found
    response = Response(body, mimetype=kind)
    if kind.startswith(WORTH_PACKING):
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["br"]:
            response.set_data(_packed(path))
            response.content_encoding = "br"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Nobody indexes these pages."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@lru_cache(maxsize=256)
def _read(path: str) -> tuple[bytes, str] | None:
    joined = bundle(drawing.STATIC, path)
    if joined is not None:
        return joined
    where = safe_join(str(drawing.STATIC), path)
    try:
        with open(where or "", "rb") as kept:
            return kept.read(), mimetypes.guess_type(path)[0] or "application/octet-stream"
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=256)
def _packed(path: str) -> bytes:
    # As small as can be, once: a file never changes while its release is served (web/thrift.py packs what does).
    found = _read(path)
    return brotli.compress(found[0], quality=11) if found else b""
