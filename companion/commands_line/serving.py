"""Serving: the service itself, and demos to look at."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from argparse import Namespace

from companion import demo, running
from companion.commands_line import staff
from companion.service.deps import Deps
from companion.service.staff import accounts
from companion.settings import Settings
from companion.wiring import make_deps

LONG = 4 * 3600  # seconds: an evening


def run(settings: Settings, args: Namespace) -> None:
    """Serve. Where there is nothing but demos, a fresh one is opened and its links are printed."""
    running.run(settings, ready=_welcome)


def run_demo(settings: Settings, args: Namespace) -> None:
    """Open a half-finished session and print its links; serve it too, unless the service runs already.

    With ``--json`` a fresh session for other programs: the links and nothing else are printed, and nothing is served.
    With ``--bots`` a fresh session that simulated people fill; with ``--seconds`` all of it ends when they go.
    """
    if args.bots:
        _run_company(settings, args)
    elif args.json:
        print(demo.as_json(demo.make_demo(make_deps(settings))), flush=True)
    elif _answers(settings):
        _show_busy(make_deps(settings))
    else:
        running.run(settings, ready=_show_busy)


def _run_company(settings: Settings, args: Namespace) -> None:
    def fill(deps: Deps) -> None:
        links = demo.make_demo(deps, company=args.bots)
        free = links[: -args.bots]
        print(demo.as_json(free) if args.json else demo.as_text(free, deps.settings), flush=True)
        _let_them_live(links[-args.bots :], args)

    def fill_and_end(deps: Deps) -> None:
        fill(deps)
        if args.seconds:
            os.kill(os.getpid(), signal.SIGTERM)

    if _answers(settings):
        fill(make_deps(settings))
    else:
        running.run(settings, ready=fill_and_end)


def _let_them_live(links: tuple[demo.DemoLink, ...], args: Namespace) -> None:
    # In a process of their own: they are as far from the service as any client, and take none of its time.
    given = [sys.executable, "-m", "companion.bots", "--count", str(args.bots)]
    given += ["--seconds", str(args.seconds or LONG)]
    subprocess.run(given, input=demo.as_json(links), text=True, check=False)  # noqa: S603 - our own module


def _show_busy(deps: Deps) -> None:
    links = demo.make_demo(deps, busy=True)
    print(demo.as_text(links, deps.settings, demo.desk_of_demo(deps)), flush=True)


def _welcome(deps: Deps) -> None:
    if demo.is_demo_ground(deps):
        links = demo.make_demo(deps)
        print(demo.as_text(links, deps.settings, demo.desk_of_demo(deps)), flush=True)
    if not accounts.is_begun(deps):
        print(staff.first_link(deps), flush=True)
    print(f"Open at {deps.settings.address}, the desk at {deps.settings.address}/desk. Ctrl-C stops.", flush=True)


def _answers(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.port)) == 0
