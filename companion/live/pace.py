"""So many in so many seconds: for each of many, in a moving window that costs the same however many there are, and
for one alone, who is out of it once it is spent.

The library that counts for pages looks through everybody it knows, in a thread of its own, as often as anybody asks;
with thousands of connections that was most of what a tap cost.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``amount`` in any ``seconds``."""

    amount: int
    seconds: float


class Pace:
    """Counts what it allows, on the loop; forgets whoever has not asked for a while."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._lately: dict[str, deque[float]] = {}
        self._before: dict[str, deque[float]] = {}
        self._turned = float("-inf")

    def hit(self, who: str, at: float | None = None) -> bool:
        """Whether this one is allowed, at ``at`` by time.monotonic; what is not allowed does not count."""
        now = time.monotonic() if at is None else at
        if now - self._turned > self._rate.seconds:
            # Whoever was not here for so long has nothing left that counts.
            self._lately, self._before, self._turned = {}, self._lately, now
        allowed = self._lately.get(who)
        if allowed is None:
            allowed = self._before.pop(who, None) or deque(maxlen=self._rate.amount)
            self._lately[who] = allowed
        if len(allowed) == self._rate.amount and allowed[0] >= now - self._rate.seconds:
            return False
        allowed.append(now)
        return True


class Budget:
    """What one client may cost in any stretch of so many seconds, from when it begins. At most twice that passes."""

    __slots__ = ("_left", "_rate", "_until")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left, self._until = rate.amount, float("-inf")

    def spend(self, amount: int = 1) -> bool:
        """Whether there was so much left."""
        now = time.monotonic()
        if now >= self._until:
            self._left, self._until = self._rate.amount, now + self._rate.seconds
        self._left -= amount
        return self._left >= 0
