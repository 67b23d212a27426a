"""Probes for whoever watches the machine: alive, and able to take a tap."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from companion import server
from companion.ports import StoreDown
from companion.web.guards import deps

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
def live() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """The database takes a write: red means that no tap can be kept."""
    try:
        server.off_loop(deps().store.ready)
    except StoreDown:
        return jsonify(status="not_sent"), 503
    return jsonify(status="ok"), 200
