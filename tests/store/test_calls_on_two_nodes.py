"""Two nodes on one database plan each call once, give each person one place, and tell a platform each thing once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.records import CallPlace, CallTask, HeldCall, Platform
from companion.service import call_places, call_tasks, gathering, inviting, organising, planned_calls, platforms
from companion.service.calling import CallLines
from companion.service.locks import SessionLocks
from tests.fakes.planner import FakePlanner, SeveralCalls
from tests.fakes.world import a_world


@pytest.fixture
def planner():
    return FakePlanner()


@pytest.fixture
def nodes(two_nodes, planner):
    world = a_world()
    calls = SeveralCalls()
    calls.by_account["planner"] = planner
    both = [replace(world.deps, store=store, locks=SessionLocks(), calls=calls) for store in two_nodes]
    account = Platform("planner", "jitsi", "Ours", "https://planner.invalid", "account", "secret", world.clock())
    both[0].store.shelf(Platform).put(account)
    group = organising.add_group(both[0], "Tuesday circle", world.group.settings)
    platforms.choose(both[0], group.id, "planner")
    for number in range(6):
        organising.add_session(both[0], group.id, world.clock() + timedelta(hours=number))
    return both


def together(nodes, *works):
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, node) for node in [*nodes, *nodes] for work in works]:
            done.result()


def test_two_nodes_plan_each_date_once(nodes, planner):
    for _ in range(4):
        together(nodes, planned_calls.mind, lambda node: CallLines().round(node))

    assert (planner.times("make"), len(planner.meetings)) == (6, 6)
    assert {one.state for one in nodes[1].store.shelf(HeldCall).find()} == {"made"}


def test_two_nodes_tell_a_platform_each_thing_once(nodes, planner):
    for number in range(20):
        call_tasks.post(nodes[0], "stop", "planner", "evening", str(number))

    together(nodes, lambda node: CallLines().round(node))

    assert (planner.times("stop"), len(nodes[0].store.shelf(CallTask).find(state="done"))) == (20, 20)


def test_somebody_who_presses_at_two_nodes_has_one_place(nodes, planner):
    one = nodes[0]
    (group,) = one.store.groups()
    session = one.store.sessions(group.id)[-1]
    person = organising.add_person(one, group.id, "member", "Mary", "Wren", waived_by="Sol")
    seat_id = inviting.invite(one, session.id, person.id).invite.seat_id
    gathering.begin(one, session.id)
    planned_calls.look_at(one, session.id)
    CallLines().round(one)
    held, saved = one.store.shelf(HeldCall).get(session.id), one.store.load(session.id)
    urls = []

    together(nodes, lambda node: urls.append(call_places.place_of(node, planner, held, saved.state, seat_id).url))

    (kept,) = one.store.shelf(CallPlace).find()
    assert set(urls) == {kept.url}
    assert planner.times("register") <= 2, "once for each node at most"
