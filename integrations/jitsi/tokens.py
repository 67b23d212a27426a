"""Tokens that open one Jitsi room for one person, for a few minutes: for a server of one's own, and for JaaS (8x8).

Prosody throws on a token without ``sub`` or ``room`` and takes one without ``exp`` for ever, so each is always there.
Everything under ``context.user`` is broadcast to all who are in the room: an opaque reference and the alias, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from companion.ports import Attendee, Room

# The token stands in the address, and so in the history of her browser: whoever finds it there comes too late.
LASTS = timedelta(minutes=3)
CLOCKS = timedelta(minutes=1)  # between our clock and the server's
NEVER = ("recording", "livestreaming", "transcription", "outbound-call")
WEAK = 32  # bytes: a shorter secret can be found by trying


class BadKey(Exception):
    """It signs nothing."""


class Profile(Protocol):
    """What a deployment wants in a token."""

    def sign(self, room: Room, who: Attendee, times: dict[str, int]) -> str:
        """The token."""


@dataclass(frozen=True, slots=True)
class SelfHosted:
    """A server of one's own: HS256 with the app's id and secret, checked by Prosody's mod_auth_token."""

    app_id: str
    secret: str
    host: str

    def sign(self, room: Room, who: Attendee, times: dict[str, int]) -> str:
        """mod_token_affiliation makes whoever has an affiliation of owner a moderator."""
        leads = {"affiliation": "owner", "moderator": True} if who.leads else {}
        claims = {
            "iss": self.app_id,
            "aud": "jitsi",  # one text: what a list means depends on the server
            "sub": self.host,
            "room": room.ref,
            "context": {"user": {"id": who.ref, "name": who.alias, **leads}},
            **times,
        }
        return jwt.encode(claims, self.secret, algorithm="HS256")


@dataclass(frozen=True, slots=True)
class Jaas:
    """Jitsi as a Service: RS256 with a key whose public half was uploaded there."""

    tenant: str
    key_id: str
    key: RSAPrivateKey

    def sign(self, room: Room, who: Attendee, times: dict[str, int]) -> str:
        """Nothing is recorded, streamed, written down or dialled, whatever the account allows."""
        claims: dict[str, Any] = {
            "iss": "chat",
            "aud": "jitsi",
            "sub": self.tenant,
            "room": room.ref,
            "context": {
                "user": {"id": who.ref, "name": who.alias, "moderator": "true" if who.leads else "false"},
                "features": dict.fromkeys(NEVER, "false"),
            },
            **times,
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": f"{self.tenant}/{self.key_id}"})


def mint(profile: Profile, room: Room, who: Attendee, now: datetime) -> tuple[str, datetime]:
    """A token, and until when it opens the room."""
    until = now + LASTS
    times = {"iat": int(now.timestamp()), "nbf": int((now - CLOCKS).timestamp()), "exp": int(until.timestamp())}
    return profile.sign(room, who, times), until


def read_key(pem: str) -> RSAPrivateKey:
    """A private key as JaaS's console hands it out. Raises BadKey."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        raise BadKey from None
    if not isinstance(key, RSAPrivateKey):
        raise BadKey
    return key
