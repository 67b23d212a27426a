"""Speaks WebDriver BiDi with a browser: one question, one answer, and the events that come in between."""

from __future__ import annotations

import json
import time
from typing import Any

from websocket import WebSocket, WebSocketException, create_connection

PATIENCE = 30.0  # seconds for one answer


class NotDone(AssertionError):
    """The browser would not do what was asked, or gave no answer."""


class Bidi:
    """One connection to a browser. Events are kept in their order of arrival; they are read with the next answer."""

    def __init__(self, address: str) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._asked = 0
        # A browser takes an Origin for a sign that some page speaks to it, and refuses.
        self._socket: WebSocket = create_connection(address, suppress_origin=True, timeout=PATIENCE)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask for something and wait until it is done."""
        self._asked += 1
        asked = f"{method} {params}"
        try:
            self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
            answer = self._answer(self._asked)
        except (WebSocketException, OSError) as error:
            raise NotDone(f"{asked}: no answer ({error})") from error
        if answer["type"] == "error":
            raise NotDone(f"{asked}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        self._socket.close()

    def _answer(self, number: int) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while True:
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            message: dict[str, Any] = json.loads(self._socket.recv())
            if message["type"] == "event":
                self.events.append((message["method"], message["params"]))
            elif message.get("id") in (number, None):
                # An answer to a question that we gave up on is dropped; an error without a number is about this one.
                return message


def plain(value: dict[str, Any], known: dict[str | None, Any] | None = None) -> Any:
    """A value of the page's script as Python knows it; nodes, functions and the like stay as they were described."""
    known = {} if known is None else known
    kind: str = value["type"]
    inner: Any = value.get("value")
    if kind in ("undefined", "null"):
        return None
    if kind == "bigint":
        return int(inner)
    if kind == "number":
        return float(inner) if isinstance(inner, str) else inner  # "NaN", "-0" and the infinities come as words
    if kind in ("array", "set", "nodelist", "htmlcollection", "object", "map"):
        return _collection(value, known)
    return value if kind in ("node", "window", "symbol", "function", "error", "promise", "proxy") else inner


def _collection(value: dict[str, Any], known: dict[str | None, Any]) -> Any:
    if "value" not in value:
        # The same thing a second time is only named, by the number that it had the first time.
        return known.get(value.get("internalId"))
    if value["type"] in ("object", "map"):
        made: Any = {_key(key, known): plain(inner, known) for key, inner in value["value"]}
    else:
        made = [plain(inner, known) for inner in value["value"]]
    known[value.get("internalId")] = made
    return made


def _key(key: Any, known: dict[str | None, Any]) -> Any:
    return key if isinstance(key, str) else plain(key, known)


def for_script(value: Any) -> dict[str, Any]:
    """A Python value as the page's script is given it."""
    if value is None:
        return {"type": "null"}
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    if isinstance(value, (int, float)):
        return {"type": "number", "value": value}
    if isinstance(value, str):
        return {"type": "string", "value": value}
    if isinstance(value, (list, tuple)):
        return {"type": "array", "value": [for_script(inner) for inner in value]}
    if isinstance(value, dict):
        return value if "sharedId" in value else {"type": "object", "value": _pairs(value)}
    raise TypeError(f"no way to hand {value!r} to a page")


def _pairs(value: dict[str, Any]) -> list[list[Any]]:
    return [[key, for_script(inner)] for key, inner in value.items()]
