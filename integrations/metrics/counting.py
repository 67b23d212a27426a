"""What is counted in passing: plain numbers under a plain lock, since a tap has no time for more.

Nothing is kept of a single tap. A sum of exact times would tell, between two looks, how long the one tap in between has
taken, and so how many panels were drawn for it; so a time counts as the end of its step and as nothing finer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


class Steps:
    """A histogram with fixed steps. Not guarded: its owner is."""

    def __init__(self, ends: Sequence[float]) -> None:
        self._ends = tuple(ends)
        self._counts = [0] * (len(self._ends) + 1)

    def add(self, values: Iterable[float]) -> None:
        """Count these."""
        for value in values:
            self._counts[bisect_left(self._ends, value)] += 1

    def read(self) -> tuple[list[tuple[str, float]], float]:
        """For each end how many were no more than that, and the sum of all, each as the end of its step."""
        so_far, found = 0, []
        for end, count in zip((*map(str, self._ends), "+Inf"), self._counts, strict=True):
            so_far += count
            found.append((end, float(so_far)))
        ends = (*self._ends, self._ends[-1])
        return found, float(sum(end * count for end, count in zip(ends, self._counts, strict=True)))
