"""Where requests are counted: by all nodes together where there are several; in memory too, for when they cannot."""

from __future__ import annotations

import time
from typing import Any

from limits.storage import MemoryStorage

from companion import server
from companion.ports import Apart, NoTallies, Tallies


class SharedStorage(MemoryStorage):
    """A storage for moving windows. Called on the loop: whatever may wait is done in a native thread."""

    SCHEME = "companion"
    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - how the library finds it

    def __init__(self, uri: str | None = None, tallies: Tallies | None = None, **options: Any) -> None:
        super().__init__(uri)
        self._tallies = tallies or NoTallies()
        self._alone = isinstance(self._tallies, NoTallies)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count, unless that would be too many."""
        here = super().acquire_entry(key, limit, expiry, amount)
        if self._alone:
            return here
        try:
            return server.off_loop(self._tallies.take, key, time.time(), expiry, limit, amount) >= 0
        except Apart:
            return here

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the first within the window was counted, and how many there are."""
        if self._alone:
            return super().get_moving_window(key, limit, expiry)
        try:
            return server.off_loop(self._tallies.recent, key, time.time(), expiry)
        except Apart:
            return super().get_moving_window(key, limit, expiry)
