"""What a field of a command may hold, said once and checked by ``parsing``."""

from __future__ import annotations

from dataclasses import MISSING, Field, field
from datetime import datetime
from typing import Any, Literal, get_args


def words(limit: int, *, needed: bool = False) -> Any:
    """Free text of at most ``limit`` characters; optional unless ``needed``."""
    return _field({"kind": "words", "limit": limit, "needed": needed}, MISSING if needed else "")


def ref(*, needed: bool = True) -> Any:
    """The opaque id of a seat, ticket, request or device."""
    return _field({"kind": "ref", "limit": 64}, MISSING if needed else None)


def choice(options: Any, default: Any = MISSING) -> Any:
    """One of the members of a Literal type."""
    return _field({"kind": "choice", "options": get_args(options)}, default)


def whole(low: int, high: int, default: Any = MISSING) -> Any:
    """A whole number from ``low`` to ``high``, both included."""
    return _field({"kind": "whole", "low": low, "high": high}, default)


def flag(default: bool = False) -> Any:
    """Yes or no."""
    return _field({"kind": "flag"}, default)


def inner(default: Any = None) -> Any:
    """A value that only the service sets; a field by this name in a message is unknown."""
    return _field({"kind": "inner"}, default)


def _field(metadata: dict[str, Any], default: Any) -> Any:
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


Step = Literal[
    "unmute",
    "volume",
    "headphones",
    "camera_off",
    "close_apps",
    "closer",
    "rejoin",
    "restart",
    "other_browser",
    "by_phone",
]
Reply = Literal["here_for_you", "take_your_time", "talk_one_to_one", "stay_quiet", "subject_changed", "call_you"]
Activity = Literal["energy_exchange", "drama_triangle", "breathing"]
DoorMessage = Literal["two_minutes", "soon", "after_this_turn", "please_call"]
Keep = Literal["both", "new", "old"]
Direction = Literal["up", "down"]
AnyField = Field[Any]
When = datetime | None
