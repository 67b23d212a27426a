"""Puts Socket.IO together: its settings, its handlers, and the way panels take."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from companion import server
from companion.core.values import replace
from companion.handover import Together
from companion.live.fastpath import shorten
from companion.live.front import Front
from companion.live.gate import Gate, arrivals, departures
from companion.live.gauges import pages
from companion.live.lean import LeanManager
from companion.live.limits import Limits
from companion.live.packets import TextPacket
from companion.live.panels import LivePanels
from companion.live.rooms import Rooms
from companion.live.sharing import SharedPanels
from companion.live.strict import be_strict
from companion.live.taps import Taps
from companion.live.transport import close_the_silent, hear_nobody_who_has_gone
from companion.service.deps import Deps
from companion.service.presence import PING_SECONDS, PING_WAIT_SECONDS
from companion.service.together import tap_all

MOST_BYTES = 16_384  # of one packet or poll: a few taps of 4 kB that were waiting


def attach(app: Flask, deps: Deps, *, async_mode: str, node: str, cookie_name: str) -> Deps:
    """Attach Socket.IO to the application; returns the dependencies with panels that reach the pages."""
    socketio = SocketIO(
        app,
        async_mode=async_mode,
        cors_allowed_origins=sorted(deps.settings.allowed_origins),
        manage_session=False,
        max_http_buffer_size=MOST_BYTES,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_WAIT_SECONDS,
        serializer=TextPacket,
        client_manager=LeanManager(),
        # One after the other for each connection: taps that waited offline must keep their order.
        async_handlers=False,
        logger=_faults(),
        engineio_logger=_faults(),
    )
    rooms, limits, courier = Rooms(), Limits(deps.tallies), server.Courier()
    panels = LivePanels(socketio.server, rooms, courier, deps.meters)
    live = replace(deps, panels=_shared(panels, rooms, deps))
    gate = Gate(live, socketio.server, rooms, limits, node, cookie_name, arrivals(live), departures(live))
    _listen(socketio.server, gate)
    close_the_silent(socketio.server)
    hear_nobody_who_has_gone(socketio.server)
    be_strict(socketio.server.eio, MOST_BYTES)
    if deps.settings.fastpath and async_mode != "threading":
        shorten(socketio.server)
    app.wsgi_app = Front(app.wsgi_app, deps.settings.allowed_origins, MOST_BYTES)  # type: ignore[method-assign]
    app.extensions["companion_limits"] = limits
    app.extensions["companion_courier"] = courier
    app.extensions["companion_pages"] = partial(pages, rooms)
    return live


def _shared(panels: LivePanels, rooms: Rooms, deps: Deps) -> LivePanels | SharedPanels:
    return SharedPanels(panels, rooms, deps.hints, deps.store, deps.locks) if deps.hints else panels


def _faults() -> logging.Logger:
    # What the libraries say of messages holds what people say; of faults, only where they happened.
    faults = logging.getLogger("companion.transport")
    faults.setLevel(logging.ERROR)
    return faults


def _listen(socketio_server: Any, gate: Gate) -> None:
    # On the Socket.IO server itself: no Flask request is made up for each message, and none is needed, since the seat
    # comes from the connection and every check is made in the service.
    taps = Taps(gate, Together(partial(tap_all, gate.deps)))
    socketio_server.on("connect", gate.connect)
    socketio_server.on("disconnect", gate.disconnect)
    socketio_server.on("tap", taps.tap)
    socketio_server.on("whole", taps.whole)
    socketio_server.on("rest", taps.rest)
    socketio_server.on("awake", taps.awake)
    socketio_server.on("*", taps.unknown)
