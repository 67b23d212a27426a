"""The shapes of what facilitators see of the call itself: hints from platforms, which may be late or missing."""

from __future__ import annotations

from typing import Literal

from companion.core.model import InTheCall
from companion.core.values import Value
from companion.core.views.common_regions import PersonView


class CallerView(Value, frozen=True):
    """One connection to the call: of a seat, or of somebody whom nobody has recognised yet."""

    person: str
    where: InTheCall
    seat: str = ""
    alias: str = ""  # or the name that stands in the call
    hand: bool = False


class PairView(Value, frozen=True):
    """A one-to-one that is open, for a page that can take both into a room of the call."""

    request: str
    aliases: tuple[str, str]
    one: tuple[str, ...]  # their connections
    other: tuple[str, ...]
    moved: Literal["", "mine", "theirs", "given_up"]  # whose page has taken it on


class CallView(Value, frozen=True):
    """Who is in the call, who waits outside it, who is unknown there, and what a page beside it has to do."""

    shown: bool
    people: tuple[CallerView, ...] = ()
    waiting: tuple[CallerView, ...] = ()
    unknown: tuple[CallerView, ...] = ()
    gone: tuple[PersonView, ...] = ()  # in the room, were in the call, and are not any more
    seats: tuple[PersonView, ...] = ()  # whom an unknown one may be
    turn: int = 0
    speaking: tuple[str, ...] = ()  # the speaker's connections
    pairs: tuple[PairView, ...] = ()
    moves: bool = False  # whether the group has its one-to-ones in rooms of the call
    spares: int = 0  # how many rooms for them are made ahead where none can be made later
