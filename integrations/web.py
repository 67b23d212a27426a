"""One request to a server of others: bounded in time and size, never redirected, its troubles told without address."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError, NewConnectionError

LONGEST = 64 * 1024  # bytes of an answer: what comes after is not for us
PART = 16 * 1024  # bytes


class Unreachable(Exception):
    """No answer. ``arrived``: the request may have been heard all the same."""

    def __init__(self, kind: str, arrived: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.arrived = arrived


@dataclass(frozen=True, slots=True)
class Raw:
    """What was said."""

    status: int
    headers: Any
    body: bytes


class Bearer(AuthBase):
    """A token in the header that is meant for it; said this way, no .netrc of this machine takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def ask(
    method: str,
    url: str,
    *,
    connect: float,
    read: float,
    auth: Any = None,
    longest: int = LONGEST,
    within: float | None = None,
    **content: Any,
) -> Raw:
    """Ask once. ``within`` is how many seconds it may take in all, whatever the server does. Raises Unreachable."""
    if within is None:
        return _send(method, url, connect, read, auth, longest, None, content)
    until = time.monotonic() + within
    return _in_time(lambda: _send(method, url, connect, read, auth, longest, until, content), within)


def retry_after(headers: Any) -> float | None:
    """Seconds from a Retry-After of any kind: a number, an HTTP date, or an ISO time; None where there is none."""
    text = str(headers.get("Retry-After", "")).strip()
    if text.isdecimal():
        return float(text)
    until = _moment(text)
    # By the other's own clock, which may not be ours.
    now = _moment(str(headers.get("Date", ""))) or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _send(
    method: str,
    url: str,
    connect: float,
    read: float,
    auth: Any,
    longest: int,
    until: float | None,
    content: dict[str, Any],
) -> Raw:
    try:
        with requests.request(
            method, url, auth=auth, timeout=(connect, read), allow_redirects=False, stream=True, **content
        ) as response:
            return Raw(response.status_code, response.headers, _body(response.raw, longest, until))
    except requests.RequestException as error:
        raise _unreachable(error) from None
    except Exception as error:  # urllib3's own, while the answer is read
        raise _unreachable(error) from None


def _body(raw: Any, longest: int, until: float | None) -> bytes:
    body = bytearray()
    while len(body) < longest:
        part = raw.read1(min(PART, longest - len(body)), decode_content=True)
        if not part:
            break
        body += part
        if until is not None and time.monotonic() > until:
            raise TimeoutError
    return bytes(body)


def _in_time(send: Callable[[], Raw], within: float) -> Raw:
    # A server that drips its answer is never silent for long: only a thread of its own can be left behind.
    found: list[Raw | Unreachable] = []

    def run() -> None:
        try:
            found.append(send())
        except Unreachable as error:
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(within)
    said = found[0] if found else Unreachable("Timeout", arrived=True)
    if isinstance(said, Unreachable):
        raise said
    return said


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except (ValueError, TypeError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _unreachable(error: Exception) -> Unreachable:
    # What the error says may hold the address of the request, and with it the account: only its kind is told.
    return Unreachable(type(error).__name__, arrived=not _never_arrived(error))


def _never_arrived(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
