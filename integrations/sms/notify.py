"""Text messages by GOV.UK Notify, and its reports of what became of them."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt

from companion.ports import BadReport, DeliveryFailed, Hook, Report
from companion.records import Outcome, Trouble
from integrations import web
from integrations.sms import http

API = "https://api.notifications.service.gov.uk"
KEY = re.compile(
    r".*?-?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I
)
OUTCOMES: dict[str, tuple[Outcome, Trouble]] = {
    "created": ("sent", ""),
    "sending": ("sent", ""),
    "pending": ("sent", ""),
    "sent": ("sent", ""),
    "delivered": ("delivered", ""),
    "permanent-failure": ("failed", "number"),
    "temporary-failure": ("failed", "later"),  # her phone was off for three days
    "technical-failure": ("failed", "down"),
    "validation-failed": ("failed", "refused"),
    "virus-scan-failed": ("failed", "refused"),
}


class BadKey(ValueError):
    """The API key does not end in two UUIDs."""


class NotifyTexter:
    """Implements ports.Texter. The template has one hole, ((message)), and nothing else."""

    name = "notify"

    def __init__(
        self,
        key: str,
        template: str,
        callback: str,
        *,
        sender: str = "",
        api: str = "",
        read: float = http.READ,
        clock: Callable[[], float] = time.time,
    ) -> None:
        parts = KEY.fullmatch(key)
        if parts is None:
            raise BadKey("a key of GOV.UK Notify ends in two long numbers with dashes")
        self._service, self._secret = parts[1].lower(), parts[2].lower()
        self._template, self._callback, self._sender = template, callback, sender
        self._api = api or API
        self._read, self._clock = read, clock

    def send(self, to: str, body: str, reference: str) -> str:
        """Send it now."""
        text = {
            "phone_number": to,
            "template_id": self._template,
            "personalisation": {"message": body},
            "reference": reference,
            **({"sms_sender_id": self._sender} if self._sender else {}),
        }
        answer = http.post(f"{self._api}/v2/notifications/sms", self._auth(), read=self._read, json=text)
        if answer.good:
            return http.taken(answer, "id")
        raise _refused(answer)

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Notify finds what it has taken by our own reference."""
        asked = {"reference": reference, "template_type": "sms"}
        url = f"{self._api}/v2/notifications"
        kept = http.get(url, self._auth(), read=self._read, params=asked).get("notifications")
        if not isinstance(kept, list):
            raise DeliveryFailed("Notify's list of texts cannot be read", trouble="unsure")
        ours = [str(one.get("id")) for one in kept if isinstance(one, dict) and one.get("reference") == reference]
        return ours[0] if ours else None

    def read_report(self, hook: Hook) -> Report:
        """A callback, which shows the token that was typed in at Notify."""
        given = hook.headers.get("Authorization", "").encode()
        if not self._callback or not hmac.compare_digest(given, f"Bearer {self._callback}".encode()):
            raise BadReport("forged")
        try:
            said = json.loads(hook.body)
            outcome, trouble = OUTCOMES[said["status"]]
            reference, letter = str(said["id"]), str(said.get("reference") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadReport("malformed") from None
        return Report(outcome, letter=letter, reference=reference, trouble=trouble)

    def _auth(self) -> web.Bearer:
        claims = {"iss": self._service, "iat": int(self._clock())}
        return web.Bearer(jwt.encode(claims, self._secret, algorithm="HS256"))


def _refused(answer: http.Answer) -> DeliveryFailed:
    errors = _errors(answer.body)
    if answer.status == 429:
        return http.throttled(answer)
    if answer.status in (401, 403, 404) or 300 <= answer.status < 400:
        return http.set_up(f"Notify does not accept our key ({answer.status})")
    # "phone_number Not enough digits" is about her; "BadRequestError" about a template, a trial, or a team's key.
    if any(message.startswith("phone_number ") for _, message in errors):
        return DeliveryFailed("Notify does not take this number", permanent=True, trouble="number")
    if any("international" in message.lower() for _, message in errors):
        return http.set_up("Notify may not send to other countries: its settings")
    if any("character" in message.lower() or "content" in message.lower() for _, message in errors):
        return DeliveryFailed("Notify does not take this text: too long", permanent=True)
    return http.set_up(f"Notify does not take texts from us yet ({', '.join(sorted({kind for kind, _ in errors}))})")


def _errors(body: dict[str, Any]) -> list[tuple[str, str]]:
    found = body.get("errors")
    each = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [(str(one.get("error", "")), str(one.get("message", ""))) for one in each]
