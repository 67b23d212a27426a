"""Errands for native threads: each waits once, however often it was asked for, and is run one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("companion.nodes")


class Errands:
    """Runs ``work`` with each key that was added; a key that comes while it is run is run once more."""

    def __init__(self, work: Callable[[str], object], threads: int = 1) -> None:
        self._work = work
        self._threads = threads
        self._news = threading.Condition()
        self._waiting: dict[str, None] = {}
        self._begun = False

    def add(self, key: str) -> None:
        """Ask for this; never waits."""
        with self._news:
            self._waiting[key] = None
            self._begin()
            self._news.notify()

    def _begin(self) -> None:
        # With the first errand: a command in a terminal has none, and needs no threads.
        if not self._begun:
            self._begun = True
            for _ in range(self._threads):
                threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._waiting:
                    self._news.wait()
                key = next(iter(self._waiting))
                del self._waiting[key]
            try:
                self._work(key)
            except Exception as fault:
                log.error("an errand between nodes was not run (%s)", type(fault).__name__)
