"""Shapes that every panel shares: the one announcement, a person who can be named, a worded answer."""

from __future__ import annotations

from companion.core.values import Value


class NewsView(Value, frozen=True):
    """One sentence about her own affairs; ``urgent`` only for "it is your turn"."""

    code: str = ""
    name: str = ""
    count: int = 0
    urgent: bool = False


class PersonView(Value, frozen=True):
    """Somebody who can be named in a button."""

    seat: str
    alias: str


class AnswerView(Value, frozen=True):
    """A worded answer and who gave it."""

    reply: str
    by: str
