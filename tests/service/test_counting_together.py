"""Tries at passcodes where several nodes count together, and where they cannot just now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from companion.core.refusals import Refused
from companion.ports import Apart
from companion.service.guesses import TRIES, WINDOW, Guesses

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


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


@pytest.fixture
def shared() -> Shared:
    return Shared()


@pytest.fixture
def nodes(shared: Shared) -> tuple[Guesses, Guesses]:
    return Guesses(tallies=shared), Guesses(tallies=shared)


def test_five_tries_are_five_over_all_nodes(nodes: tuple[Guesses, Guesses]) -> None:
    left = [nodes[number % 2].begin(("link", "place"), NOON) for number in range(TRIES)]

    assert left == [4, 3, 2, 1, 0]
    for node in nodes:
        with pytest.raises(Refused, match="too_fast"):
            node.begin(("link", "place"), NOON)
        assert node.begin(("another", "place"), NOON) >= 3


def test_they_fit_again_after_a_quarter_of_an_hour(nodes: tuple[Guesses, Guesses]) -> None:
    for number in range(TRIES):
        nodes[number % 2].begin("key", NOON + timedelta(minutes=number))

    assert nodes[0].begin("key", NOON + WINDOW) == 0


def test_what_is_given_back_or_forgiven_at_one_node_is_so_at_all(nodes: tuple[Guesses, Guesses]) -> None:
    one, other = nodes
    for _ in range(TRIES):
        one.begin("key", NOON)

    one.give_back("key")
    assert other.begin("key", NOON) == 0
    other.forgive("key")
    assert one.begin("key", NOON) == TRIES - 1


def test_while_they_are_apart_each_node_counts_and_locks_nobody_out(
    nodes: tuple[Guesses, Guesses], shared: Shared
) -> None:
    one, other = nodes
    for _ in range(3):
        one.begin("key", NOON)
    shared.away = True

    assert [one.begin("key", NOON) for _ in range(2)] == [1, 0], "what it had counted itself is still counted"
    with pytest.raises(Refused, match="too_fast"):
        one.begin("key", NOON)
    assert other.begin("key", NOON) == TRIES - 1
    one.forgive("key")
    assert one.begin("key", NOON) == TRIES - 1


def test_links_that_lead_nowhere_run_out_over_all_nodes(nodes: tuple[Guesses, Guesses], shared: Shared) -> None:
    one, other = nodes

    assert [node.count_nowhere("hash") for node in (one, other, one)] == [1, 2, 3]
    one.uncount_nowhere("hash")
    assert other.of_nowhere("hash") == 2
    shared.away = True
    assert one.of_nowhere("hash") == 1


def test_a_real_link_asks_as_often_as_one_that_leads_nowhere(shared: Shared) -> None:
    guesses = Guesses(tallies=shared)
    guesses.of_nowhere("hash")
    guesses.count_nowhere("hash")
    nowhere, shared.asked = shared.asked, []

    guesses.as_nowhere("hash")

    assert shared.asked == nowhere
