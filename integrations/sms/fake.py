"""A text gateway that keeps texts in a list, and fails when told to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from companion.ports import BadReport, DeliveryFailed, Hook, Report

TOKEN = "the fake gateway's token"  # noqa: S105 - opens nothing


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it left."""

    to: str
    body: str
    reference: str


@dataclass
class FakeTexter:
    """Implements ports.Texter. Put failures in ``failures`` and they are raised first, one a text.

    A failure in ``after`` is raised once the text has been taken, as when the line breaks before the answer comes.
    """

    name: str = "fake"
    sent: list[Text] = field(default_factory=list)
    failures: list[DeliveryFailed] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    can_be_asked: bool = True

    def send(self, to: str, body: str, reference: str) -> str:
        """Keep it, unless a failure is due."""
        if not to.startswith("+") or not to[1:].isdecimal():
            raise DeliveryFailed("this is not a number", permanent=True, trouble="number")
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(Text(to, body, reference))
        if self.after:
            raise self.after.pop(0)
        return f"fake-{reference}"

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Whether it was kept."""
        if not self.can_be_asked:
            raise DeliveryFailed("nobody can tell", trouble="unsure")
        return f"fake-{reference}" if any(text.reference == reference for text in self.sent) else None

    def read_report(self, hook: Hook) -> Report:
        """A report in our own words, with a token."""
        if hook.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise BadReport("forged")
        try:
            return Report(**json.loads(hook.body))
        except (ValueError, TypeError):
            raise BadReport("malformed") from None
