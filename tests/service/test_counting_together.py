"""Tries at passcodes where several nodes count together, and where they cannot just now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from companion.core.refusals import Refused
from companion.service.guesses import TRIES, WINDOW, Guesses
from tests.fakes.shared import Shared

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


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
