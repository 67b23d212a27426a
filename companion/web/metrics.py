"""Numbers of this node for Prometheus; no such page where no token is set."""

from __future__ import annotations

import platform
from hmac import compare_digest

from flask import Blueprint, Response, abort, current_app, request

from companion import drawing, server
from companion.ports import Gauges
from companion.service import watching
from companion.web.guards import deps

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Everything that is counted, for whoever shows the token."""
    token = deps().settings.metrics_token
    if not token:
        abort(404)
    shown = request.headers.get("Authorization", "")
    if not compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"})
    pages = current_app.extensions["companion_pages"]()  # before anything waits: it belongs to the loop
    gauges = Gauges(pages, server.off_loop(watching.outbox, deps()), _build())
    body, media_type = deps().meters.page(gauges)
    return Response(body, content_type=media_type)


def _build() -> dict[str, str]:
    kept = deps().settings
    return {"files": drawing.release(), "server": kept.server, "python": platform.python_version()}
