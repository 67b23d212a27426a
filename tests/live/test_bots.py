"""Simulated people fill a demo: every tap that they were told is kept is kept once, whatever drops in between."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import pytest

from companion.bot import Pace, Tally
from companion.bots import run_bots, seated
from companion.demo import DemoLink, as_json, make_demo
from tests.live.evening import ROOT
from tests.live.watched import Watched, eventually

LIVELY = Pace(rest=(0.1, 0.3), drops=0.1, away=(0.1, 0.6))
LINE = re.compile(
    r"(\d+) simulated people, (\d+) seconds: (\d+) taps kept, \d+ refused, (\d+) drops, (\d+) returns, "
    r"(\d+) unanswered, (\d+) could not go on\.\n"
)
WITHOUT_WEBSOCKET = 'import sys; sys.modules["websocket"] = None; from companion.bots import main; sys.exit(main())'


def taps_kept(evening: Watched) -> int:
    """How many taps stand in the database; nobody else presses anything."""
    with evening.deps.store.database.reading() as connection:  # type: ignore[attr-defined]
        return int(connection.exec_driver_sql("SELECT count(*) FROM taps").scalar_one())


def nobody_is_stranded(tally: Tally, people: int) -> None:
    assert (tally.people, tally.unanswered, tally.problems) == (people, 0, [])
    assert tally.kept > 10


def test_they_ask_take_breaks_drop_and_return(evening: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    links = make_demo(evening.deps)
    before, started = taps_kept(evening), time.monotonic()

    tally = run_bots(links, 8, 6, seed=2, pace=LIVELY)

    nobody_is_stranded(tally, 8)
    assert time.monotonic() - started < 20
    assert tally.drops == tally.returns > 0
    assert taps_kept(evening) - before == tally.kept
    assert LINE.fullmatch(capsys.readouterr().out)


def test_they_come_back_to_a_server_that_was_killed(evening: Watched) -> None:
    links = make_demo(evening.deps)
    before, told = taps_kept(evening), list[Tally]()

    crowd = threading.Thread(target=lambda: told.append(run_bots(links, 6, 11, seed=3, pace=LIVELY)))
    crowd.start()
    eventually(lambda: taps_kept(evening) > before + 12, "some taps")
    evening.served.kill()
    evening.served.start()
    crowd.join()

    nobody_is_stranded(told[0], 6)
    assert told[0].returns >= 6
    assert taps_kept(evening) - before == told[0].kept


def test_polling_is_enough_for_them(evening: Watched) -> None:
    links = as_json(make_demo(evening.deps))
    given = [sys.executable, "-c", WITHOUT_WEBSOCKET, "--count", "5", "--seconds", "6", "--seed", "1"]
    before = taps_kept(evening)

    ran = subprocess.run(given, input=links, capture_output=True, text=True, timeout=60, cwd=ROOT)

    assert (ran.returncode, ran.stderr) == (0, "")
    counts = LINE.fullmatch(ran.stdout)
    assert counts is not None and counts[1] == "5"
    assert int(counts[3]) == taps_kept(evening) - before > 0


def test_a_link_that_opens_nothing_is_told(evening: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    wren = DemoLink("member", "Wren", f"{evening.served.address}/i/of-nobody", "00000000")

    tally = run_bots([wren], 1, 5, pace=LIVELY)

    assert tally.problems == ["member: wrong_passcode"]
    assert capsys.readouterr().out.endswith("  member: wrong_passcode\n")


def test_a_small_company_has_somebody_to_let_it_in(evening: Watched) -> None:
    links = make_demo(evening.deps)

    assert [link.role for link in seated(links, 4)] == ["facilitator", "member", "member", "peer_supporter"]
    assert len(seated(links, 99)) == len(links)
