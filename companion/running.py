"""Starts one node: the application, the courier to its pages, the clock, the outbox, and then the server."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask

from companion import drawing, logs, server
from companion.app import create_app
from companion.core.values import replace
from companion.demo import is_demo_ground, phone_address
from companion.live.sharing import SharedPanels
from companion.ports import StoreDown
from companion.service import line_tries, outbox, presence, retention, sending
from companion.service.calling import CallLines
from companion.service.cutting import follow
from companion.service.date_tasks import mind_dates
from companion.service.delivering import KINDS
from companion.service.deps import Deps
from companion.service.overdue import do_what_is_due
from companion.settings import BadSetting, Settings, check_fit_to_serve
from companion.store import backups
from companion.wiring import make_deps, node_name

log = logging.getLogger("companion")
CLOCK_SECONDS = 1.0
ALIVE_SECONDS = 20.0
OUTBOX_SECONDS = 1.0
SENDING_SECONDS = 2.0
CALLS_SECONDS = 1.0
TIDY_SECONDS = 600.0
DATES_SECONDS = 30.0
LOOK_SECONDS = 1.0
CUT_SECONDS = 0.5  # a page is cut within a second, wherever it was revoked
DAY_SECONDS = 24 * 3600.0
TRIES = 60  # to begin, while the database is away: a minute


def run(settings: Settings, *, ready: Callable[[Deps], object] = lambda deps: None) -> None:
    """Serve until stopped. ``ready`` is called with the live dependencies once the port is open."""
    logs.begin(settings.log)
    check_fit_to_serve(settings)
    server.choose("gevent" if settings.server == "gevent" else "eventlet")
    server.import_quietly()
    deps = make_deps(settings)
    deps = replace(deps, settings=listening(deps))
    node = node_name(settings)
    app = create_app(deps, async_mode=settings.server, node=node)
    live: Deps = app.extensions["companion"]
    try:
        server.serve(app, live.settings.host, settings.port, ready=lambda: _begin(app, live, node, ready))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        raise BadSetting(
            f"Port {settings.port} cannot be used ({error.strerror}). Choose another: PORT=9000"
        ) from error


def listening(deps: Deps) -> Settings:
    """The settings with the addresses this node listens to: a demo is there to be tried on a phone."""
    settings = deps.settings
    if settings.host:
        return settings
    if settings.base_url or not is_demo_ground(deps):
        return replace(settings, host="127.0.0.1")
    everywhere = replace(settings, host="0.0.0.0")  # noqa: S104 - a demo of invented people
    return replace(everywhere, origins=(*settings.origins, phone_address(everywhere)))


def _begin(app: Flask, deps: Deps, node: str, ready: Callable[[Deps], object]) -> None:
    server.spawn(app.extensions["companion_courier"].run)
    server.spawn(_begin_node, deps, node, ready)


def _begin_node(deps: Deps, node: str, ready: Callable[[Deps], object]) -> None:
    _begin_presence(deps, node)
    server.spawn(_every, CLOCK_SECONDS, do_what_is_due, deps)
    server.spawn(_every, ALIVE_SECONDS, presence.keep_alive, deps, node)
    server.spawn(_every, SENDING_SECONDS, sending.work, deps)
    for kind in KINDS:  # each on its own, so that a slow mail server holds up no text
        server.spawn(_every, OUTBOX_SECONDS, outbox.deliver_due, deps, kind)
    server.spawn(_every, CALLS_SECONDS, CallLines().begin, deps)
    server.spawn(_every, TIDY_SECONDS, outbox.tidy, deps)
    server.spawn(_every, TIDY_SECONDS, line_tries.forget_old, deps)
    server.spawn(_every, DATES_SECONDS, mind_dates, deps)
    server.spawn(_every, CUT_SECONDS, follow, deps)
    server.spawn(_every, DAY_SECONDS, tidy, deps)
    if deps.hints is not None and isinstance(deps.panels, SharedPanels):
        deps.hints.listen(deps.panels.redraw)
        server.spawn(_every, LOOK_SECONDS, deps.panels.look_around)
    server.off_loop(ready, deps)
    server.off_loop(drawing.read_ahead)
    server.spare_the_collector()


def tidy(deps: Deps) -> None:
    """Once a day: remove what is no longer needed, old backups too."""
    retention.tidy(deps)
    if deps.settings.backups is not None:
        backups.purge(deps.settings.backups, deps.clock())


def _begin_presence(deps: Deps, node: str) -> None:
    # Without the clock nothing would ever be destroyed: it must start whatever happens here.
    for _ in range(TRIES):
        try:
            return server.off_loop(presence.begin_node, deps, node)
        except StoreDown:
            log.error("the database cannot be used just now")
        except Exception:
            log.exception("what was connected before could not be cleared away")
            return None
        server.sleep(CLOCK_SECONDS)


def _every(seconds: float, work: Callable[..., object], *args: Any) -> None:
    while True:
        try:
            server.off_loop(work, *args)
        except StoreDown:
            log.error("the database cannot be used just now")
        except Exception:
            log.exception("a regular task failed; it is tried again")
        server.sleep(seconds)
