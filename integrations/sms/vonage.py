"""Text messages by Vonage's Messages API, and its signed reports of what became of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from companion.ports import BadReport, DeliveryFailed, Hook, Report
from companion.records import Outcome, Trouble
from integrations import web
from integrations.sms import http

API = "https://api.nexmo.com"
TOKEN_SECONDS = 300
STALE_SECONDS = 300
NUMBER = {1040, 1170, 1320, 1330, 1350, 1370}
OPTED_OUT = {1050, 1240}
SET_UP = {1060, 1070, 1080, 1120, 1140, 1160, 1410, 1420}
SLOWER = {1000, 1381}
OUTCOMES: dict[str, Outcome] = {
    "submitted": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "rejected": "failed",
    "undeliverable": "failed",
}


class BadKey(ValueError):
    """The private key cannot be read."""


class VonageTexter:
    """Implements ports.Texter."""

    name = "vonage"

    def __init__(
        self,
        application: str,
        key: str,
        signature: str,
        sender: str,
        *,
        api: str = "",
        read: float = http.READ,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._application, self._key = application, _private_key(key)
        self._signature = signature
        self._sender = sender.lstrip("+")
        self._messages = f"{api or API}/v1/messages"
        self._read, self._clock = read, clock

    def send(self, to: str, body: str, reference: str) -> str:
        """Send it now."""
        text = {
            "channel": "sms",
            "message_type": "text",
            "to": to.lstrip("+"),
            "from": self._sender,
            "text": body,
            "client_ref": reference,  # comes back in every report, also of a text whose answer we never had
        }
        answer = http.post(self._messages, web.Bearer(self._token()), read=self._read, json=text)
        if answer.good:
            return http.taken(answer, "message_uuid")
        raise _refused(answer)

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Vonage answers no such question; its next report tells, since it carries our reference."""
        raise DeliveryFailed("Vonage cannot be asked; its report will tell", trouble="unsure")

    def read_report(self, hook: Hook) -> Report:
        """A status webhook, signed with the account's signature secret and holding a digest of its body."""
        claims = self._claims(hook)
        try:
            said = json.loads(hook.body)
            outcome = OUTCOMES[said["status"]]
            reference, letter = str(said.get("message_uuid", "")), str(said.get("client_ref", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadReport("malformed") from None
        trouble = _trouble(_code(said.get("error"))) if outcome == "failed" else ""
        return Report(outcome, letter=letter, reference=reference, trouble=trouble, once=str(claims["jti"]))

    def _claims(self, hook: Hook) -> dict[str, Any]:
        scheme, _, token = hook.headers.get("Authorization", "").partition(" ")
        try:
            # Its times are compared below, with the clock of this request.
            claims: dict[str, Any] = jwt.decode(
                token.strip(),
                self._signature,
                algorithms=["HS256"],
                options={"require": ["iat", "jti", "payload_hash"], "verify_iat": False, "verify_exp": False},
            )
            age = hook.at.timestamp() - float(claims["iat"])
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise BadReport("forged") from None
        digest = hashlib.sha256(hook.body).hexdigest()
        whole = hmac.compare_digest(str(claims["payload_hash"]).lower().encode(), digest.encode())
        if scheme.lower() != "bearer" or not whole:
            raise BadReport("forged")
        if abs(age) > STALE_SECONDS:
            raise BadReport("stale")
        return claims

    def _token(self) -> str:
        now = int(self._clock())
        claims = {
            "application_id": self._application,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self._key, algorithm="RS256")


def _private_key(text: str) -> RSAPrivateKey:
    try:
        # In an environment a line break is often written as \n.
        key = load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey("no private key in PEM") from None
    if not isinstance(key, RSAPrivateKey):
        raise BadKey("no RSA key")
    return key


def _refused(answer: http.Answer) -> DeliveryFailed:
    if answer.status == 429:
        return http.throttled(answer)
    if answer.status in (401, 402, 403, 404) or 300 <= answer.status < 400:
        return http.set_up(f"Vonage does not accept our key or our account ({answer.status})")
    if any(wrong.get("name") == "to" for wrong in _invalid(answer.body)):
        return DeliveryFailed("Vonage does not take this number", permanent=True, trouble="number")
    if any(wrong.get("name") == "from" for wrong in _invalid(answer.body)):
        return http.set_up("Vonage does not take our sender: COMPANION_TEXTS_FROM")
    trouble = _trouble(_code(answer.body))
    permanent = trouble in ("number", "opted_out", "refused")
    return DeliveryFailed(f"Vonage does not take this text ({answer.status})", permanent=permanent, trouble=trouble)


def _invalid(body: dict[str, Any]) -> list[dict[str, Any]]:
    found = body.get("invalid_parameters")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _code(problem: Any) -> int:
    # RFC 7807: the type is an address that ends in the number, and some answers have it as their title.
    if not isinstance(problem, dict):
        return 0
    found = re.search(r"#(\d{4})$", str(problem.get("type", ""))) or re.fullmatch(r"(\d{4})", str(problem.get("title")))
    return int(found[1]) if found else 0


def _trouble(code: int) -> Trouble:
    if code in NUMBER:
        return "number"
    if code in OPTED_OUT:
        return "opted_out"
    if code in SET_UP:
        return "credentials"
    return "throttled" if code in SLOWER else "refused"
