"""The benchmark still measures what it says, and a run that lost something fails. Never how fast anything is."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.full import STAGES
from benchmarks.native import Missing, built
from benchmarks.page import written
from benchmarks.people import Person
from benchmarks.plot import drawn_lines
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


def without(what):
    """A machine of somebody who only reads lacks a compiler perhaps; CI's may not."""
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def shim():
    try:
        return built("shim")
    except Missing as missing:
        without(f"This machine lacks {missing}")


# They load both cores, and what else runs beside them would disturb them: for the night.
@pytest.mark.slow
@pytest.mark.parametrize(
    "servers",
    [
        ["companion-json", "node-group", "floor"],
        ["companion", "companion-gevent", "node", "stock"],
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

    if done.returncode == 2:
        without(done.stderr)
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


@pytest.mark.parametrize("call", ["fsync", "fdatasync"])
def test_a_slow_disk_is_at_least_as_slow_as_it_is_told_to_be(tmp_path, shim, call):
    program = f"""
import os, time
began = time.monotonic()
os.{call}(os.open({str(tmp_path / "file")!r}, os.O_RDWR | os.O_CREAT))
print(time.monotonic() - began)
"""
    slow = {**os.environ, "LD_PRELOAD": str(shim), "SLOW_SYNC_MICROSECONDS": "30000"}

    took = subprocess.run([sys.executable, "-c", program], env=slow, capture_output=True, text=True, check=True).stdout

    assert float(took) >= 0.03


def trials_of(stage):
    """A line for each trial of a stage, as the long benchmark keeps them."""
    names = ("taps_s", "us_tap", "us_delivery", "all_p50_ms", "all_p99_ms", "all_max_ms", "kB_per_socket", "storm_s")
    for sessions in stage.sessions:
        for kind in stage.kinds:
            values = {name: 10.0 if kind == "node" else 20.0 for name in names}
            yield {
                "stage": stage.name,
                "sessions": sessions,
                "sync_ms": 2.0,
                "round": 0,
                "kind": kind,
                "values": values,
                "proof": {"missing": 0},
            }


def test_the_page_shows_every_stage_and_says_whether_anything_was_lost(tmp_path):
    lines = [line for stage in STAGES for line in trials_of(stage)]

    page = written(lines, tmp_path / "growth.svg")
    lines[0]["proof"] = {"missing": 1}
    page_of_a_bad_run = written(lines, tmp_path / "growth.svg")

    assert "<!--" not in page
    assert page.count("| companion, HTML regions | 2 (2-2) |") == 1
    assert page.count("| Flask-SocketIO as installed, a commit per tap |") == 2
    assert f"In none of {len(lines)} trials was anything lost." in page
    assert f"Of {len(lines)} trials, 1 lost" in page_of_a_bad_run
    assert (tmp_path / "growth.svg").exists()


def test_a_drawing_has_a_line_and_a_label_for_each_curve_and_no_two_labels_meet():
    curves = {"ours": [(1, 1.0), (1000, 1.1)], "<theirs>": [(1, 1.0), (1000, 1.1)]}

    drawing = ElementTree.fromstring(drawn_lines(curves, "sessions", "cost"))  # noqa: S314 - of our own making

    of_svg = "{http://www.w3.org/2000/svg}"
    labels = {text.text: float(text.get("y")) for text in drawing.iter(f"{of_svg}text") if text.text in curves}
    assert len(list(drawing.iter(f"{of_svg}polyline"))) == 2
    assert abs(labels["ours"] - labels["<theirs>"]) >= 16
