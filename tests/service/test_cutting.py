"""A browser that is sent out on one node is cut on the others too, once on each."""

import pytest

from companion.core.values import replace
from companion.records import Cut
from companion.service import inviting
from companion.service.cuts import Cuts
from companion.service.cutting import cut, follow
from tests.fakes.world import SeenPanels, a_world


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def elsewhere(world):
    """Another node on the same store."""
    return replace(world.deps, panels=SeenPanels(), cuts=Cuts())


def test_what_one_node_cuts_the_other_cuts_once(world, elsewhere):
    cut(world.deps, ("a", "b"), "no_access")

    assert (follow(world.deps), follow(elsewhere), follow(elsewhere)) == (0, 1, 0)
    assert world.panels.cuts == elsewhere.panels.cuts == [(("a", "b"), "no_access")]


def test_a_revoked_invite_is_cut_elsewhere(world, elsewhere):
    issued = world.invite()
    access = world.enter(issued)

    inviting.revoke(world.deps, issued.invite.id)
    follow(elsewhere)

    assert elsewhere.panels.cuts == [((access.id,), "no_access")]


def test_the_feed_is_empty_after_a_minute(world, elsewhere):
    cut(world.deps, ("a",), "no_access")
    world.clock.turn(seconds=59)
    follow(elsewhere)
    assert len(world.store.shelf(Cut).find()) == 1

    world.clock.turn(seconds=1)
    follow(elsewhere)

    assert world.store.shelf(Cut).find() == []


def test_nobody_to_cut_leaves_nothing(world):
    cut(world.deps, (), "no_access")

    assert world.store.shelf(Cut).find() == []


def test_a_cut_while_the_database_is_away_is_told_to_the_others_once_it_is_back(world, elsewhere):
    world.store.down = True
    cut(world.deps, ("a",), "no_access")
    world.store.down = False

    world.deps.undone.do()

    assert follow(elsewhere) == 1
