"""docs/protocol.md is true: its tables are fresh, its shapes are what arrives, and a client written from it works."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
import requests
import socketio

from companion.core.refusals import REASONS
from companion.demo import DemoLink, make_demo
from companion.handover import Together
from companion.live.rooms import Member
from companion.live.taps import Taps
from companion.service.together import tap_all
from tests.live.watched import Watched, eventually, refusal
from tools import protocol
from tools.protocol_words import EVERYWHERE, MEANINGS, TO_DO

TEXT = protocol.DOCUMENT.read_text()


def test_the_tables_are_fresh() -> None:
    assert protocol.rewritten(TEXT) == TEXT, "docs/protocol.md is stale: python -m tools.protocol"


def test_no_word_is_left_over() -> None:
    fields = {(shape, name) for shape, known in shapes().items() for name in known}

    assert {tuple(key.split(".")) for key in MEANINGS} <= fields
    assert set(EVERYWHERE) <= {name for shape, name in fields if f"{shape}.{name}" not in MEANINGS}
    assert set(TO_DO) <= REASONS


def shapes() -> dict[str, dict[str, str]]:
    """The shapes as the document has them: field and type."""
    found = {}
    for name, rows in re.findall(r"#### (\w+)\n\n[^|\n]+\n\n\| field .*?\n.*?\n((?:\|.*\n)+)", TEXT):
        found[name] = dict(re.findall(r"^\| `(\w+)` \| (.*?) \| ", rows, re.MULTILINE))
    return found


def regions(role: str) -> dict[str, str]:
    """The regions of a role as the document has them: name and shape."""
    title = role.replace("_", " ").capitalize()
    rows = TEXT.split(f"#### {title}\n\n| region ", 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\| `(\w+)` \| \[(\w+)\]", rows, re.MULTILINE))


def test_what_arrives_has_the_documented_shape(evening: Watched) -> None:
    _make_busy(evening)

    for alias, way in evening.ways.items():
        views = evening.wires[alias].whole()["views"]
        assert set(views) == set(regions(way.role))
        for name, shape in regions(way.role).items():
            _check(views[name], f"[{shape}](#)", f"{alias} {name}")


def _make_busy(evening: Watched) -> None:
    for who, command, fields in (
        ("Noor", "go_on_duty", {}),
        ("Wren", "request_turn", {"note": "a note"}),
        ("Ash", "request_turn", {}),
        ("Sol", "start_next_turn", {"turn": 0}),
        ("Sol", "set_queue_mode", {"mode": "quieter_first"}),
        ("Wren", "raise_break_signal", {"strength": "check_on_me", "minutes": 5}),
        ("Sol", "answer_break_signal", {"seat": evening.ways["Wren"].seat_id, "reply": "here_for_you"}),
        ("Ash", "request_breakout", {}),
        ("Fern", "open_ticket", {"kind": "no_picture", "words": "all green"}),
        ("Fern", "share_facts", {"browser": "an old one", "drops": 2}),
        ("Sol", "write_note", {"desk": "care", "words": "a line"}),
        ("Sol", "start_activity", {"activity": "breathing"}),
        ("Sol", "add_phone_seat", {"alias": "Birch"}),
    ):
        assert evening.wires[who].tap(command, **fields) == {"ok": True}, command
    ticket = evening.saved().state.tickets[0].id
    for command, fields in (("take_ticket", {}), ("send_step", {"step": "unmute"})):
        assert evening.wires["Kit"].tap(command, ticket=ticket, **fields)["ok"]


def _check(value: Any, said: str, where: str) -> None:
    link = re.match(r"\[(\w+)\]", said)
    if said.endswith(" or null"):
        if value is not None:
            _check(value, said.removesuffix(" or null"), where)
    elif said.startswith("list of "):
        assert isinstance(value, list), where
        for each in value:
            _check(each, said.removeprefix("list of "), where)
    elif link:
        known = shapes()[link[1]]
        assert set(value) == set(known), where
        for name, kind in known.items():
            _check(value[name], kind, f"{where}.{name}")
    elif said.startswith("`"):
        assert value in re.findall(r"`(\w+)`", said), where
    else:
        assert PLAIN[said](value), f"{where}: {value!r} is no {said}"


PLAIN: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "true or false": lambda value: isinstance(value, bool),
    "time": lambda value: value.endswith("Z") and datetime.fromisoformat(value).utcoffset() is not None,
}


def test_numbers_rise_by_one_and_a_whole_panel_repeats_the_last(evening: Watched) -> None:
    wire = evening.wires["Rae"]
    last = wire.whole()["number"]

    for how in ("paused", "open", "paused", "open"):
        assert evening.wires["Sol"].tap("set_asking", asking=how)["ok"]
    before = len(wire.panels())
    again = wire.whole()

    pushed = [panel for panel in wire.panels()[:before] if panel["number"] > last]
    assert [panel["number"] for panel in pushed] == [last + 1, last + 2, last + 3, last + 4]
    assert [panel["whole"] for panel in pushed] == [False] * 4
    assert all(set(panel["views"]) == {"queue"} for panel in pushed)
    assert (again["number"], again["whole"]) == (last + 4, True)


@pytest.mark.parametrize("form", ["html", "", "xml"])
def test_regions_come_as_html_unless_asked_for_as_json(evening: Watched, form: str) -> None:
    wire = evening.served.connect(evening.ways["Wren"], form=form)

    panel = wire.panels()[0]

    assert set(panel) == {"number", "whole", "regions"}
    assert set(panel["regions"]) == set(regions("member"))
    assert all(f'data-region="{name}"' in html for name, html in panel["regions"].items())
    wire.close()


class Client:
    """A client written from the document, on somebody else's Socket.IO library."""

    def __init__(self, address: str, link: DemoLink, transport: str) -> None:
        self.address, self.panels, self.ends = address, [], []
        self.joined = requests.post(f"{address}/api/join", json=sent(link), timeout=20).json()
        self.headers = {"Cookie": "{name}={value}".format(**self.joined["cookie"]), "Origin": address}
        self._http = requests.Session()
        self._http.headers.update(self.headers)
        own = {"suppress_origin": True}  # the one in our headers stands alone then
        self._socket = socketio.Client(reconnection=False, http_session=self._http, websocket_extra_options=own)
        self._socket.on("panel", self.panels.append)
        self._socket.on("bye", self.ends.append)
        self._transport = transport

    def connect(self) -> None:
        auth = {"key": self.joined["key"], "format": "json"}
        self._socket.connect(self.address, headers=dict(self.headers), auth=auth, transports=[self._transport])
        eventually(lambda: self.panels, "the first panel")

    def tap(self, tap_id: str, name: str, **fields: Any) -> Any:
        return self._socket.call("tap", {"id": tap_id, "name": name, "fields": fields}, timeout=20)

    def views(self) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for panel in list(self.panels):
            known = dict(panel["views"]) if panel["whole"] else {**known, **panel["views"]}
        return known

    def close(self) -> None:
        self._socket.disconnect()
        self._http.close()


def sent(link: DemoLink, **changed: Any) -> dict[str, Any]:
    """One message of joining."""
    token = link.link.rpartition("/")[2]
    return {"token": token, "passcode": link.passcode, "private_space": "yes", "agreement": True, **changed}


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_client_joins_taps_and_leaves(evening: Watched, transport: str) -> None:
    links = {link.role: link for link in make_demo(evening.deps)}
    host, member = (Client(evening.served.address, links[role], transport) for role in ("facilitator", "member"))
    assert set(member.joined) == {"cookie", "key", "seat", "role", "state"}
    assert (member.joined["role"], member.joined["state"]) == ("member", "in")
    for client in (host, member):
        client.connect()

    assert member.views()["room"]["phase"] == "waiting"
    assert member.tap("tap-too-early", "request_turn") == refusal("not_in_the_room_yet")
    assert host.tap("tap-admit-1", "admit_seat", seat=member.joined["seat"]) == {"ok": True}
    assert host.tap("tap-start-1", "start_session") == {"ok": True}
    eventually(lambda: member.views()["room"]["phase"] == "live", "the beginning")
    assert member.tap("tap-ask-1", "request_turn", note="hello") == {"ok": True}
    assert member.tap("tap-ask-1", "request_turn", note="hello") == {"ok": True}
    eventually(lambda: member.views()["turn"]["place"] == 1, "her place")
    call = requests.get(f"{member.address}/call", headers=member.headers, allow_redirects=False, timeout=20)
    assert (call.status_code, call.headers["Location"].partition("/")[0]) == (303, "https:")

    assert member.tap("tap-leave-1", "leave_session") == {"ok": True}
    assert eventually(lambda: member.ends, "bye")[0]["code"] == "access_expired"
    for client in (member, host):
        client.close()


def test_a_second_device_waits_for_a_facilitator(evening: Watched) -> None:
    links = {link.role: link for link in make_demo(evening.deps)}
    host, first, second = (
        Client(evening.served.address, links[role], "websocket") for role in ("facilitator", "member", "member")
    )
    host.connect()
    first.connect()
    assert second.joined["state"] == "held"
    with pytest.raises(socketio.exceptions.ConnectionError):
        second.connect()

    (device,) = eventually(lambda: host.views()["door"]["devices"], "the second device")
    chosen = {"seat": device["seat"], "device": device["device"], "keep": "new"}
    assert host.tap("tap-device-1", "settle_device", **chosen) == {"ok": True}

    assert eventually(lambda: first.ends, "bye")[0]["code"] == "access_expired"
    second.connect()
    for client in (host, first, second):
        client.close()


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"passcode": "0000 0000"}, 403, "wrong_passcode"),
        ({"passcode": "12"}, 400, "malformed"),
        ({"token": "of-nobody"}, 403, "wrong_passcode"),
        ({"agreement": False}, 422, "tick_needed"),
        ({"private_space": "perhaps"}, 422, "not_a_choice"),
        ({"private_space": None}, 422, "missing_field"),
        ({"avatar": "7"}, 422, "wrong_type"),
        ({"avatar": 25}, 422, "not_a_choice"),
        ({"shoe": "left"}, 422, "unknown_field"),
    ],
)
def test_joining_is_refused_with_a_code(evening: Watched, changed: dict[str, Any], status: int, code: str) -> None:
    link = make_demo(evening.deps)[1]

    answer = requests.post(f"{evening.served.address}/api/join", json=sent(link, **changed), timeout=20)

    assert (answer.status_code, answer.json()["code"], answer.json()["say"]) == (status, code, refusal(code)["say"])
    assert ("left" in answer.json()) == (code == "wrong_passcode")


def test_a_fault_of_ours_is_answered(evening: Watched) -> None:
    class Broken:
        deps = None

    who = Member("connection", "access", "session", "seat", "en", "html", "192.0.2.1")
    taps = Taps(Broken(), Together(partial(tap_all, None)))  # type: ignore[arg-type]

    answer = taps._perform(who, {"name": "request_turn"})

    assert (answer.ok, answer.code) == (False, "our_fault")


def test_a_page_that_shows_the_newest_drawing_is_sent_nothing(evening: Watched) -> None:
    wren = evening.wires["Wren"]
    number = wren.whole()["number"]
    before = len(wren.panels())

    wren.send_raw(f'42["whole",{number}]')
    wren.tap("choose_how", how="text")
    wren.until(lambda: len(wren.panels()) > before, "the next drawing")

    assert [panel["whole"] for panel in wren.panels()[before:]] == [False]
    wren.send_raw(f'42["whole",{number}]')
    wren.until(lambda: wren.panels()[-1]["whole"], "the whole, since there is a newer one")
