"""What several nodes count together, in memory."""

from __future__ import annotations

from companion.ports import Apart


class Shared:
    """Implements ports.Tallies in memory, for several nodes at once. Set ``away`` and it cannot be reached."""

    def __init__(self) -> None:
        self.away = False
        self.asked: list[str] = []
        self._times: dict[str, list[float]] = {}
        self._plain: dict[str, int] = {}

    def take(self, key: str, at: float, window: float, most: int, many: int = 1) -> int:
        kept = self._recent("take", key, at, window)
        if len(kept) + many > most:
            return -1
        kept += [at] * many
        return most - len(kept)

    def recent(self, key: str, at: float, window: float) -> tuple[float, int]:
        kept = self._recent("recent", key, at, window)
        return (kept[0] if kept else at), len(kept)

    def give_back(self, key: str) -> None:
        self._ask("give_back")
        self._times[key] = self._times.get(key, [])[:-1]

    def forget(self, key: str) -> None:
        self._ask("forget")
        self._times.pop(key, None)

    def add(self, key: str, many: int) -> int:
        self._ask("add")
        self._plain[key] = max(0, self._plain.get(key, 0) + many)
        return self._plain[key]

    def _recent(self, what: str, key: str, at: float, window: float) -> list[float]:
        self._ask(what)
        self._times[key] = [when for when in self._times.get(key, []) if at - when < window]
        return self._times[key]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.away:
            raise Apart
