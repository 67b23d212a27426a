"""One request to a gateway, with time limits; its troubles told as DeliveryFailed, with whether anything was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from requests.auth import AuthBase

from companion.ports import DeliveryFailed
from integrations import web

CONNECT, READ = 5.0, 20.0  # seconds
MAYBE_TAKEN = (502, 504)  # somebody in between has not heard what became of it


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said. ``body`` is empty where it was no JSON object."""

    status: int
    body: dict[str, Any]
    retry_after: float | None

    @property
    def good(self) -> bool:
        """Whether it said yes."""
        return 200 <= self.status < 300


def post(url: str, auth: AuthBase | tuple[str, str], *, read: float = READ, **content: Any) -> Answer:
    """Hand something over. Raises DeliveryFailed, "unsure" where it may have been taken all the same."""
    answer = _call("POST", url, auth, read, content)
    if answer.status in MAYBE_TAKEN:
        raise DeliveryFailed(f"the text gateway answered {answer.status}", trouble="unsure")
    if answer.status >= 500:
        say = f"the text gateway answered {answer.status}"
        raise DeliveryFailed(say, trouble="down", retry_after=answer.retry_after)
    return answer


def get(url: str, auth: AuthBase | tuple[str, str], *, read: float = READ, **content: Any) -> dict[str, Any]:
    """Ask. Raises DeliveryFailed("unsure") whatever goes wrong: nobody could tell."""
    try:
        answer = _call("GET", url, auth, read, content)
    except DeliveryFailed as failed:
        raise DeliveryFailed(failed.problem, trouble="unsure") from None
    if not answer.good or not answer.body:
        raise DeliveryFailed(f"the text gateway answered {answer.status} when asked", trouble="unsure")
    return answer.body


def taken(answer: Answer, key: str) -> str:
    """The gateway's own id in an answer that says yes. Without one nobody knows what was taken."""
    found = answer.body.get(key)
    if not isinstance(found, str) or not found:
        raise DeliveryFailed("the text gateway gave an answer that cannot be read", trouble="unsure")
    return found


def throttled(answer: Answer) -> DeliveryFailed:
    """It wants us to go slower."""
    return DeliveryFailed("the text gateway wants fewer texts", trouble="throttled", retry_after=answer.retry_after)


def set_up(say: str) -> DeliveryFailed:
    """Something about our account or settings: only the operator can help."""
    return DeliveryFailed(say, trouble="credentials")


def _call(method: str, url: str, auth: Any, read: float, content: dict[str, Any]) -> Answer:
    try:
        raw = web.ask(method, url, connect=CONNECT, read=read, auth=auth, **content)
    except web.Unreachable as error:
        say = f"the text gateway cannot be reached ({error.kind})"
        raise DeliveryFailed(say, trouble="unsure" if error.arrived else "down") from None
    return Answer(raw.status, _object(raw.body), web.retry_after(raw.headers))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
