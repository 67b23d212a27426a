"""A store in a process that is killed at one moment: at its n-th write, on any shelf or on some of them."""

from __future__ import annotations

from typing import Any

WRITES = ("put", "add", "change", "remove")


class DyingStore:
    """Everything of ``store``; after ``after`` writes on the shelves of ``kinds`` (none named: of any) it is over."""

    def __init__(self, store: Any, after: int = 0, *kinds: type, writes: tuple[str, ...] = WRITES) -> None:
        self.store, self.left, self.kinds, self.writes = store, after, kinds, writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def shelf(self, kind: type) -> Any:
        shelf = self.store.shelf(kind)
        return _DyingShelf(self, shelf) if not self.kinds or kind in self.kinds else shelf


class _DyingShelf:
    def __init__(self, store: DyingStore, shelf: Any) -> None:
        self._store, self._within = store, shelf

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._within, name)
        if name not in self._store.writes:
            return found

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._store.left -= 1
            if self._store.left < 0:
                raise KeyboardInterrupt
            return found(*args, **kwargs)

        return counted
