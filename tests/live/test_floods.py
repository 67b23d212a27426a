"""X11: ten commands in ten seconds, three pages a person, sixty an address. Whoever floods is cut, unnoticed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest
import websocket

from companion.core.model import Role
from companion.live.transport import SILENT_SECONDS
from tests.live.evening import Served, free_port, lean_on, prepare
from tests.live.watched import Watched, bye, eventually, refusal, says
from tests.live.wire import Refused, Wire

MEMBERS = tuple(f"Member{number}" for number in range(22))
CAST: tuple[tuple[Role, str], ...] = (("facilitator", "Sol"), *(("member", alias) for alias in MEMBERS))


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A session with many people and the limits as they are; nobody's page is open."""
    data, port = tmp_path_factory.mktemp("crowd"), free_port()
    deps = lean_on(data, port)
    ways = prepare(deps, CAST)
    with Served(data, port) as served:
        yield Watched(served, deps, ways)


@pytest.fixture(scope="module", autouse=True)
def silent(crowd: Watched) -> Iterator[websocket.WebSocket]:
    """A transport from the beginning of these tests, on which nobody says who she is."""
    address = crowd.served.address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    transport = websocket.create_connection(address, origin=crowd.served.address, timeout=30)
    yield transport
    transport.shutdown()


def connected(crowd: Watched, alias: str) -> Wire:
    return crowd.served.connect(crowd.ways[alias], form="json")


def test_the_eleventh_command_in_ten_seconds_waits(crowd: Watched) -> None:
    first, second = connected(crowd, "Member1"), connected(crowd, "Member1")

    answers = [(first, second)[number % 2].tap("request_turn") for number in range(12)]
    with crowd.untouched(), crowd.logged("refused reason=too_fast", never=("a note",)):
        late = first.tap("withdraw_turn", note="a note")

    assert answers == [{"ok": True}] * 10 + [refusal("too_fast", again=10)] * 2
    assert late == refusal("too_fast", again=10)
    page = crowd.post("Member1", "withdraw_turn")
    assert (page.status_code, says(page, "too_fast")) == (429, True)
    for wire in (first, second):
        wire.close()


def test_a_fourth_page_of_one_person_is_refused(crowd: Watched) -> None:
    wires = [connected(crowd, "Member2") for _ in range(3)]

    with crowd.logged("connection refused reason=too_many_pages"), pytest.raises(Refused) as refused:
        connected(crowd, "Member2")
    assert refused.value.data["data"] == {"code": "too_many_pages", "say": refusal("too_many_pages")["say"]}

    wires.pop().close()
    wires.append(eventually(lambda: _connected_or_none(crowd, "Member2"), "room for another page"))
    for wire in wires:
        wire.close()


def test_a_sixty_first_connection_from_one_address_is_refused(crowd: Watched) -> None:
    wires = [connected(crowd, alias) for alias in MEMBERS[:20] for _ in range(3)]

    with pytest.raises(Refused) as refused:
        connected(crowd, MEMBERS[20])
    assert refused.value.data["message"] == "too_many_pages"

    wires.pop().close()
    wires.append(eventually(lambda: _connected_or_none(crowd, MEMBERS[20]), "room for another page"))
    for wire in wires:
        wire.close()


GARBAGE = ("42[]", "4", '42["zebrafish"]', "42" + "[" * 4000, '42["whole"]')


@pytest.mark.parametrize(
    "frame", ["tap", *GARBAGE], ids=["taps", "no event", "nothing", "unknown", "brackets", "whole"]
)
def test_whoever_floods_is_cut_and_others_are_not_held_up(crowd: Watched, frame: str) -> None:
    number = 3 + ["tap", *GARBAGE].index(frame)
    flooder, other = connected(crowd, f"Member{number}"), connected(crowd, f"Member{number + 6}")
    flood = frame if frame != "tap" else "42" + json.dumps(["tap", {"id": "tap-of-a-flood", "name": "request_turn"}])

    with crowd.logged("a connection that flooded was cut", never=("zebrafish", "Traceback")):
        flooding = threading.Thread(target=_flood, args=(flooder, flood))
        flooding.start()
        waits = [_seconds_of_a_tap(other) for _ in range(9)]
        flooder.until(lambda: flooder.closed, "the end of the flood")
        flooding.join()

    assert max(waits) < 1
    assert not other.closed
    assert bye(flooder) is None
    other.close()


def test_who_says_good_bye_cannot_come_again_on_the_same_transport(crowd: Watched) -> None:
    wire = connected(crowd, "Member21")

    wire.send_raw("41")
    wire.until(lambda: wire.closed, "the end of the transport")

    connected(crowd, "Member21").close()


def test_a_transport_on_which_nobody_connects_is_closed(silent: websocket.WebSocket) -> None:
    started = time.monotonic()

    while (frame := silent.recv()) not in ("", "1"):
        if frame == "2":
            silent.send("3")

    assert time.monotonic() - started < SILENT_SECONDS + 3


def _flood(wire: Wire, frame: str) -> None:
    try:
        for _ in range(400):
            wire.send_raw(frame)
    except (OSError, websocket.WebSocketException):
        return


def _seconds_of_a_tap(wire: Wire) -> float:
    started = time.monotonic()
    assert wire.tap("request_turn")["ok"]
    return time.monotonic() - started


def _connected_or_none(crowd: Watched, alias: str) -> Wire | None:
    try:
        return connected(crowd, alias)
    except Refused:
        return None
