"""Text messages, and what gateways report of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from companion.ports.troubles import BadReport, DeliveryFailed
from companion.records import Outcome, Trouble


@dataclass(frozen=True, slots=True)
class Hook:
    """A request that says it comes from a gateway. ``url`` is the address as people outside write it."""

    url: str
    headers: Mapping[str, str]  # names as in X-Twilio-Signature
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one text. ``letter`` is our own id where the gateway carries it, ``reference`` the gateway's."""

    outcome: Outcome
    letter: str = ""
    reference: str = ""
    trouble: Trouble = ""
    once: str = ""  # what tells this report from its copy, where the gateway says it


class Texter(Protocol):
    """Sends text messages by one gateway."""

    name: str  # also in the address that its reports come to; empty: there is no gateway

    def send(self, to: str, body: str, reference: str) -> str:
        """Send it now to a number in E.164; returns the gateway's own id. Raises DeliveryFailed."""

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """The gateway's id of a text that it may have taken, or None if it certainly has not.

        Raises DeliveryFailed where nobody can tell.
        """

    def read_report(self, hook: Hook) -> Report:
        """What this request reports, once it is certain that the gateway sent it. Raises BadReport."""


class NoTexts:
    """There is no text gateway: what is posted waits until the operator has set one up."""

    name = ""

    def send(self, to: str, body: str, reference: str) -> str:
        """Nothing leaves."""
        raise _none()

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Nobody can be asked."""
        raise _none()

    def read_report(self, hook: Hook) -> Report:
        """Nobody can have anything to report."""
        raise BadReport("forged")


def _none() -> DeliveryFailed:
    return DeliveryFailed("no text gateway is set up", trouble="credentials")
