"""Our own static files, under a prefix that changes with any of them, so that a phone may keep them."""

from __future__ import annotations

from flask import Blueprint, abort, send_from_directory
from werkzeug.wrappers import Response

from companion import drawing
from companion.bundles import bundle

blueprint = Blueprint("files", __name__)
A_YEAR = 31_536_000


@blueprint.get("/static/<release>/<path:path>")
def file(release: str, path: str) -> Response:
    """One file of this release; an older release's page is drawn again, so it has no claim to its files."""
    if release != drawing.release():
        abort(404)
    joined = bundle(drawing.STATIC, path)
    if joined is not None:
        response = Response(joined[0], mimetype=joined[1])
    else:
        response = send_from_directory(drawing.STATIC, path, max_age=A_YEAR)
        # Small files are read at once, so that they can be packed.
        response.direct_passthrough = False
        response.set_data(response.get_data())
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Nobody indexes these pages."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
