"""A telephone number at which people press keys or text a word, and the service that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from companion.ports.texts import Hook
from companion.ports.troubles import BadReport

Way = Literal["call", "text"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a call waits for: how many keys, which step of the call that is, and how many were silent before it."""

    keys: int
    step: int
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that came in. ``who`` is the call, or the number that texts; ``number`` is shared by those who hide it.

    ``once`` tells it from its copy; ``said`` is the keys or the words; ``waited`` what a call was waiting for.
    """

    way: Way
    who: str
    number: str
    once: str
    said: str
    waited: Waiting


class Line(Protocol):
    """Reads what comes in and words what is answered. All of it is plain computing: nobody is asked anything."""

    numbers: tuple[str, ...]  # in E.164; empty: there is no line
    voices: frozenset[str]  # the languages that it can speak

    def hear(self, way: Way, hook: Hook) -> Heard:
        """What this request says, once it is certain where it comes from. Raises BadReport."""

    def speak(self, words: str, language: str, waits_for: Waiting | None) -> str:
        """The answer to a call: words, perhaps none, and what it waits for then; None: it hangs up."""

    def write(self, words: str) -> str:
        """The answer to a text; no words: none is sent."""


class NoLine:
    """There is no line, and nobody can have called it."""

    numbers: tuple[str, ...] = ()
    voices: frozenset[str] = frozenset()

    def hear(self, way: Way, hook: Hook) -> Heard:
        """Whatever says so is not believed."""
        raise BadReport("forged")

    def speak(self, words: str, language: str, waits_for: Waiting | None) -> str:
        """Nobody listens."""
        return ""

    def write(self, words: str) -> str:
        """Nobody reads."""
        return ""
