"""Who may connect and for how long: cookie and key, expired and revoked accesses, a session that is closed."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.values import replace
from companion.service.accesses import connect_key, hash_token
from companion.service.perform import perform
from tests.live.evening import at_noon, prepare, session_of
from tests.live.watched import Watched, bye, refusal
from tests.live.wire import Refused, Wire


def test_a_closed_session_takes_no_tap(evening: Watched) -> None:
    ways = prepare(evening.deps)
    sol = evening.served.connect(ways["Sol"], form="json")
    assert sol.tap("begin_ending")["ok"]
    assert sol.tap("close_session")["ok"]
    before = evening.deps.store.load(session_of(evening.deps, ways["Sol"]))

    with evening.logged("refused reason=session_closed command=pause_room"):
        assert sol.tap("pause_room") == refusal("session_closed")

    assert evening.deps.store.load(session_of(evening.deps, ways["Sol"])) == before
    sol.close()


def test_an_expired_access_ends(evening: Watched) -> None:
    way = prepare(evening.deps)["Wren"]
    wire = evening.served.connect(way, form="json")
    access = evening.deps.store.access(way.access_id)
    assert access is not None
    evening.deps.store.save_access(replace(access, expires_at=at_noon() - timedelta(seconds=1)))

    with evening.logged("refused reason=access_expired command=request_turn"):
        assert wire.tap("request_turn") == refusal("access_expired")

    wire.until(lambda: wire.closed, "the end of the connection")
    assert bye(wire)["code"] == "access_expired"
    with pytest.raises(Refused) as refused:
        evening.served.connect(way)
    assert refused.value.data["data"]["code"] == "access_expired"


def test_a_revoked_access_is_cut_within_a_second(evening: Watched) -> None:
    ways = prepare(evening.deps)
    sol, wren = (evening.served.connect(ways[alias], form="json") for alias in ("Sol", "Wren"))
    wren.emit("disconnect")  # what once made the server forget whom to cut

    started = time.monotonic()
    assert sol.tap("remove_seat", seat=ways["Wren"].seat_id)["ok"]
    wren.until(lambda: wren.closed, "the end of the connection")

    assert time.monotonic() - started < 1
    assert bye(wren) == {key: value for key, value in refusal("access_expired").items() if key != "ok"}
    with pytest.raises(Refused) as refused:
        evening.served.connect(ways["Wren"])
    assert refused.value.data["data"] == {key: value for key, value in refusal("no_access").items() if key != "ok"}
    other = Watched(evening.served, evening.deps, ways)
    assert other.get("Wren").status_code == 401
    assert other.post("Wren", "request_turn").status_code == 401
    sol.close()


REFUSED: tuple[tuple[str, str, Any, str], ...] = (
    ("no cookie", "", {"key": "hers"}, "no_access"),
    ("a cookie nobody was given", "id=zebrafish", {"key": "hers"}, "no_access"),
    ("a cookie of another name", "other=zebrafish", {"key": "hers"}, "no_access"),
    ("a cookie that cannot be read", "id=\x01;;;=zebrafish", {"key": "hers"}, "no_access"),
    ("somebody else's cookie", "Ash", {"key": "hers"}, "wrong_key"),
    ("no auth", "Wren", None, "wrong_key"),
    ("no key", "Wren", {"format": "json"}, "wrong_key"),
    ("an empty key", "Wren", {"key": ""}, "wrong_key"),
    ("a wrong key", "Wren", {"key": "zebrafish"}, "wrong_key"),
    ("a key with letters of any script", "Wren", {"key": "\u0441" * 64}, "wrong_key"),
    ("a key that is no text", "Wren", {"key": 7}, "wrong_key"),
    ("auth in a list", "Wren", ["zebrafish"], "wrong_key"),
    ("auth of words", "Wren", "zebrafish", "wrong_key"),
)


@pytest.mark.parametrize(("cookie", "auth", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_connection_without_cookie_and_key_is_refused(evening: Watched, cookie: str, auth: Any, code: str) -> None:
    cookie = evening.ways[cookie].cookie if cookie in evening.ways else cookie
    if isinstance(auth, dict) and auth.get("key") == "hers":
        auth = {"key": evening.ways["Wren"].key}

    with evening.untouched(), evening.logged(f"connection refused reason={code}", never=("zebrafish", "Traceback")):
        wire = Wire(evening.served.address, cookie, "", connect=False, auth=auth)
        wire.until(lambda: wire.closed, "the end of the connection")

    said = {key: value for key, value in refusal(code).items() if key != "ok"}
    assert [json.loads(frame[2:]) for frame in wire.frames if frame.startswith("44")] == [
        {"message": code, "data": said}
    ]
    assert not wire.panels()


def test_nothing_is_heard_before_connecting(evening: Watched) -> None:
    wire = Wire(evening.served.address, evening.ways["Wren"].cookie, "", connect=False, auth={"key": "no"})

    with evening.untouched():
        wire.send_raw('421["tap",{"id":"tap-of-a-test","name":"request_turn","fields":{}}]')
        wire.until(lambda: wire.closed, "the end of the connection")

    assert not wire.answers


def test_a_held_device_may_not_connect(evening: Watched) -> None:
    access = evening.deps.store.access(evening.ways["Fern"].access_id)
    assert access is not None
    second = replace(access, id="a-second-device", token_hash=hash_token(evening.deps, "second"), state="held")
    evening.deps.store.save_access(second)
    perform(evening.deps, second.session_id, c.Arrive(seat=second.seat_id, device=second.id), by=SYSTEM)

    with pytest.raises(Refused) as refused:
        Wire(evening.served.address, "id=second", connect_key(evening.deps, second))

    assert refused.value.data["message"] == "device_on_hold"


def test_connecting_twice_on_one_transport_is_refused(evening: Watched) -> None:
    way = evening.ways["Wren"]
    wire = evening.served.connect(way, form="json")

    wire.send_raw("40" + json.dumps({"key": way.key}))
    wire.until(lambda: '44"Unable to connect"' in wire.frames, "a refusal")

    assert wire.whole()["whole"]
    wire.close()
