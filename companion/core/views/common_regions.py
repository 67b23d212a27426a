"""Shapes that every panel shares: the one announcement, a person who can be named, a worded answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewsView:
    """One sentence about her own affairs; ``urgent`` only for "it is your turn"."""

    code: str = ""
    name: str = ""
    count: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who can be named in a button."""

    seat: str
    alias: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A worded answer and who gave it."""

    reply: str
    by: str
