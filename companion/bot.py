"""One simulated person: joins by a link, keeps her panel, presses what fits it, drops and returns.

Written from docs/protocol.md, as any client is: what is not answered is kept, and sent again with the same id.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
import socketio
from socketio.exceptions import SocketIOError

from companion.bot_manners import next_act

try:
    import websocket  # noqa: F401 - only whether it is there
except ImportError:
    TRANSPORTS = ["polling"]
else:
    TRANSPORTS = ["polling", "websocket"]

PATIENCE = 10  # seconds for one answer
FOR_GOOD = ("no_access", "access_expired", "session_closed", "wrong_key", "passcode_retired", "wrong_passcode")


class Link(Protocol):
    """A way in for one person, such as ``demo.DemoLink``."""

    @property
    def role(self) -> str:
        """Her role."""

    @property
    def link(self) -> str:
        """Her personal link."""

    @property
    def passcode(self) -> str:
        """What goes with it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How lively somebody is; seconds are from the first to the second number."""

    rest: tuple[float, float] = (0.9, 2.8)  # between two looks at the panel: below ten commands in ten seconds
    drops: float = 0.06  # of all looks
    away: tuple[float, float] = (1.0, 6.0)


@dataclass(slots=True)
class Tally:
    """What became of it all."""

    people: int = 0
    kept: int = 0
    drops: int = 0
    returns: int = 0
    unanswered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count somebody else's too."""
        for name in ("people", "kept", "drops", "returns", "unanswered"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.refused.update(other.refused)
        self.problems += other.problems


class CannotGoOn(Exception):
    """The service said no for good."""


class Bot:
    """One simulated person."""

    def __init__(self, link: Link, dice: Random, until: float, pace: Pace) -> None:
        self.tally = Tally(people=1)
        self._link, self._dice, self._until, self._pace = link, dice, until, pace
        self._address = "{0.scheme}://{0.netloc}".format(urlsplit(link.link))
        self._http = requests.Session()
        self._views: dict[str, Any] = {}
        self._number = 0
        self._over = ""
        self._waiting: list[dict[str, Any]] = []  # taps without an answer, oldest first
        self._not_before = 0.0
        self._socket = self._client()

    def live(self) -> None:
        """Join, live until the time is up, and go once everything is answered."""
        try:
            self._key = self._join()
            self._connect()
            while self._time_left() and not self._over:
                self._rest(self._pace.rest)
                self._look()
            self._settle()
        except CannotGoOn as problem:
            self.tally.problems.append(f"{self._link.role}: {problem}")
        finally:
            self._let_go()
            self._http.close()
            self.tally.unanswered = len(self._waiting)

    def _join(self) -> str:
        asked = {
            "token": urlsplit(self._link.link).path.rpartition("/")[2],
            "passcode": self._link.passcode,
            "private_space": "yes",
            "agreement": True,
        }
        while self._time_left():
            with suppress(requests.RequestException):
                answer = requests.post(f"{self._address}/api/join", json=asked, timeout=PATIENCE)
                found = answer.json()
                if answer.ok:
                    cookie = found["cookie"]
                    headers = {"Cookie": f"{cookie['name']}={cookie['value']}", "Origin": self._address}
                    self._http.headers.update(headers)
                    return str(found["key"])
                if found["code"] in FOR_GOOD:
                    raise CannotGoOn(found["code"])
            self._rest((1, 2))
        raise CannotGoOn("could not join in time")

    def _client(self) -> Any:
        client = socketio.Client(
            reconnection=False,
            handle_sigint=False,
            http_session=self._http,
            request_timeout=PATIENCE,
            websocket_extra_options={"suppress_origin": True},  # ours is among the headers
        )
        client.on("panel", self._take)
        client.on("bye", self._end)
        client.on("connect_error", self._refused)
        return client

    def _connect(self) -> None:
        wait = 0.5
        while self._time_left() and not self._over:
            try:
                self._socket.connect(
                    self._address,
                    headers=dict(self._http.headers),
                    auth={"key": self._key, "format": "json"},
                    transports=TRANSPORTS,
                    wait_timeout=PATIENCE,
                )
                return
            except (SocketIOError, ValueError):
                self._rest((wait / 2, wait))
                wait = min(10, 2 * wait)
        if self._over in FOR_GOOD:
            raise CannotGoOn(self._over)

    def _look(self) -> None:
        if not self._socket.connected:
            self._come_back()
        elif self._time_left() > 2 * self._pace.away[1] and self._dice.random() < self._pace.drops:
            self._socket.disconnect()
            self._rest(self._pace.away)
            self._come_back()
        elif self._waiting:
            self._send_what_waits()
        else:
            self._press()

    def _settle(self) -> None:
        """See to it that nothing is left without an answer, however long it takes a server to come back."""
        self._until += 2 * PATIENCE
        while self._time_left() and not self._over and (self._waiting or not self._socket.connected):
            if not self._socket.connected:
                self._come_back()
            self._send_what_waits()
            if self._waiting:
                self._rest((0.2, 0.5))

    def _come_back(self) -> None:
        self.tally.drops += 1
        self._let_go()
        self._socket = self._client()
        self._connect()
        if self._socket.connected:
            self.tally.returns += 1

    def _let_go(self) -> None:
        # Whatever the library thinks of going; and after a silence it forgets to close its socket.
        with suppress(Exception):
            self._socket.disconnect()
        with suppress(Exception):
            self._socket.eio.ws.shutdown()

    def _press(self) -> None:
        act = next_act(self._link.role, self._views, self._dice)
        if act is not None:
            name, fields = act
            self._waiting.append({"id": f"bot-{self._dice.getrandbits(96):x}", "name": name, "fields": fields})
            self._send_what_waits()

    def _send_what_waits(self) -> None:
        while self._waiting and self._socket.connected and time.monotonic() >= self._not_before:
            try:
                answer = self._socket.call("tap", self._waiting[0], timeout=PATIENCE)
            except SocketIOError:
                return  # kept, and sent again with the same id
            if "again" in answer:
                self._not_before = time.monotonic() + answer["again"]
                return
            self._waiting.pop(0)
            if answer["ok"]:
                self.tally.kept += 1
            else:
                self.tally.refused[answer["code"]] += 1

    def _take(self, panel: dict[str, Any]) -> None:
        if panel["whole"]:
            self._views, self._number = panel["views"], panel["number"]
        elif panel["number"] == self._number + 1:
            self._views, self._number = {**self._views, **panel["views"]}, panel["number"]
        elif panel["number"] > self._number:
            with suppress(SocketIOError):  # it has hung up meanwhile: the whole comes when it is back
                self._socket.emit("whole")

    def _end(self, said: dict[str, Any]) -> None:
        self._over = str(said["code"])

    def _refused(self, said: Any = None) -> None:
        data = said.get("data") if isinstance(said, dict) else None
        if isinstance(data, dict) and data.get("code") in FOR_GOOD:
            self._over = str(data["code"])

    def _time_left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def _rest(self, between: tuple[float, float]) -> None:
        time.sleep(min(self._time_left(), self._dice.uniform(*between)))
