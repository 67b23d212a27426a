"""What a Jitsi server does with a token, as Prosody's own plugins do: who is let in, and what everybody there hears."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jwt


class NotLetIn(Exception):
    """The server says no, or its plugin throws and she waits for ever."""


class Prosody:
    """mod_auth_token of a server of one's own. Tokens of any other algorithm than its own are refused."""

    def __init__(self, app_id: str, secret: str, host: str) -> None:
        self._app_id, self._secret, self._host = app_id, secret, host

    def let_in(self, token: str, room: str, now: datetime) -> dict[str, Any]:
        """Who came, as it is broadcast to everybody in the room. Raises NotLetIn."""
        claims = _read(token, self._secret, "HS256", now)
        if claims["iss"] != self._app_id or claims["sub"] not in (self._host, "*"):
            raise NotLetIn("issuer or subject")
        return _in(claims, room)


class EightByEight:
    """JaaS: RS256, found by ``kid``."""

    def __init__(self, tenant: str, keys: dict[str, Any]) -> None:
        self._tenant, self._keys = tenant, keys

    def let_in(self, token: str, room: str, now: datetime) -> dict[str, Any]:
        """Who came. Raises NotLetIn."""
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self._keys:
            raise NotLetIn("unknown key")
        claims = _read(token, self._keys[kid], "RS256", now)
        if claims["iss"] != "chat" or claims["sub"] != self._tenant:
            raise NotLetIn("issuer or subject")
        if any(claims["context"]["features"].get(one) != "false" for one in ("recording", "livestreaming")):
            raise NotLetIn("this group does not record")
        return _in(claims, room)


def _read(token: str, key: Any, algorithm: str, now: datetime) -> dict[str, Any]:
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience="jitsi",
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["exp", "nbf", "aud"]},
        )
    except jwt.InvalidTokenError as error:
        raise NotLetIn(str(error)) from None
    if not isinstance(claims["aud"], str) or not {"sub", "room", "context"} <= set(claims):
        raise NotLetIn("the plugin throws")
    at = now.astimezone(UTC).timestamp()
    if not isinstance(claims["exp"], int) or not claims["nbf"] <= at < claims["exp"]:
        raise NotLetIn("not at this time")
    return dict(claims)


def _in(claims: dict[str, Any], room: str) -> dict[str, Any]:
    if claims["room"] != room or room != room.lower():
        raise NotLetIn("another room")
    user = claims["context"]["user"]
    if not user or any(" " in name for name in user):
        raise NotLetIn("the plugin throws")
    return dict(user)
