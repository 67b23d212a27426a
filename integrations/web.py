"""One request to a server of others: bounded in time and size, never redirected, its troubles told without address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

LONGEST = 64 * 1024  # bytes of an answer: what comes after is not for us


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


def ask(method: str, url: str, *, connect: float, read: float, auth: Any = None, **content: Any) -> Raw:
    """Ask once. Raises Unreachable."""
    try:
        with requests.request(
            method, url, auth=auth, timeout=(connect, read), allow_redirects=False, stream=True, **content
        ) as response:
            return Raw(response.status_code, response.headers, response.raw.read(LONGEST, decode_content=True))
    except requests.RequestException as error:
        raise _unreachable(error) from None
    except Exception as error:  # urllib3's own, while the answer is read
        raise _unreachable(error) from None


def _unreachable(error: Exception) -> Unreachable:
    # What the error says may hold the address of the request, and with it the account: only its kind is told.
    return Unreachable(type(error).__name__, arrived=not _never_arrived(error))


def _never_arrived(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
