"""Starts one node: the application, the courier to its pages, the clock, the outbox, and then the server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask

from companion import server
from companion.app import create_app
from companion.ports import StoreDown
from companion.service import presence
from companion.service.deps import Deps
from companion.service.outbox import deliver_due
from companion.service.overdue import do_what_is_due
from companion.settings import Settings
from companion.wiring import make_deps, node_name

log = logging.getLogger("companion")
CLOCK_SECONDS = 1.0
ALIVE_SECONDS = 20.0
OUTBOX_SECONDS = 5.0


def run(settings: Settings, *, ready: Callable[[Deps], object] = lambda deps: None) -> None:
    """Serve until stopped. ``ready`` is called with the live dependencies once the port is open."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    server.choose("gevent" if settings.server == "gevent" else "eventlet")
    server.import_quietly()
    app = make_app(settings)
    deps: Deps = app.extensions["companion"]
    server.serve(app, settings.host, settings.port, ready=lambda: _begin(app, deps, node_name(settings), ready))


def make_app(settings: Settings) -> Flask:
    """The application of one node, for ``run`` and for tests that serve it themselves."""
    return create_app(make_deps(settings), async_mode=settings.server, node=node_name(settings))


def _begin(app: Flask, deps: Deps, node: str, ready: Callable[[Deps], object]) -> None:
    server.spawn(app.extensions["companion_courier"].run)
    server.spawn(_begin_node, deps, node, ready)


def _begin_node(deps: Deps, node: str, ready: Callable[[Deps], object]) -> None:
    server.off_loop(presence.begin_node, deps, node)
    server.spawn(_every, CLOCK_SECONDS, do_what_is_due, deps)
    server.spawn(_every, ALIVE_SECONDS, presence.keep_alive, deps, node)
    server.spawn(_every, OUTBOX_SECONDS, deliver_due, deps)
    server.off_loop(ready, deps)


def _every(seconds: float, work: Callable[..., object], *args: Any) -> None:
    while True:
        try:
            server.off_loop(work, *args)
        except StoreDown:
            log.error("the database cannot be used just now")
        except Exception:
            log.exception("a regular task failed; it is tried again")
        server.sleep(seconds)
