"""The database is missing or full: "not sent", readiness red, nothing half-saved, and all is well again afterwards."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.live.evening import Served
from tests.live.watched import Watched, eventually, refusal, says
from tests.live.wire import Refused

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="takes a database file away")
Trouble = Callable[[Served], "Iterator[None]"]


@contextmanager
def missing(served: Served) -> Iterator[None]:
    """The database file, with its log, is somewhere else."""
    away = served.data / "away"
    away.mkdir()
    files = list(served.data.glob("companion.sqlite3*"))
    for file in files:
        file.rename(away / file.name)
    yield
    for file in files:
        (away / file.name).rename(file)
    away.rmdir()


@contextmanager
def full(served: Served) -> Iterator[None]:
    """No file of the server can grow any more, and none can be written to: what a full disk says."""
    before = resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("trouble", [missing, full])
def test_a_tap_is_kept_by_the_phone_and_sent_when_the_database_is_back(evening: Watched, trouble: Trouble) -> None:
    wire, note = evening.wires["Sol"], {"desk": "care", "words": f"while it was {trouble.__name__}"}
    tap_id = f"tap-{trouble.__name__}"

    with evening.untouched():
        with trouble(evening.served):
            assert wire.tap("write_note", tap_id, **note) == refusal("not_sent", again=10)
            assert _ready(evening) == 503
            page = evening.post("Rae", "write_note", {"desk": "tech", "words": "by form"})
            assert (page.status_code, says(page, "not_sent")) == (503, True)
        assert eventually(lambda: _ready(evening) == 200, "readiness")
    assert wire.tap("write_note", tap_id, **note) == {"ok": True}

    assert [kept.words for kept in evening.saved().state.notes].count(note["words"]) == 1
    assert all(not other.closed for other in evening.wires.values())
    assert evening.get("Wren").status_code == 200


def test_nobody_can_connect_without_a_database(evening: Watched) -> None:
    with evening.logged("connection refused reason=not_sent"), missing(evening.served):
        with pytest.raises(Refused) as refused:
            evening.served.connect(evening.ways["Wren"])
        page = evening.get("Wren")

    assert refused.value.data["data"] == {"code": "not_sent", "say": refusal("not_sent")["say"]}
    assert (page.status_code, says(page, "not_sent")) == (503, True)
    eventually(lambda: _ready(evening) == 200, "readiness")
    evening.served.connect(evening.ways["Wren"]).close()


def test_who_went_meanwhile_is_seen_off_afterwards(evening: Watched) -> None:
    wire = evening.wires.pop("Fern")
    with evening.logged("a closed connection could not be noted"), missing(evening.served):
        wire.close()
        _pause_until_logged(evening.served.log)

    eventually(lambda: evening.saved().state.seat(evening.ways["Fern"].seat_id).dropped_at, "her drop", 15)


def test_the_log_says_what_is_wrong_and_nothing_of_anybody(evening: Watched) -> None:
    log = evening.served.log.read_text()

    assert "not sent: the database cannot take a tap" in log
    for word in (*evening.ways, "while it was", "by form", "Traceback"):
        assert word not in log


def _ready(evening: Watched) -> int:
    return requests.get(f"{evening.served.address}/health/ready", timeout=30).status_code


def _pause_until_logged(log: Path) -> None:
    eventually(lambda: "a closed connection could not be noted" in log.read_text(), "the note in the log", 20)
