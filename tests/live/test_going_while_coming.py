"""Whoever goes, or is put out, in the moment in which she is let in leaves nothing behind and hears nothing more."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import socketio

from companion.core import commands as c
from companion.core.values import replace
from companion.live.gate import Gate, arrivals, departures
from companion.live.lean import LeanManager
from companion.live.limits import Limits
from companion.live.packets import TextPacket
from companion.live.panels import LivePanels
from companion.live.rooms import Rooms
from companion.live.transport import hear_nobody_who_has_gone
from companion.service.accesses import connect_key
from companion.service.tapping import entered
from tests.fakes.world import a_world
from tests.service.test_cut_short import arrive

TRANSPORT = "transport"


class House:
    """The gate with the real Socket.IO server and no network: what would run later runs when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = a_world()
        self.sol = self.world.open_doors().invite.seat_id
        self.wren = arrive(self.world, self.world.invite("Wren"))
        self.sent: list[str] = []
        self.on_welcome: Callable[[], object] = lambda: None
        self._later: list[tuple] = []
        monkeypatch.setattr("companion.server.spawn", lambda *work: self._later.append(work))
        self.sio = socketio.Server(
            async_mode="threading", async_handlers=False, client_manager=LeanManager(), serializer=TextPacket
        )
        self.sio.manager_initialized = True
        self.sio.manager.initialize()
        monkeypatch.setattr(self.sio, "_send_eio_packet", lambda transport, packet: self.sent.append(packet.encode()))
        monkeypatch.setattr(self.sio.eio, "send", self._send)
        self.rooms, self.limits = Rooms(), Limits()
        panels = LivePanels(self.sio, self.rooms, SimpleNamespace(post=lambda work: work()))
        self.deps = replace(self.world.deps, panels=panels)
        self.gate = Gate(
            self.deps, self.sio, self.rooms, self.limits, "node", "at", arrivals(self.deps), departures(self.deps)
        )
        self.sio.on("connect", self.gate.connect)
        self.sio.on("disconnect", self.gate.disconnect)

    def comes(self, token: str) -> None:
        """Her browser says who she is."""
        environ = {"HTTP_COOKIE": f"at={token}", "REMOTE_ADDR": "192.0.2.1"}
        self.sio._handle_eio_connect(TRANSPORT, environ)
        key = connect_key(self.deps, self.wren)
        self.sio._handle_eio_message(TRANSPORT, "0" + json.dumps({"key": key, "format": "json"}))

    def goes(self) -> None:
        """Her transport ends."""
        self.sio._handle_eio_disconnect(TRANSPORT, "transport close")

    def by_and_by(self) -> None:
        """What was put off is done."""
        while self._later:
            work, *given = self._later.pop(0)
            if getattr(work, "__name__", "") != "close_soon":
                work(*given)

    def left(self) -> tuple[int, int, bool, int]:
        """What is left of her: members, counted sockets, whether she counts as here, clients of the library."""
        clients = sum(len(rooms.get(None, ())) for rooms in self.sio.manager.rooms.values())
        return self.rooms.count(), self.limits._sockets.total(), self.world.store.connected(self.wren.id), clients

    def _send(self, transport: str, packet: str) -> None:
        if packet.startswith("0"):
            self.on_welcome()


@pytest.fixture
def house(monkeypatch):
    return House(monkeypatch)


@pytest.fixture
def token(house, monkeypatch):
    """What her cookie holds; which access it is the hash of is not what these tests are about."""
    monkeypatch.setattr("companion.live.gate.access_of_token", lambda deps, token: house.wren)
    return "a-token"


def panels(house):
    return [text for text in house.sent if text.startswith('42["panel"')]


def test_whoever_stays_is_let_in(house, token):
    house.comes(token)
    house.by_and_by()

    assert house.left() == (1, 2, True, 1)
    assert len(panels(house)) == 1
    house.goes()
    assert house.left() == (0, 0, False, 0)


def test_whoever_goes_while_she_is_looked_up_leaves_nothing(house, token, monkeypatch):
    check = Gate._check

    def slowly(gate, *given):
        found = check(gate, *given)
        house.goes()
        return found

    monkeypatch.setattr(Gate, "_check", slowly)
    house.comes(token)
    house.by_and_by()

    assert house.left() == (0, 0, False, 0)
    assert panels(house) == []


def test_whoever_goes_while_she_is_told_that_she_is_in_leaves_nothing(house, token):
    house.on_welcome = house.goes
    house.comes(token)
    house.by_and_by()

    assert house.left() == (0, 0, False, 0)
    assert panels(house) == []


def test_a_browser_that_is_put_out_while_it_comes_hears_nothing(house, token, monkeypatch):
    def something_is_sent(deps, access_id):
        deps.panels.send(house.world.live(), {house.wren.seat_id: {"room": None}})
        return entered(deps, access_id)

    house.comes(token)
    house.world.store.save_access(replace(house.wren, state="ended"))
    monkeypatch.setattr("companion.live.gate.entered", something_is_sent)
    house.by_and_by()

    assert panels(house) == []
    assert house.left() == (0, 0, False, 0)


def test_whoever_says_who_she_is_after_her_end_is_not_heard(house, token, caplog):
    engine = SimpleNamespace(handlers={"message": house.sio._handle_eio_message})
    engine.on = engine.handlers.__setitem__
    hear_nobody_who_has_gone(SimpleNamespace(eio=engine, environ=house.sio.environ))
    house.sio._handle_eio_connect(TRANSPORT, {})
    house.goes()

    engine.handlers["message"](TRANSPORT, '0{"key":"x"}')
    house.by_and_by()

    assert house.left() == (0, 0, False, 0)
    assert caplog.text == ""


def test_a_fault_of_ours_while_somebody_comes_ends_her_connection(house, token, monkeypatch):
    def broken(deps, access_id):
        raise ValueError("a fault of ours")

    house.comes(token)
    monkeypatch.setattr("companion.live.gate.entered", broken)
    house.by_and_by()

    assert house.left() == (0, 0, False, 0)


def test_a_panel_that_came_before_her_whole_is_not_heard_twice(house, token):
    house.comes(token)
    house.world.perform(c.AdmitAll(), by=house.sol)
    house.deps.panels.send(house.world.live(), {house.wren.seat_id: {"room": None}})
    house.by_and_by()

    (whole,) = panels(house)
    assert json.loads(whole[2:])[1]["whole"]
