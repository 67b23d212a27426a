"""What a field of a command may hold, said once and checked by ``parsing``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, get_args

from companion.core.values import Value, defaults


class Allowed(Value, frozen=True):
    """What a message may put into a field. ``kind`` says how it is read, the others what bounds it."""

    kind: Literal["text", "ref", "choice", "whole", "flag"]
    limit: int = 0  # characters
    needed: bool = False
    options: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


class Field(Value, frozen=True):
    """A field of a command: its name, what a message may put there, and what it is where nothing is said.

    Without ``allowed`` only the service sets it; a field by this name in a message is unknown.
    """

    name: str
    allowed: Allowed | None
    default: Any


def text(limit: int, *, needed: bool = False) -> Allowed:
    """Free text of at most ``limit`` characters; ``needed`` if it may not be empty."""
    return Allowed("text", limit=limit, needed=needed)


def ref() -> Allowed:
    """The opaque id of a seat, ticket, request or device."""
    return Allowed("ref", limit=64)


def choice(options: Any) -> Allowed:
    """One of the members of a Literal type."""
    return Allowed("choice", options=get_args(options))


def whole(low: int, high: int) -> Allowed:
    """A whole number from ``low`` to ``high``, both included."""
    return Allowed("whole", low=low, high=high)


@cache
def fields_of(command: type[Value]) -> tuple[Field, ...]:
    """The fields of a command in their order. Its module does not put off annotations, since they are read here."""
    hints = command.__annotations__
    return tuple(Field(name, _allowed(hints[name]), default) for name, default in defaults(command).items())


def _allowed(hint: Any) -> Allowed | None:
    return next((about for about in getattr(hint, "__metadata__", ()) if isinstance(about, Allowed)), None)


Id = Annotated[str, ref()]
Flag = Annotated[bool, Allowed("flag")]
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
