"""Two nodes on one database send no letter twice, and share one pace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from companion.core.values import replace
from companion.outbox_settings import Pace
from companion.records import Batch, Gateway, Letter, SeenReport
from companion.service import outbox
from companion.service.locks import SessionLocks
from tests.fakes.world import a_world
from tests.store.builders import NOW


def nodes_on(two_nodes, world):
    return [replace(world.deps, store=store, locks=SessionLocks()) for store in two_nodes]


def test_two_nodes_send_each_letter_once_and_keep_one_pace(two_nodes):
    world = a_world(texts_pace=Pace(12, 12, 1000))
    nodes = nodes_on(two_nodes, world)
    for number in range(20):
        outbox.post(nodes[0], f"077009000{number:02}", "", "Hello.", kind="text")

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(outbox.deliver_due, [*nodes, *nodes]))

    references = [text.reference for text in world.texter.sent]
    assert sent == len(references) == len(set(references)) == 12
    assert len(two_nodes[1].shelf(Letter).find(state="sent")) == 12
    assert len(two_nodes[1].due_letters(NOW, kind="text")) == 8


def test_a_letter_that_has_left_is_nowhere_in_the_database(two_nodes):
    world = a_world()
    one, other = nodes_on(two_nodes, world)
    letter = outbox.post(one, "her@example.org", "For your diary", "A link.", about="invite 1")

    outbox.deliver_due(other)

    kept = one.store.shelf(Letter).get(letter.id)
    assert (kept.to, kept.subject, kept.body, kept.state, kept.sent_at) == ("", "", "", "sent", world.clock())


def test_what_else_the_outbox_keeps_comes_back_whole(store):
    kept = (
        Batch("b", NOW, "tuesday", "paused"),
        Gateway("twilio", 3, "down", NOW, NOW, 1, 2, 3),
        SeenReport("digest", NOW),
    )

    for record in kept:
        store.shelf(type(record)).put(record)

    assert tuple(store.shelf(type(record)).get(record.id) for record in kept) == kept
