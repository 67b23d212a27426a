"""Requests are counted over all nodes where they share a count, and by each node while it cannot be reached."""

from __future__ import annotations

import pytest

from companion.core.values import replace
from tests.fakes.shared import Shared
from tests.fakes.world import a_world
from tests.web.conftest import Browser, make_app

WINDOW = 10  # knocks in a quarter of an hour at one link from one place


@pytest.fixture
def shared():
    return Shared()


@pytest.fixture
def nodes(shared):
    world = a_world()
    world.deps = replace(world.deps, tallies=shared)
    return [Browser(make_app(world)) for _ in range(2)]


def knock(browser):
    browser.open("/i/a-link-that-leads-nowhere")
    browser.send("/i/a-link-that-leads-nowhere/voice")
    return browser.way[0][1]


def test_knocks_at_two_nodes_are_counted_as_one(nodes):
    said = [knock(nodes[number % 2]) for number in range(WINDOW + 2)]

    assert 429 not in said[:WINDOW]
    assert said[WINDOW:] == [429, 429]


def test_each_node_counts_while_the_count_cannot_be_reached(nodes, shared):
    shared.away = True

    said = [knock(nodes[0]) for _ in range(WINDOW + 1)]

    assert 429 not in said[:WINDOW]
    assert said[WINDOW] == 429
