"""The short way reaches into the libraries. When one of them changes, these tests say so; what to do then:

read what `short_socket.py`, `ends.py`, `inlet.py` and `lean.py` in `companion/live` lean on in the new version (named
below), put the new number into READ_AGAINST, and run tests/live with COMPANION_FASTPATH on and off, on both servers.
"""

from __future__ import annotations

import hashlib
import inspect
import queue
from functools import partial
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import engineio.async_drivers._websocket_wsgi as wsgi
import engineio.server
import engineio.socket
import eventlet.hubs.hub
import eventlet.websocket
import pytest
import simple_websocket.ws
import socketio.base_manager
import socketio.manager

from companion.live import fastpath
from companion.live.ends import Ends
from companion.live.fastpath import READ_AGAINST, shorten
from companion.live.lean import Message
from companion.live.outlet import MOST_WAITING, Outlet
from companion.live.short_socket import ShortSocket

# What was read: a digest of the very code that is leant on, so that a patched library of the same number is seen too.
LEANT_ON = {
    "engineio.socket.Socket": engineio.socket.Socket,
    "engineio.Server": engineio.server.Server,
    "eventlet's WebSocket": eventlet.websocket.RFC6455WebSocket,
    "eventlet's hub": eventlet.hubs.hub.BaseHub,
    "engineio's wrapper of simple-websocket": wsgi.SimpleWebSocketWSGI,
    "simple_websocket.Base": simple_websocket.ws.Base,
    "socketio.Manager": socketio.manager.Manager,
    "socketio.BaseManager": socketio.base_manager.BaseManager,
}
DIGESTS = {
    "engineio.socket.Socket": "275926e457711513",
    "engineio.Server": "1cf0c6912bb1cc60",
    "eventlet's WebSocket": "deeef0960d71b0e9",
    "eventlet's hub": "ba61afaae4b5d796",
    "engineio's wrapper of simple-websocket": "ef4f852b672632e5",
    "simple_websocket.Base": "7789d27313e5e8fb",
    "socketio.Manager": "cfeabf92435f1208",
    "socketio.BaseManager": "b393b4c05dbd88e2",
}


@pytest.mark.parametrize("name", READ_AGAINST)
def test_a_library_is_the_one_that_was_read(name: str) -> None:
    assert version(name) == READ_AGAINST[name], inspect.cleandoc(__doc__ or "")


@pytest.mark.parametrize("name", LEANT_ON)
def test_what_is_leant_on_is_as_it_was_read(name: str) -> None:
    assert hashlib.sha256(inspect.getsource(LEANT_ON[name]).encode()).hexdigest()[:16] == DIGESTS[name], __doc__


def test_with_any_other_version_the_long_way_is_used(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setitem(fastpath.READ_AGAINST, "python-engineio", "4.0.0")
    engine = SimpleNamespace(handlers={"connect": print}, on=None)

    shorten(SimpleNamespace(eio=engine, manager=None))

    assert vars(engine) == {"handlers": {"connect": print}, "on": None}
    assert "the long way is used: python-engineio is" in caplog.text


class Pipe:
    """A socket that takes ``room`` bytes and then no more, until somebody reads."""

    def __init__(self, room: int) -> None:
        self.room, self.taken, self.ended = room, b"", False

    def send(self, data: bytes) -> int:
        if self.ended:
            raise BrokenPipeError
        if not self.room:
            raise BlockingIOError
        taken = data[: self.room]
        self.room -= len(taken)
        self.taken += taken
        return len(taken)

    def setsockopt(self, *option: Any) -> None:
        pass

    def shutdown(self, how: int) -> None:
        self.ended = True


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would run on the loop by and by."""
    waiting: list[Any] = []
    monkeypatch.setattr("companion.server.spawn", lambda work, *args: waiting.append(partial(work, *args)))
    return waiting


def test_what_does_not_fit_waits_in_its_order(later: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(5)
    outlet = Outlet(pipe, pipe)

    for frame in (b"one.", b"two.", b"three."):
        outlet.write(frame)
    assert (pipe.taken, len(later)) == (b"one.t", 1)

    def reads(green: object, seconds: float) -> bool:
        pipe.room = 3
        return True

    monkeypatch.setattr("companion.server.wait_writable", reads)
    later.pop()()
    assert pipe.taken == b"one.two.three."
    pipe.room = 2
    outlet.write(b"x")
    assert pipe.taken.endswith(b".x")


def test_what_waits_has_an_end(later: list[Any], caplog: Any) -> None:
    pipe = Pipe(0)
    outlet = Outlet(pipe, pipe)

    outlet.write(b"x" * MOST_WAITING)
    assert not pipe.ended
    outlet.write(b"x")

    assert (pipe.ended, outlet._bytes, len(outlet._waiting)) == (True, 0, 0)
    assert "a client that did not read was cut" in caplog.text
    outlet.write(b"more")
    assert (outlet._bytes, pipe.taken) == (0, b"")


def test_who_goes_while_something_waits_is_no_trouble(later: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(2)
    outlet = Outlet(pipe, pipe)
    outlet.write(b"more than two")

    def goes(green: object, seconds: float) -> bool:
        pipe.ended = True
        return True

    monkeypatch.setattr("companion.server.wait_writable", goes)
    later.pop()()

    assert (outlet._bytes, len(outlet._waiting), pipe.taken) == (0, 0, b"mo")


def test_what_waits_for_a_poll_has_an_end(later: list[Any], caplog: Any) -> None:
    ended: list[str] = []
    engine = SimpleNamespace(
        create_queue=queue.Queue,
        get_queue_empty_exception=lambda: queue.Empty,
        ping_interval=8,
        ping_timeout=8,
        logger=SimpleNamespace(info=print),
        reason=engineio.Server.reason,
        _trigger_event=lambda event, sid, reason, run_async: ended.append(reason),
    )
    socket = engineio.socket.Socket(engine, "transport")
    socket.__class__ = ShortSocket
    said = Message(["panel", "x" * 1000])

    for _ in range(3):
        for _ in range(MOST_WAITING // len(said.frame)):
            socket.send(said)
        assert not socket.closed
        assert len(socket.poll()) > 200  # whoever polls may go on for ever
    # One message gets through, however large it is: else whoever waits for it would come back to the same end for ever.
    socket.send(Message(["panel", "x" * (MOST_WAITING + 1)]))
    assert (len(socket.poll()), socket.full) == (1, False)
    for _ in range(3 + MOST_WAITING // len(said.frame)):
        socket.send(said)

    assert (socket.closed, len(later)) == (False, 1)  # whoever sends does not wait for her to be seen off
    later.pop()()
    assert (socket.closed, ended) == (True, [engineio.Server.reason.TRANSPORT_ERROR])
    assert caplog.text.count("a client that did not poll was cut") == 1


def test_who_takes_nothing_at_all_is_cut(later: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(0)
    outlet = Outlet(pipe, pipe)
    outlet.write(b"x")
    monkeypatch.setattr("companion.server.wait_writable", lambda green, seconds: False)

    later.pop()()

    assert (pipe.ended, outlet._bytes) == (True, 0)


def test_somebody_who_has_gone_is_no_trouble(later: list[Any]) -> None:
    pipe = Pipe(100)
    outlet = Outlet(pipe, pipe)
    pipe.ended = True

    outlet.write(b"x")
    outlet.write(b"y")

    assert (pipe.taken, later) == (b"", [])


def test_nothing_is_written_straight_before_an_upgrade_is_complete() -> None:
    engine = SimpleNamespace(create_queue=queue.Queue, ping_timeout=8, logger=SimpleNamespace(info=print))
    socket = engineio.socket.Socket(engine, "transport")
    socket.__class__ = ShortSocket
    pipe = Pipe(100)
    ws = SimpleNamespace(ws=SimpleNamespace(sock=SimpleNamespace(_sock=pipe, recv=None, close=None)), wait=lambda: None)
    handled = Ends(socket, ws)
    packet = engineio.packet.Packet

    socket.connected = socket.upgrading = True
    handled.wait()  # the probe
    socket.send(packet(engineio.packet.MESSAGE, "2early"))
    assert pipe.taken == b""

    socket.upgrading, socket.upgraded = False, True
    handled.wait()
    socket.send(packet(engineio.packet.MESSAGE, "2late"))

    assert pipe.taken == b"\x81\x07" + b"42early" + b"\x81\x06" + b"42late"
