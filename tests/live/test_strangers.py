"""A stranger on a WebSocket who sends without a pause holds up nobody, and is cut; on every server, on every way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from companion.core.values import replace
from tests.live.evening import Served, Way, free_port, lean_on, prepare
from tests.live.raw import Raw, framed
from tests.live.ways import EVERY_WAY

SECONDS = 6.0
NOISE = {
    "packets that do nothing": framed(b"6"),
    "answers that nobody waits for": framed(b"3"),
    "events of nobody": framed(b'42["zebrafish"]'),
    "pings of the protocol": framed(b"", 9),
    "pieces without an end": framed(b"", 0, first=0),
}


@pytest.fixture(scope="module", params=EVERY_WAY)
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Way]]:
    data, port = tmp_path_factory.mktemp("strangers"), free_port()
    way = prepare(lean_on(data, port))["Wren"]
    with Served(data, port, settings=request.param) as served:
        yield served, way


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_who_sends_without_a_pause_is_cut_and_holds_up_nobody(node: tuple[Served, Way], noise: bytes) -> None:
    served, way = node
    with closing(Raw(served, replace(way, cookie="at=nobody", key=""))) as raw:
        if noise == NOISE["pieces without an end"]:
            raw.say(framed(b"4", first=0))
        sending = threading.Thread(target=_send_without_a_pause, args=(raw, noise))
        sending.start()
        waits = [_seconds_of(served) for _ in range(10)]
        sending.join()

    assert max(waits) < SECONDS / 2, waits
    assert raw.refused is not None, "it was read to the end"
    assert "a connection that flooded was cut" in served.log.read_text()


def _send_without_a_pause(raw: Raw, noise: bytes) -> None:
    until, many = time.monotonic() + SECONDS, noise * (4096 // len(noise))
    while time.monotonic() < until and raw.refused is None:
        raw.say(many)


def _seconds_of(served: Served) -> float:
    began = time.monotonic()
    assert requests.get(f"{served.address}/health/live", timeout=SECONDS).status_code == 200
    return time.monotonic() - began
