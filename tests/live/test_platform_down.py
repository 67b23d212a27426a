"""A platform goes silent in the middle of a session: it takes connections and never answers.

No tap waits for it, whoever opens the call hears so calmly, and what had to be ended there is ended once, when it is
back, even by a server that was killed meanwhile.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from companion.core.values import replace
from companion.records import CallTask, Platform
from companion.service import calls, platforms
from companion.service.call_troubles import unasked
from companion.service.deps import Deps
from tests.integrations.bigbluebutton_server import BigBlueButtonServer
from tests.live.evening import Served, free_port, lean_on, prepare, session_of
from tests.live.watched import Hands, Watched, eventually, says

SECRET = "a secret of one's own server, long enough"
PRESSES = 35  # of "the call": more than the threads in which taps are done
HANGING = 8  # of them ask the platform, and the others wait for these


class Moody(BigBlueButtonServer):
    """It can go silent; what it was asked then, it never does."""

    def __init__(self) -> None:
        super().__init__(SECRET)
        self.back = threading.Event()
        self.back.set()
        self.ended: Counter[str] = Counter()
        self._hanging = 0
        self._counting = threading.Lock()

    @property
    def hanging(self) -> int:
        with self._counting:
            return self._hanging

    def answer(self, path: str) -> tuple[int, bytes, str]:
        if not self.back.is_set():
            return self._hang()
        return super().answer(path)

    def _hang(self) -> tuple[int, bytes, str]:
        with self._counting:
            self._hanging += 1
        self.back.wait(120)
        return 504, b"", ""  # whoever asked has long gone

    def _end(self, said: dict[str, str]) -> tuple[int, bytes, str]:
        self.ended[said["meetingID"]] += 1
        return super()._end(said)


@pytest.fixture
def platform() -> Iterator[Moody]:
    made = Moody()
    yield made
    made.back.set()
    made.close()


class Evening:
    """A session whose group has its calls there; Wren and Noor talk in a room of their own."""

    def __init__(self, data: Path, platform: Moody) -> None:
        port = free_port()
        self.hands = Hands(data / "clock")
        self.deps: Deps = replace(lean_on(data, port), clock=self.hands)
        self.ways = prepare(self.deps)
        self.session_id = session_of(self.deps, self.ways["Sol"])
        self._hold_calls_at(platform)
        self.served = Served(data, port, clock=self.hands.file, settings={"TEST_PATIENCE": "60"})

    def open(self) -> Watched:
        self.served.start()
        watched = Watched.open(self.served, self.deps, self.ways)
        for who, command in (("Noor", "go_on_duty"), ("Wren", "request_breakout")):
            assert watched.wires[who].tap(command) == {"ok": True}
        self.request = watched.saved().state.breakouts[0].id
        assert watched.wires["Noor"].tap("claim_breakout", request=self.request) == {"ok": True}
        assert watched.wires["Wren"].tap("accept_breakout") == {"ok": True}
        for who, path in (("Ash", "/call"), ("Wren", "/room")):
            assert watched.get(who, path).status_code == 303
        return watched

    def rooms(self) -> tuple[str, str]:
        """The references of the room of all, and of the room of two."""
        session = self.deps.store.session(self.session_id)
        assert session is not None
        whole, pair = (calls.room_of(self.deps, session, one).ref for one in ("", self.request))
        return whole, pair

    def left(self) -> list[str]:
        """What is still to be asked of the platform."""
        return [task.what for task in self.deps.store.shelf(CallTask).find(state=("waiting", "sending", "failed"))]

    def _hold_calls_at(self, platform: Moody) -> None:
        session = self.deps.store.session(self.session_id)
        assert session is not None
        account = Platform("moody", "bigbluebutton", "Moody", platform.api, "", SECRET, self.hands())
        self.deps.store.shelf(Platform).put(account)
        platforms.choose(self.deps, session.group_id, account.id)


def test_a_silent_platform_delays_no_tap_and_what_it_missed_is_done_once_when_it_is_back(
    tmp_path: Path, platform: Moody
) -> None:
    evening = Evening(tmp_path, platform)
    try:
        watched = evening.open()
        assert set(platform.meetings) == set(evening.rooms())
        platform.back.clear()

        with ThreadPoolExecutor(PRESSES) as pool:
            presses = [pool.submit(watched.get, way, "/call") for way in [*evening.ways] * (PRESSES // 7)]
            eventually(lambda: platform.hanging >= HANGING, "people who wait for the platform")
            acknowledged = _tap_away(watched)
            answered = sum(press.done() for press in presses)
            platform.back.set()
            answers = [press.result(timeout=60) for press in presses]

        assert acknowledged == [{"ok": True}] * 10
        assert answered == 0, "all those threads were still waiting when the last tap was done"
        _check_calm(answers)

        platform.back.clear()
        _close(watched)
        eventually(lambda: "end" in evening.left(), "a room to be ended")
        evening.served.kill()
        platform.back.set()
        evening.served.start()
        evening.hands.turn(180)  # longer than a dead node keeps what it was at
        eventually(lambda: evening.left() == [], "all that was missed", 30)
    finally:
        evening.served.stop()

    assert (platform.ended, platform.meetings) == (Counter(evening.rooms()), {})
    assert unasked(evening.deps) == ()


def _check_calm(answers: list[requests.Response]) -> None:
    away = [answer for answer in answers if answer.status_code != 303]
    assert len(away) >= HANGING
    assert {(answer.status_code, says(answer, "call_away")) for answer in away} == {(503, True)}


def _tap_away(watched: Watched) -> list[object]:
    said = [watched.wires["Wren"].tap("finish_breakout")]
    for who in ("Ash", "Fern", "Wren"):
        for command in ("request_turn", "withdraw_turn", "request_turn"):
            said.append(watched.wires[who].tap(command))
    return said


def _close(watched: Watched) -> None:
    for command in ("begin_ending", "close_session"):
        assert watched.wires["Sol"].tap(command, confirmed=True)["ok"]
