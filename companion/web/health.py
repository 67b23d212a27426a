"""Probes for whoever watches the machine: alive, and able to take a tap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, current_app, jsonify

from companion.handover import Together
from companion.ports import Store, StoreDown
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
        _looks().do(None)
    except StoreDown:
        return jsonify(status="not_sent"), 503
    return jsonify(status="ok"), 200


def _looks() -> Together[None, None]:
    # Whoever asks while somebody is asking hears the next answer: however often the world asks, taps lose one thread.
    found = current_app.extensions.get("companion_looks")
    if found is None:
        found = current_app.extensions.setdefault("companion_looks", Together(partial(_look, deps().store)))
    assert isinstance(found, Together)  # noqa: S101 - tells mypy the truth
    return found


def _look(store: Store, asked: Sequence[None]) -> Sequence[None]:
    store.ready()
    return asked
