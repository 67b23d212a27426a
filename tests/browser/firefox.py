"""A real Firefox without a window, in a process and a profile of its own, driven as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.browser.bidi import Bidi, NotDone
from tests.browser.firefox_profile import ENVIRONMENT, Prefs, write_profile
from tests.browser.firefox_tab import Tab
from tests.browser_path import firefox_executable

START = 90.0  # seconds: a first start on a busy machine writes a whole profile
STOP = 15.0
HEARD = ["network.beforeRequestSent"]


class Firefox:
    """A context manager; the profile's folder is the caller's to remove. `tab` is the first one."""

    tab: Tab

    def __init__(self, profile: Path, prefs: Prefs | None = None) -> None:
        self._profile, self._prefs = profile, prefs or {}
        self._log = profile / "firefox.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._bidi: Bidi | None = None

    def __enter__(self) -> Firefox:
        path = firefox_at_hand()
        write_profile(self._profile, self._prefs)
        try:
            self._start(path)
            self._bidi = Bidi(f"ws://127.0.0.1:{self._port()}/session")
            self._bidi.ask("session.new", capabilities={})
            self._bidi.ask("session.subscribe", events=HEARD)
            (first,) = self._bidi.ask("browsingContext.getTree", maxDepth=0)["contexts"]
        except BaseException:
            self._stop()
            raise
        self.tab = Tab(self._bidi, first["context"])
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop()

    def requests(self) -> list[str]:
        """The address of every request that any tab made so far; a WebSocket's begins with http too."""
        assert self._bidi is not None
        # What happened before this harmless question is told before its answer.
        self._bidi.ask("session.status")
        urls = [event["request"]["url"] for name, event in self._bidi.events if name == "network.beforeRequestSent"]
        # What is read out of the page itself (data:, blob:) asks nobody.
        return [url for url in urls if url.startswith("http")]

    def _start(self, path: str) -> None:
        where = self._profile / "WebDriverBiDiServer.json"
        where.unlink(missing_ok=True)
        # With the profile for a home, nothing is read from or left in that of whoever runs the tests.
        env = {**os.environ, **ENVIRONMENT, "HOME": str(self._profile)}
        args = [path, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(self._profile)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*args, "about:blank"], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _port(self) -> int:
        deadline = time.monotonic() + START
        while True:
            try:
                return int(json.loads((self._profile / "WebDriverBiDiServer.json").read_text())["ws_port"])
            except (FileNotFoundError, json.JSONDecodeError):
                gone = self.process is None or self.process.poll() is not None
                late = time.monotonic() > deadline
                assert not (gone or late), f"Firefox did not start: {self._log.read_text(errors='replace')[-2000:]}"
                time.sleep(0.05)

    def _stop(self) -> None:
        if self._bidi is not None:
            self._say_close(self._bidi)
        if self.process is None:
            return
        for step in (self.process.terminate, self.process.kill):
            try:
                self.process.wait(STOP if self._bidi is not None else 0.1)
                return
            except subprocess.TimeoutExpired:
                step()
        self.process.wait(STOP)

    def _say_close(self, bidi: Bidi) -> None:
        try:
            bidi.ask("browser.close")
        except (NotDone, OSError) as error:
            # It will be ended by its number instead.
            with self._log.open("a") as log:
                log.write(f"no polite end: {error}\n")
        bidi.close()


def firefox_at_hand() -> str:
    """The path of a Firefox; skips the test where there is none, and fails it in CI."""
    path = firefox_executable()
    if path is None:
        reason = "Firefox is not installed: `make test` brings it where apt-get is allowed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
