"""The same ten commands in ten seconds for forms as for sockets; one count, kept by the application."""

from __future__ import annotations

from flask import current_app


def may_tap(seat_id: str) -> bool:
    """Whether this seat may send one more command now; counts it."""
    return bool(current_app.extensions["companion_limits"].may_tap(seat_id))
