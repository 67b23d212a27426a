"""Reads a delivery status notification (RFC 3464): which of our letters it is about, and what became of it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from companion.ports import BadReport, Report
from companion.records import Letter, Outcome, Trouble
from companion.service import reports
from companion.service.deps import Deps

LONGEST = 512 * 1024  # bytes
REFERENCE = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
CAME_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
ACTIONS: dict[str, Outcome] = {"failed": "failed", "delivered": "delivered", "delayed": "sent", "relayed": "sent"}


def receive(deps: Deps, raw: bytes) -> Letter:
    """Write down what a notification says. Raises BadReport: it is none, or is about no letter of ours."""
    if len(raw) > LONGEST:
        raise BadReport("oversized")
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    status = _status(message)
    # Only who has seen the letter, or carried it, can know its reference: what does not name one is forged or strange.
    letter = reports.letter_of(deps, "mail", _references(message))
    if letter is None:
        raise BadReport("unknown")
    return reports.note(deps, letter, status)


def _status(message: Message) -> Report:
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        raise BadReport("malformed")
    for block in _blocks(message):
        outcome = ACTIONS.get(str(block.get("Action", "")).strip().lower())
        if outcome is not None:
            return Report(outcome, trouble=_trouble(str(block.get("Status", ""))) if outcome == "failed" else "")
    raise BadReport("malformed")


def _blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        content = part.get_payload() if part.get_content_type() == "message/delivery-status" else ()
        yield from (block for block in content if isinstance(block, Message))


def _references(message: Message) -> tuple[str, ...]:
    places = [str(value) for name in CAME_TO for value in message.get_all(name, [])]
    for part in message.walk():
        places += [str(value) for value in part.get_all("Original-Envelope-Id", [])]
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(str(part.get_payload()))
            places += [str(value) for value in headers.get_all("Message-ID", [])]
        elif part is not message:
            places += [str(value) for value in part.get_all("Message-ID", [])]
    return tuple(dict.fromkeys(found for place in places for found in REFERENCE.findall(place.lower())))


def _trouble(status: str) -> Trouble:
    # RFC 3463: x.1 is the address, x.2 the mailbox, x.7 a rule against us; 4 at the front was tried long enough.
    found = re.match(r"\s*([245])\.(\d{1,3})\.", status)
    if found is None:
        return "address"
    if found[1] == "4" or found[2] in ("3", "4"):
        return "later"
    return "refused" if found[2] in ("6", "7") else "address"
