"""A client that stops reading costs so much memory and no more, delays nobody, and gets its whole panel on return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.live.outlet import MOST_WAITING
from tests.live.evening import Served, Way, free_port, lean_on, prepare
from tests.live.raw import Raw
from tests.live.watched import Hands, eventually
from tests.live.ways import SHORT_WAYS

TAPS = 400  # each sends a facilitator some 4 kB
LATE = 36  # more than the system takes, less than what makes us cut her
CUT = "a client that did not read was cut"


@pytest.fixture(params=SHORT_WAYS)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Served, dict[str, Way]]]:
    port, hands = free_port(), Hands(tmp_path / "clock")
    ways = prepare(lean_on(tmp_path, port))
    with Served(tmp_path, port, settings=request.param, clock=hands.file) as running:
        yield running, ways


def test_who_reads_nothing_is_cut_and_delays_nobody(served: tuple[Served, dict[str, Way]]) -> None:
    running, ways = served
    sol, wren = running.connect(ways["Sol"]), running.connect(ways["Wren"])
    _tap_away(wren, 100)
    asleep = [Raw(running, ways["Rae"], receives=4096) for _ in range(3)]
    for raw in asleep:
        raw.connect(ways["Rae"])
    before = _kilobytes(running)

    _tap_away(wren, TAPS)  # each is answered, whoever sleeps

    eventually(lambda: running.log.read_text().count(CUT) == len(asleep), "the cuts")
    assert _kilobytes(running) - before < 3 * MOST_WAITING // 1024 + 4096
    numbers = [panel["number"] for panel in sol.panels()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert [raw.close_code() for raw in asleep] == [None] * 3
    back = running.connect(ways["Rae"])
    assert back.panels()[0]["whole"]
    assert not sol.closed and not wren.closed
    for each in (sol, wren, back, *asleep):
        each.close()


def test_who_reads_late_gets_everything_in_order(served: tuple[Served, dict[str, Way]]) -> None:
    running, ways = served
    wren = running.connect(ways["Wren"])
    late = Raw(running, ways["Rae"], receives=4096)
    late.connect(ways["Rae"])

    heard = [_next_number(late)]
    _tap_away(wren, LATE)
    heard += [_next_number(late) for _ in range(LATE)]

    assert heard == list(range(heard[0], heard[0] + LATE + 1))
    assert CUT not in running.log.read_text()
    late.close()
    wren.close()


def _next_number(raw: Raw) -> int:
    while True:
        found = re.match(rb'42\["panel",\{"number":(\d+)', raw.hear()[1])
        if found:
            return int(found.group(1))


def _tap_away(wire: object, count: int) -> None:
    for number in range(count):
        name = "withdraw_turn" if number % 2 else "request_turn"
        assert wire.tap(name) == {"ok": True}  # type: ignore[attr-defined]


def _kilobytes(served: Served) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{served.pid}/status").read_text())
    assert found is not None
    return int(found.group(1))
