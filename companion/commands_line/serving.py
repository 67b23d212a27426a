"""Serving: the service itself, and demos to look at."""

from __future__ import annotations

import socket
from argparse import Namespace

from companion import demo, running
from companion.service.deps import Deps
from companion.settings import Settings
from companion.wiring import make_deps


def run(settings: Settings, args: Namespace) -> None:
    """Serve. Where there is nothing but demos, a fresh one is opened and its links are printed."""
    running.run(settings, ready=_welcome)


def run_demo(settings: Settings, args: Namespace) -> None:
    """Open a half-finished session and print its links; serve it too, unless the service runs already.

    With ``--json`` a fresh session for other programs: the links and nothing else are printed, and nothing is served.
    """
    if args.json:
        print(demo.as_json(demo.make_demo(make_deps(settings))), flush=True)
    elif _answers(settings):
        _show_busy(make_deps(settings))
    else:
        running.run(settings, ready=_show_busy)


def _show_busy(deps: Deps) -> None:
    print(demo.as_text(demo.make_demo(deps, busy=True), deps.settings), flush=True)


def _welcome(deps: Deps) -> None:
    if demo.is_demo_ground(deps):
        print(demo.as_text(demo.make_demo(deps), deps.settings), flush=True)
    print(f"Open at {deps.settings.address}, the desk at {deps.settings.address}/desk. Ctrl-C stops.", flush=True)


def _answers(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.port)) == 0
