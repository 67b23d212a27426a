"""Two nodes on one database: what one does, the other sees; and two processes fighting for one session lose nothing."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.core.values import replace
from companion.ports import Moved
from companion.records import Saved, TapRecord
from companion.settings import Settings
from tests.store.builders import NOW, a_connection, a_state
from tests.store.conftest import open_in

ROOT = Path(__file__).parents[2]
TAP = TapRecord("seat-1", "tap-1", "digest")


def test_what_one_node_saves_the_other_loads(two_nodes):
    one, other = two_nodes
    one.create(a_state(), NOW)
    other.save("evening", 1, a_state(members=5), None, TAP)

    with pytest.raises(Moved):
        one.save("evening", 1, a_state(members=6), None, None)

    assert one.load("evening") == Saved(a_state(members=5), 2)
    assert one.seen_tap("evening", "seat-1", "tap-1") == "digest"


def test_the_last_connection_counts_over_both_nodes(two_nodes):
    one, other = two_nodes
    one.open([a_connection("phone", node="one")])
    other.open([a_connection("laptop", node="other")])

    assert not one.close(["phone"])
    assert one.present([("evening", "seat-1")])
    assert other.close(["laptop"])


def test_a_session_destroyed_by_one_node_and_begun_anew_has_another_key_on_the_other(two_nodes):
    one, other = two_nodes
    one.create(a_state(), NOW)
    other.load("evening")
    one.destroy("evening")
    one.create(a_state(members=1), NOW)

    with pytest.raises(Moved):
        other.save("evening", 1, a_state(), NOW, TAP)  # the revision it saw, but of the session before

    assert other.load("evening") == Saved(a_state(members=1), 1)


def test_a_tap_in_a_session_begun_anew_is_seen_by_a_node_that_knew_the_old_one(two_nodes):
    one, other = two_nodes
    one.create(a_state(), NOW)
    other.load("evening")
    one.destroy("evening")
    assert other.seen_tap("evening", "seat-1", "tap-1") is None

    one.create(a_state(), NOW)
    one.save("evening", 1, a_state(), NOW, TAP)

    assert other.seen_tap("evening", "seat-1", "tap-2") is None
    assert other.seen_tap("evening", "seat-1", "tap-1") == "digest"


def test_no_key_of_a_session_destroyed_elsewhere_stays_in_memory(two_nodes):
    one, other = two_nodes
    one.create(a_state(), NOW)
    other.load("evening")
    assert other._session_keys.known("evening") is not None
    one.destroy("evening")

    other.live()

    assert other._session_keys.known("evening") is None


def test_a_destruction_that_was_cut_short_is_finished_by_any_node(two_nodes, monkeypatch):
    one, other = two_nodes
    one.create(a_state(), None)
    monkeypatch.setattr(one.database, "scrub", cut_short)
    with pytest.raises(KeyboardInterrupt):
        one.destroy("evening")

    assert (other.load("evening"), list(other.live())) == (None, [])
    assert other.due(NOW) == ["evening"]
    other.destroy("evening")
    assert other.due(NOW) == []


def cut_short(*tables):
    raise KeyboardInterrupt


def test_two_processes_start_on_an_empty_database_and_share_one_session(settings):
    taps = 40
    nodes = [start_node(settings, name, taps) for name in ("one", "other")]

    said = [node.communicate(timeout=120) for node in nodes]

    assert [(node.returncode, err) for node, (_, err) in zip(nodes, said, strict=True)] == [(0, ""), (0, "")]
    revisions = [int(line) for out, _ in said for line in out.split()]
    assert sorted(revisions) == list(range(2, 2 + 2 * taps))
    with ExitStack() as stack:
        saved = open_in(stack, settings).load("evening")
    assert (saved.revision, saved.state.waits) == (1 + 2 * taps, tuple(range(1, 1 + 2 * taps)))


def start_node(settings: Settings, name: str, taps: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.test_two_nodes", settings.data, settings.database_url, name, taps]
    return subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def be_a_node(data: str, url: str, name: str, taps: str) -> None:
    with ExitStack() as stack:
        store = open_in(stack, Settings(data=Path(data), database_url=url))
        store.create(a_state(), None)
        for number in range(int(taps)):
            while True:
                saved = store.load("evening")
                assert saved is not None
                after = replace(saved.state, waits=(*saved.state.waits, saved.revision))
                try:
                    store.save("evening", saved.revision, after, None, TapRecord(name, str(number), "digest"))
                except Moved:
                    continue
                print(saved.revision + 1)
                break


if __name__ == "__main__":
    be_a_node(*sys.argv[1:])
