"""Numbers of a real server: they move with what pages do, on every server and way out, and its log is lines of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.live.evening import Served, Way, free_port, lean_on, prepare
from tests.live.raw import Raw
from tests.live.watched import Hands, eventually
from tests.live.ways import EVERY_WAY

TOKEN = "a-token-for-whoever-watches"
SETTINGS = {"COMPANION_METRICS_TOKEN": TOKEN, "COMPANION_LOG": "json"}
TAPS = 20
Watch = tuple[Served, dict[str, Way]]


@pytest.fixture(params=EVERY_WAY)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watch]:
    port, hands = free_port(), Hands(tmp_path / "clock")
    ways = prepare(lean_on(tmp_path, port))
    with Served(tmp_path, port, settings=request.param | SETTINGS, clock=hands.file) as running:
        yield running, ways


def page(running: Served) -> str:
    answer = requests.get(f"{running.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
    assert answer.status_code == 200
    return answer.text


def number(running: Served, row: str) -> float:
    found = re.search(rf"^{re.escape(row)} (\S+)$", page(running), re.MULTILINE)
    assert found is not None, row
    return float(found[1])


def test_numbers_move_with_the_taps_of_pages(served: Watch) -> None:
    running, ways = served
    wires = {alias: running.connect(ways[alias]) for alias in ("Sol", "Wren", "Ash", "Fern")}
    assert number(running, "companion_sockets") == 4

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda alias: _tap_away(wires[alias]), ("Wren", "Ash", "Fern")))
    refused = wires["Wren"].tap("start_next_turn", turn=0)
    wires["Fern"].close()

    taps = 3 * TAPS
    assert not refused["ok"]
    assert number(running, 'companion_taps_total{outcome="done"}') == taps
    assert number(running, 'companion_taps_total{outcome="refused"}') == 1
    assert number(running, 'companion_refusals_total{code="not_yours_to_do"}') == 1
    eventually(lambda: number(running, "companion_tap_to_panel_seconds_count") == taps, "the panels")
    commits = number(running, "companion_commit_taps_count")
    assert 0 < commits <= taps
    assert number(running, 'companion_commit_taps_bucket{le="1"}') <= commits
    assert number(running, "companion_commit_taps_sum") >= taps
    assert number(running, "companion_commit_seconds_count") >= commits
    assert 0 < number(running, "companion_tap_to_panel_seconds_sum") <= taps * 10
    eventually(lambda: number(running, "companion_sockets") == 3, "her going")
    _tells_of_nobody(running, ways)
    for wire in wires.values():
        wire.close()


def test_who_reads_nothing_shows_and_is_counted_once_cut(served: Watch) -> None:
    running, ways = served
    if "off" in running._settings.values():
        pytest.skip("the library's own queue is not ours to measure")
    wren = running.connect(ways["Wren"])
    asleep = Raw(running, ways["Rae"], receives=4096)
    asleep.connect(ways["Rae"])

    seen = []
    for _ in range(200):
        _tap_away(wren, 2)
        seen.append((number(running, "companion_backlog_sockets"), number(running, "companion_backlog_bytes")))
        if number(running, "companion_slow_readers_cut_total"):
            break

    assert number(running, "companion_slow_readers_cut_total") == 1
    assert max(sockets for sockets, _ in seen) == 1
    assert {size % 16_384 for _, size in seen} == {0}
    assert max(size for _, size in seen) > 0
    eventually(lambda: number(running, "companion_backlog_sockets") == 0, "its end")
    asleep.close()
    wren.close()


def _tap_away(wire: object, count: int = TAPS) -> None:
    for step in range(count):
        name = "withdraw_turn" if step % 2 else "request_turn"
        assert wire.tap(name) == {"ok": True}  # type: ignore[attr-defined]


def _tells_of_nobody(running: Served, ways: dict[str, Way]) -> None:
    lines = [json.loads(line) for line in running.log.read_text().splitlines()]
    assert {"reason": "not_yours_to_do", "command": "start_next_turn"}.items() <= lines[-1].items()
    told = page(running) + running.log.read_text()
    for way in ways.values():
        for word in (way.alias, way.seat_id, way.access_id, way.cookie.partition("=")[2]):
            assert word not in told
