"""What Zoom reports of its calls: believed where it is signed, recent and of our own account. The rest is not kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from companion.ports import BadReport, CallEvent, Hook, HookReply
from companion.ports.calls import CallEventKind

STALE = timedelta(minutes=5)  # both ways: clocks differ
TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{1,200}")  # without a colon, so that no answer of ours is a signature
LONGEST_NAME, LONGEST_KEY = 200, 100  # characters
CHALLENGE = "endpoint.url_validation"
# Leaving the waiting room says not whether she came in or gave up. It is told as leaving, a second early: Zoom counts
# in seconds, and whoever was let in has joined in the same one.
FROM_THE_WAITING_ROOM = "participant_left_waiting_room"
KINDS: dict[str, CallEventKind] = {
    "started": "started",
    "ended": "ended",
    "participant_joined": "joined",
    "participant_left": "left",
    "participant_joined_waiting_room": "waiting",
    "participant_put_in_waiting_room": "waiting",
    "participant_admitted": "admitted",
    FROM_THE_WAITING_ROOM: "left",
    "participant_joined_breakout_room": "room_joined",
    "participant_left_breakout_room": "room_left",
}
OF_THE_CALL = ("started", "ended")
TIMES = ("join_time", "leave_time", "date_time")
# The first stays from the waiting room through all rooms until she leaves. The others are for older Zoom accounts:
# in a breakout room she has another user_id, and the one of the call beside it.
PERSON = ("participant_uuid", "parent_user_id", "user_id", "registrant_id", "id")


def receive(hook: Hook, secret: str, account: str) -> HookReply:
    """What this request reports, and what to answer. Raises BadReport."""
    _believe(hook, secret)
    said = _object(_json(hook.body))
    if said.get("event") == CHALLENGE:
        return _answer(said, secret)
    payload = _object(said.get("payload"))
    if not _same(_text(payload, "account_id"), account):
        raise BadReport("forged")  # it is signed, and of another organisation
    kind = KINDS.get(_text(said, "event").removeprefix("meeting."))
    if kind is None:
        return HookReply()
    event = _event(kind, said, _object(payload.get("object")))
    # Somebody whom nothing tells from others can be told of nothing.
    return HookReply((event,)) if event.person or kind in OF_THE_CALL else HookReply()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What Zoom writes into x-zm-signature."""
    return f"v0={_digest(secret, b'v0:' + timestamp.encode() + b':' + body)}"


def _believe(hook: Hook, secret: str) -> None:
    headers = {name.lower(): value for name, value in hook.headers.items()}
    timestamp, given = headers.get("x-zm-request-timestamp", ""), headers.get("x-zm-signature", "")
    right = _same(given, signature(secret, timestamp, hook.body))
    if not secret or not right or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise BadReport("forged")
    if abs(hook.at.timestamp() - int(timestamp)) > STALE.total_seconds():
        raise BadReport("stale")


def _answer(said: Mapping[str, Any], secret: str) -> HookReply:
    plain = _object(said.get("payload")).get("plainToken")
    if not isinstance(plain, str) or not TOKEN.fullmatch(plain):
        raise BadReport("malformed")
    return HookReply(body={"plainToken": plain, "encryptedToken": _digest(secret, plain.encode())})


def _event(kind: CallEventKind, said: Mapping[str, Any], about: Mapping[str, Any]) -> CallEvent:
    call = _text(about, "id")
    if not call:
        raise BadReport("malformed")
    who = _object(about.get("participant", {}))
    person = next((found for found in (_text(who, name) for name in PERSON) if found), "")
    return CallEvent(
        kind=kind,
        call=call,
        once=_once(said, about, who),
        at=_at(said, who),
        person=person,
        who=_text(who, "registrant_id"),
        name=_text(who, "user_name", LONGEST_NAME),
    )


def _once(said: Mapping[str, Any], about: Mapping[str, Any], who: Mapping[str, Any]) -> str:
    # A request that is sent again has all of these alike; two events never do.
    ids = (said.get("event"), said.get("event_ts"), about.get("id"), about.get("uuid"), about.get("breakout_room_uuid"))
    parts = [*ids, *(who.get(name) for name in (*PERSON, "user_name", *TIMES))]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _at(said: Mapping[str, Any], who: Mapping[str, Any]) -> datetime:
    written = next((text for text in (_text(who, name) for name in TIMES) if text), "")
    try:
        at = datetime.fromisoformat(written) if written else datetime.fromtimestamp(said["event_ts"] / 1000, UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        raise BadReport("malformed") from None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at - timedelta(seconds=1) if str(said["event"]).endswith(FROM_THE_WAITING_ROOM) else at


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadReport("malformed") from None


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise BadReport("malformed")
    return found


def _text(said: Mapping[str, Any], name: str, longest: int = LONGEST_KEY) -> str:
    found = said.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BadReport("malformed")
    return str(found)[:longest]


def _digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
