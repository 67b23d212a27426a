"""The words of letters, in the reader's language. Whoever glances at a list of mails learns nothing from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and a body in plain text."""

    subject: str
    body: str
