"""Tokens of a Zoom account: one request for all who wait, kept until shortly before they end, written down nowhere."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from companion.ports import CallDown
from integrations import web
from integrations.zoom import refusals

CONNECT, READ, WITHIN = 3.0, 5.0, 8.0  # seconds: somebody waits for it
MARGIN = 120.0  # seconds before its end at which a token counts no more


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an organisation's own app at Zoom is known by. ``address`` is where tokens are handed out."""

    account: str
    client_id: str
    secret: str = field(repr=False)
    address: str

    def digest(self) -> str:
        """Tells one set from another, and says nothing of it."""
        parts = (self.address, self.account, self.client_id, self.secret)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """What opens the interface, what it may do there, and how long (of the clock of ``Tokens``)."""

    text: str = field(repr=False)
    scopes: frozenset[str]
    until: float


class _Place:
    """Where the token of one account is."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token: Token | None = None
        self.asked = 0
        self.failed: CallDown | None = None


class Tokens:
    """Those of all accounts on this node."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}

    def get(self, who: Credentials, now: datetime, read: float = READ) -> Token:
        """The one that is there, or a new one. Raises CallDown."""
        place = self._place(who)
        asked = place.asked
        if (kept := self._fresh(place)) is not None:
            return kept
        with place.lock:
            if (kept := self._fresh(place)) is not None:
                return kept
            if place.asked != asked and place.failed is not None:
                # Whoever waited here while it failed does not make those behind her wait for the same again.
                raise CallDown(place.failed.problem, place.failed.trouble, place.failed.retry_at)
            return self._ask(place, who, now, read)

    def renew(self, who: Credentials, now: datetime, read: float = READ) -> Token:
        """A new one, whatever is there. Raises CallDown."""
        place = self._place(who)
        with place.lock:
            return self._ask(place, who, now, read)

    def drop(self, who: Credentials, token: Token) -> None:
        """This one opens nothing any more, or too little; another that came meanwhile stays."""
        place = self._place(who)
        with place.lock:
            if place.token is token:
                place.token = None

    def _place(self, who: Credentials) -> _Place:
        with self._lock:
            return self._places.setdefault(who.digest(), _Place())

    def _fresh(self, place: _Place) -> Token | None:
        token = place.token
        return token if token is not None and self._clock() < token.until else None

    def _ask(self, place: _Place, who: Credentials, now: datetime, read: float) -> Token:
        place.token, place.failed = None, None
        try:
            said = _fetch(who, now, read)
            lasts = max(0.0, float(said["expires_in"]) - MARGIN)
            place.token = Token(said["access_token"], frozenset(said["scope"].split()), self._clock() + lasts)
            return place.token
        except CallDown as down:
            place.failed = down
            raise
        finally:
            place.asked += 1


def _fetch(who: Credentials, now: datetime, read: float) -> dict[str, Any]:
    try:
        raw = web.ask(
            "POST",
            f"{who.address}/oauth/token",
            connect=CONNECT,
            read=read,
            within=WITHIN,
            auth=(who.client_id.encode(), who.secret.encode()),
            data={"grant_type": "account_credentials", "account_id": who.account},
        )
    except web.Unreachable as error:
        raise CallDown(f"Zoom cannot be reached ({error.kind})") from None
    said = read_object(raw.body)
    if raw.status != 200:
        raise _refused(raw, said, now)
    if not isinstance(said.get("access_token"), str) or not isinstance(said.get("expires_in"), int):
        raise CallDown("Zoom gave an answer that cannot be read")
    return said | {"scope": str(said.get("scope") or "")}


def read_object(body: bytes) -> dict[str, Any]:
    """What an answer says; empty where it is no JSON object."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refused(raw: web.Raw, said: Mapping[str, Any], now: datetime) -> CallDown:
    if raw.status == 429 or raw.status >= 500:
        return refusals.read(raw.status, raw.headers, said, now)
    if said.get("error") == "invalid_client":
        return CallDown("Zoom does not accept the client id or the client secret", "credentials")
    if 400 <= raw.status < 500:
        return CallDown("Zoom does not know the account id, or our app there is not activated", "credentials")
    return CallDown(f"Zoom answered {raw.status} where tokens are handed out", "refused")
