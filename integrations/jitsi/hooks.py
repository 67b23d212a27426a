"""What Jitsi servers report of who comes and goes: Prosody's event_sync component, and JaaS's webhooks.

Breakout rooms are reported as rooms of the call. Somebody who goes from one into another leaves and comes in the same
second; the core takes coming for what counts then.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from companion.ports import BadReport, CallEvent, Hook, HookReply
from companion.ports.calls import CallEventKind

STALE = timedelta(minutes=5)
OCCUPANT: dict[str, CallEventKind] = {"muc-occupant-joined": "joined", "muc-occupant-left": "left"}
ROOM: dict[str, CallEventKind] = {"muc-room-created": "started", "muc-room-destroyed": "ended"}
PARTICIPANT: dict[str, CallEventKind] = {
    "ROOM_CREATED": "started",
    "ROOM_DESTROYED": "ended",
    "PARTICIPANT_JOINED": "joined",
    "PARTICIPANT_LEFT": "left",
}


def from_prosody(hook: Hook, token: str) -> HookReply:
    """A report of event_sync, which shows the token that it was given and signs nothing. Raises BadReport."""
    scheme, _, shown = hook.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(shown.encode(), token.encode())
    if not token or not right or scheme.lower() != "bearer":
        raise BadReport("forged")
    said = _read(hook.body)
    name, room = _text(said, "event_name"), _text(said, "room_name")
    if name in ROOM:
        at = _moment(said.get("destroyed_at") or said.get("created_at"))
        breakout = bool(said.get("is_breakout"))
        return HookReply(() if breakout else (CallEvent(ROOM[name], room, _digest(name, room, at.isoformat()), at),))
    if name not in OCCUPANT:
        return HookReply()
    occupant = said.get("occupant")
    if not isinstance(occupant, dict):
        raise BadReport("malformed")
    jid = _text(occupant, "occupant_jid")
    at = _moment(occupant.get("left_at") if OCCUPANT[name] == "left" else occupant.get("joined_at"))
    where = str(said.get("breakout_room_id", "")) if said.get("is_breakout") else ""
    once = _digest(name, room, where, jid, at.isoformat())
    kind = _in_room(OCCUPANT[name], bool(where))
    return HookReply((_somebody(kind, room, once, at, jid, occupant),))


def from_jaas(hook: Hook, secret: str, tenant: str) -> HookReply:
    """A webhook of JaaS, signed over its time and its body. Raises BadReport."""
    _check_signature(hook, secret)
    said = _read(hook.body)
    app, _, room = _text(said, "fqn").rpartition("/")
    if _text(said, "appId") != tenant or app not in ("", tenant):
        raise BadReport("forged")  # signed with our secret, and speaks of another organisation
    kind, data = PARTICIPANT.get(_text(said, "eventType")), said.get("data")
    if kind is None:
        return HookReply()
    if not isinstance(data, dict):
        raise BadReport("malformed")
    at, once, breakout = _moment(said.get("timestamp"), 1000), _text(said, "idempotencyKey"), _flag(data, "isBreakout")
    if kind in ("started", "ended"):
        return HookReply(() if breakout else (CallEvent(kind, room, once, at),))
    jid = _text(data, "participantJid")
    return HookReply((_somebody(_in_room(kind, breakout), room, once, at, jid, data),))


def _somebody(kind: CallEventKind, room: str, once: str, at: datetime, jid: str, said: dict[str, Any]) -> CallEvent:
    return CallEvent(
        kind, room, once, at, _endpoint(jid), str(said.get("id") or "")[:64], str(said.get("name") or "")[:60]
    )


def _in_room(kind: CallEventKind, breakout: bool) -> CallEventKind:
    return "room_joined" if breakout and kind == "joined" else kind


def _endpoint(jid: str) -> str:
    # Browsers know each other by the first part of this name: our page beside the call then speaks of the same people.
    name = jid.partition("@")[0].partition("-")[0]
    if not name:
        raise BadReport("malformed")
    return name[:64]


def _check_signature(hook: Hook, secret: str) -> None:
    parts = [part.strip().partition("=") for part in hook.headers.get("X-Jaas-Signature", "").split(",")]
    moment = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    wanted = base64.b64encode(hmac.new(secret.encode(), f"{moment}.".encode() + hook.body, hashlib.sha256).digest())
    matches = [hmac.compare_digest(one.encode(), wanted) for one in given[:5]]
    if not secret or not any(matches):
        raise BadReport("forged")
    if not moment.isdecimal() or abs(_moment(moment) - hook.at) > STALE:
        raise BadReport("stale")


def _moment(value: Any, per_second: int = 1) -> datetime:
    try:
        return datetime.fromtimestamp(float(value) / per_second, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadReport("malformed") from None


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BadReport("malformed") from None
    if not isinstance(said, dict):
        raise BadReport("malformed")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or len(value) > 300:
        raise BadReport("malformed")
    return value


def _flag(said: dict[str, Any], name: str) -> bool:
    return said.get(name) in (True, "true")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
