"""What it means when Zoom says no. Its codes are read, its sentences are not kept: they name people and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from companion.ports import CallDown
from companion.ports.calls import Trouble
from integrations import web

SCOPE = re.compile(r"\b[a-z_]+(?::[a-z_]+){1,3}\b")
LACKS_A_SCOPE = {4700, 4711}
NO_SUCH_HOST = {1001, 1010}
NOT_ALLOWED = {200, 3161}
GONE = {3001}
NOTHING_MORE_TO_DELETE = {3007}  # it has ended
IN_PROGRESS = {3002}
LONGEST_WAIT = timedelta(hours=25)  # daily limits end at midnight


class SaidNo(CallDown):
    """A no, with Zoom's own code for it: 0 where it gave none."""

    def __init__(self, problem: str, trouble: Trouble, code: int = 0, retry_at: datetime | None = None) -> None:
        super().__init__(problem, trouble, retry_at)
        self.code = code


def read(status: int, headers: Any, body: Mapping[str, Any], now: datetime) -> SaidNo:
    """What an answer other than yes means."""
    code = body["code"] if isinstance(body.get("code"), int) else 0
    message = str(body.get("message", ""))
    if status == 429:
        return SaidNo("Zoom wants fewer requests", "throttled", code, retry_at(headers, message, now))
    if status >= 500:
        return SaidNo(f"Zoom answered {status}", "down", code)
    return _set_up(status, code, message) or _about_this_call(status, code, message)


def retry_at(headers: Any, message: str, now: datetime) -> datetime | None:
    """When Zoom may be asked again, where it says so; a daily limit ends at midnight (UTC) even where it does not."""
    seconds = web.retry_after(headers)
    reset = str(headers.get("X-RateLimit-Reset", ""))
    if seconds is not None:
        at = now + min(timedelta(seconds=min(seconds, 1e6)), LONGEST_WAIT)
    elif re.fullmatch(r"\d{10}", reset):
        at = datetime.fromtimestamp(int(reset), UTC)
    elif "daily" in f"{headers.get('X-RateLimit-Type', '')} {message}".lower():
        at = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    else:
        return None
    return min(max(at, now), now + LONGEST_WAIT)


def _set_up(status: int, code: int, message: str) -> SaidNo | None:
    if code in LACKS_A_SCOPE or "scope" in message:
        return SaidNo(f"its app at Zoom lacks {_scopes_in(message)}", "credentials", code)
    if code in NO_SUCH_HOST:
        return SaidNo("Zoom knows no such host, or lets only people come who sign in", "credentials", code)
    if code in NOT_ALLOWED:
        return SaidNo("the host may not do this at Zoom: has it a licence?", "credentials", code)
    if status in (401, 403) or 300 <= status < 400:
        return SaidNo(f"Zoom does not accept our app ({status})", "credentials", code)
    return None


def _about_this_call(status: int, code: int, message: str) -> SaidNo:
    if code in GONE or "not found or has expired" in message or (status == 404 and code == 0):
        return SaidNo("Zoom knows no such call", "gone", code)
    return SaidNo(f"Zoom said no (its code {code}, status {status})", "refused", code)


def _scopes_in(message: str) -> str:
    # It lists all that would do: those of an account end in :admin, and ours is one.
    named = SCOPE.findall(message)
    ours = [one for one in named if one.endswith(":admin")] or named
    return " or ".join(dict.fromkeys(ours)) or "a scope"
