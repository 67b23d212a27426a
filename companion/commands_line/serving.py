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
    """Open a half-finished session and print its links; serve it too, unless the service runs already."""

    def show(deps: Deps) -> None:
        links = demo.make_demo(deps, busy=True)
        print(demo.as_json(links) if args.json else demo.as_text(links, deps.settings), flush=True)

    if _answers(settings):
        show(make_deps(settings))
    else:
        running.run(settings, ready=show)


def _welcome(deps: Deps) -> None:
    if demo.is_demo_ground(deps):
        print(demo.as_text(demo.make_demo(deps), deps.settings), flush=True)
    print(f"Open at {deps.settings.address}, the desk at {deps.settings.address}/desk. Ctrl-C stops.", flush=True)


def _answers(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.port)) == 0
