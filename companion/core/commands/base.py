"""The base of all commands."""

from __future__ import annotations

from companion.core.values import Value


class Command(Value, frozen=True):
    """Something a person, a connection or the clock asks for."""
