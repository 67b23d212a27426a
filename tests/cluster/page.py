"""A page as the script keeps one: it comes back by itself, and keeps a tap until it is answered."""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import suppress
from typing import Any

import websocket

from tests.live.evening import Way
from tests.live.watched import bye
from tests.live.wire import Refused, Wire

TROUBLE = (OSError, AssertionError, websocket.WebSocketException, Refused)
_numbers = itertools.count(1)


class Page:
    """One page of somebody, behind an address. Its panels are JSON."""

    def __init__(self, way: Way, address: str, origin: str) -> None:
        self.way, self.address, self.origin = way, address, origin
        self.number, self.views = -1, dict[str, Any]()
        self.highest = -1  # ever shown
        self.regressed = self.wires = 0
        self.acknowledged: set[str] = set()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._wire = self._connect()
        self._read = 0
        self._asked = False
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def tap(self, name: str, tap_id: str = "", seconds: float = 60.0, **fields: Any) -> dict[str, Any]:
        """Send a tap until it is answered, with the same id each time."""
        tap_id = tap_id or f"page-tap-{next(_numbers)}"
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            try:
                answer = self._wire.tap(name, tap_id, **fields)
            except TROUBLE:
                time.sleep(0.05)
                continue
            if "again" not in answer:
                if answer["ok"]:
                    self.acknowledged.add(tap_id)
                return dict(answer)
            time.sleep(0.3)
        raise AssertionError(f"{name} was never answered")

    def panels(self) -> list[dict[str, Any]]:
        """Every panel of the connection that it has now."""
        return self._wire.panels()

    def bye(self) -> Any:
        """What it was told before it was cut."""
        return bye(self._wire)

    @property
    def connected(self) -> bool:
        """Whether it is connected now."""
        return not self._wire.closed

    def close(self) -> None:
        """Go away for good."""
        self._stop.set()
        self._keeper.join(timeout=15)
        self._wire.close()

    def _connect(self) -> Wire:
        self.wires = self.wires + 1
        return Wire(self.address, self.way.cookie, self.way.key, form="json", origin=self.origin)

    def _keep(self) -> None:
        while not self._stop.wait(0.02):
            self._take_panels()
            if self._wire.closed and not bye(self._wire):
                self._come_back()

    def _take_panels(self) -> None:
        panels = self._wire.panels()
        for panel in panels[self._read :]:
            self._take(panel)
        self._read = len(panels)

    def _take(self, panel: dict[str, Any]) -> None:
        if panel["whole"]:
            self.regressed += panel["number"] < self.highest
            self.number, self.views, self._asked = panel["number"], panel["views"], False
        elif panel["number"] == self.number + 1:
            self.number, self.views = panel["number"], {**self.views, **panel["views"]}
        elif panel["number"] > self.number and not self._asked:
            self._asked = True
            with suppress(*TROUBLE):
                self._wire.send_raw('42["whole"]')
        self.highest = max(self.highest, self.number)

    def _come_back(self) -> None:
        try:
            wire = self._connect()
        except TROUBLE:
            self._stop.wait(0.2)
            return
        self._wire, self._read, self._asked = wire, 0, False
