"""X8: where a request comes from is checked on both transports and for forms; the library lets a missing Origin in."""

from __future__ import annotations

import json

import pytest
import requests
import websocket

from tests.live.evening import Way
from tests.live.watched import Watched, eventually, says

FOREIGN = ("https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1")
POLLING = "/socket.io/?EIO=4&transport=polling"
SOCKET = "/socket.io/?EIO=4&transport=websocket"


def headers(way: Way, origin: str | None, **more: str) -> dict[str, str]:
    """What a browser sends, with or without an Origin."""
    named = {"Origin": origin} if origin is not None else {}
    return {"Cookie": way.cookie, **named, **more}


def is_refused(answer: requests.Response, status: int, code: str) -> None:
    """Nothing but the code, and no cookie."""
    assert (answer.status_code, answer.json(), answer.headers.get("Set-Cookie")) == (status, {"code": code}, None)
    assert "Access-Control-Allow-Origin" not in answer.headers


def handshake(evening: Watched, path: str, origin: str | None) -> int:
    """The status of a WebSocket handshake."""
    try:
        websocket.create_connection(
            evening.served.address.replace("http", "ws", 1) + path,
            header={"Cookie": evening.ways["Wren"].cookie},
            origin=origin,
            suppress_origin=origin is None,
            timeout=10,
        ).close()
    except websocket.WebSocketBadStatusException as refused:
        return int(refused.status_code)
    return 101


def polled(evening: Watched, origin: str | None = None) -> str:
    """A transport by polling, begun as our own page begins it; returns its address."""
    address = evening.served.address + POLLING
    answer = requests.get(address, headers=headers(evening.ways["Wren"], origin), timeout=10)
    return f"{address}&sid={json.loads(answer.text[1:])['sid']}"


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_a_websocket_from_elsewhere_is_refused(evening: Watched, origin: str | None) -> None:
    with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("evil",)):
        assert handshake(evening, SOCKET, origin) == 403


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_a_transport_is_not_upgraded_from_elsewhere(evening: Watched, origin: str | None) -> None:
    sid = polled(evening).rpartition("&")[2]

    with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("evil",)):
        assert handshake(evening, f"{SOCKET}&{sid}", origin) == 403


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_poll_from_elsewhere_is_refused(evening: Watched, origin: str) -> None:
    address = evening.served.address + POLLING

    with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("evil",)):
        answer = requests.get(address, headers=headers(evening.ways["Wren"], origin), timeout=10)

    is_refused(answer, 403, "wrong_origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_poll_that_another_site_asks_for_is_refused(evening: Watched, site: str) -> None:
    sent = headers(evening.ways["Wren"], None, **{"Sec-Fetch-Site": site})

    with evening.untouched(), evening.logged("refused reason=wrong_origin"):
        answer = requests.get(evening.served.address + POLLING, headers=sent, timeout=10)

    is_refused(answer, 403, "wrong_origin")


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_a_packet_posted_from_elsewhere_is_refused(evening: Watched, origin: str | None) -> None:
    way = evening.ways["Wren"]
    address = polled(evening)

    with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("evil",)):
        answer = requests.post(
            address, data="40" + json.dumps({"key": way.key}), headers=headers(way, origin), timeout=10
        )

    is_refused(answer, 403, "wrong_origin")


def test_our_own_page_connects_by_polling(evening: Watched) -> None:
    way = evening.ways["Wren"]
    ours = headers(way, evening.served.address)
    address = polled(evening)

    posted = requests.post(
        address, data="40" + json.dumps({"key": way.key, "format": "json"}), headers=ours, timeout=10
    )
    seen = ""
    for _ in range(4):
        seen += requests.get(address, headers=headers(way, None), timeout=20).text
        if '"panel"' in seen:
            break

    assert posted.text == "OK"
    assert '"whole":true' in seen
    requests.post(address, data="1", headers=ours, timeout=10)


def test_a_bare_poll_brings_nothing_to_life(evening: Watched) -> None:
    with evening.untouched():
        address = polled(evening)
        with pytest.raises(requests.ReadTimeout):
            requests.get(address, headers=headers(evening.ways["Wren"], None), timeout=1.5)


@pytest.mark.parametrize("jsonp", ["j=0", "j=zebrafish"])
def test_there_is_no_jsonp(evening: Watched, jsonp: str) -> None:
    ours = headers(evening.ways["Wren"], evening.served.address)
    began = polled(evening)

    with evening.untouched(), evening.logged("refused reason=malformed", never=("zebrafish",)):
        got = requests.get(f"{evening.served.address}{POLLING}&{jsonp}", headers=ours, timeout=10)
        posted = requests.post(f"{began}&{jsonp}", data="d=40", headers=ours, timeout=10)

    for answer in (got, posted):
        is_refused(answer, 400, "malformed")


def test_a_poll_over_16_kb_is_refused(evening: Watched) -> None:
    ours = headers(evening.ways["Wren"], evening.served.address)

    with evening.untouched(), evening.logged("refused reason=too_long", never=("zebrafish",)):
        answer = requests.post(polled(evening), data="zebrafish" * 2000, headers=ours, timeout=10)

    is_refused(answer, 413, "too_long")


def test_an_old_draft_of_websocket_is_refused(evening: Watched) -> None:
    old = headers(
        evening.ways["Wren"],
        evening.served.address,
        **{"Connection": "Upgrade", "Upgrade": "WebSocket", "Sec-WebSocket-Key1": "1 2", "Sec-WebSocket-Key2": "3 4"},
    )

    is_refused(requests.get(evening.served.address + SOCKET, headers=old, timeout=10), 400, "malformed")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1"])
def test_a_form_from_elsewhere_is_refused(evening: Watched, origin: str) -> None:
    with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("evil",)):
        page = evening.post("Wren", "request_turn", Origin=origin)

    assert page.status_code == 403
    assert says(page, "wrong_origin")


def test_a_form_that_hides_where_it_is_from_needs_the_stamp_of_a_page(evening: Watched) -> None:
    stamp = evening.get("Wren").text.split('name="tap" value="', 1)[1].split('"', 1)[0]
    other = evening.get("Ash").text.split('name="tap" value="', 1)[1].split('"', 1)[0]

    for wrong in ({}, {"tap": other}, {"tap": "zebrafish"}, {"tap": "\u0441.\u0441"}):
        with evening.untouched(), evening.logged("refused reason=wrong_origin", never=("zebrafish",)):
            assert evening.post("Wren", "request_turn", wrong, Origin="null").status_code == 403

    assert evening.post("Wren", "request_turn", {"tap": stamp}, Origin="null").status_code == 303
    eventually(lambda: evening.saved().state.queue.line.places, "her place in the line")
