"""The benchmark still measures what it says, and a run that lost something fails. Never how fast anything is."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.people import Person
from benchmarks.proof import Proof, Seen, proved
from benchmarks.report import Trial, ratio, spread
from benchmarks.shape import STEPS, flags_after, step_of

ROOT = Path(__file__).parents[2]
COUNTS = {
    "taps": 2,
    "acknowledged": 2,
    "refused": 0,
    "regressed": 0,
    "skipped": 0,
    "broken": 0,
    "lost": 0,
    "in": 1,
    "overrun": 0,
}


# Every kind of part once: our server, Node with a worker, C. The rest is for the night.
@pytest.mark.parametrize(
    "servers",
    [
        ["companion-json", "node-group", "floor"],
        pytest.param(["companion", "companion-gevent", "node", "stock"], marks=pytest.mark.slow),
    ],
)
def test_servers_do_the_work_and_lose_nothing(tmp_path, servers):
    lines = tmp_path / "trials"

    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "benchmarks",
            "--smoke",
            "--json",
            lines,
            "--servers",
            ",".join(servers),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    trials = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [trial["kind"] for trial in trials] == servers
    assert [sum(trial["proof"].values()) for trial in trials] == [0] * len(servers)
    assert all(trial["values"]["taps_s"] > 0 and trial["values"]["deliveries_tap"] >= 3 for trial in trials)


@pytest.fixture
def wren():
    return Person("session", "seat", "access", "member", "Wren", 0, "token", "id", "key")


def proof_of(folder, wren, *, counts=None, rows=2, number=7, shown=7, disk=7, turn=True, signal=True):
    """The proof of a run in which one member tapped twice: asked to speak, and raised a signal."""
    seat = {"id": "seat", "number": disk, "turn": turn, "break": signal, "ticket": False}
    with sqlite3.connect(folder / "peer.sqlite3") as database:
        database.execute("CREATE TABLE sessions (id TEXT, document TEXT)")
        database.execute("CREATE TABLE taps (session TEXT, seat TEXT, tap TEXT)")
        database.execute("INSERT INTO sessions VALUES ('session', ?)", [json.dumps({"seats": [seat]})])
        database.executemany("INSERT INTO taps VALUES ('session', 'seat', ?)", [(str(row),) for row in range(rows)])
    seen = Seen(wren, number, 2, {"number": shown, "whole": True, "views": {}})
    return proved({**COUNTS, **(counts or {})}, [seen], folder, "json", False, 1)


def test_a_run_in_which_all_is_well_holds(tmp_path, wren):
    assert proof_of(tmp_path, wren) == Proof()


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"rows": 1}, "missing"),
        ({"rows": 3}, "doubled"),
        ({"signal": False}, "unkept"),
        ({"number": 6}, "unconverged"),
        ({"shown": 6}, "unconverged"),
        ({"disk": 8}, "unconverged"),
        ({"counts": {"taps": 3}}, "unacknowledged"),
        ({"counts": {"regressed": 1}}, "regressed"),
        ({"counts": {"skipped": 1}}, "skipped"),
        ({"counts": {"lost": 1}}, "cut"),
        ({"counts": {"in": 0}}, "absent"),
    ],
)
def test_a_run_that_lost_something_does_not_count(tmp_path, wren, fault, name):
    proof = proof_of(tmp_path, wren, **fault)

    assert not proof.holds
    assert f"{name} 1" in str(proof)


def test_a_round_of_taps_does_each_thing_once_and_takes_it_back():
    for member in range(8):
        assert sorted(step_of(member, taps) for taps in range(6)) == list(range(len(STEPS)))
        assert flags_after(member, 3) == (True, True, True)
        assert flags_after(member, 6) == (False, False, False)


def test_ratios_are_taken_within_a_round_and_only_then_is_the_middle_one_found():
    trials = [Trial(0, "node", {"taps_s": 100.0}), Trial(0, "companion", {"taps_s": 200.0})]
    trials += [Trial(1, "node", {"taps_s": 10.0}), Trial(1, "companion", {"taps_s": 10.0})]
    trials += [Trial(2, "node", {"taps_s": 50.0}), Trial(2, "companion", {"taps_s": 150.0})]

    assert ratio(trials, "companion", "node", "taps_s").middle == 2.0
    assert spread(trials, "node", "taps_s").most == 100.0
