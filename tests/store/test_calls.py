"""What is kept of calls: it comes back whole, is found by what is not sealed, and opens in its own place only."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from companion.core.values import replace
from companion.ports import UpTo
from companion.records import CallPlace, CallTask, HeldCall
from companion.store.sealing import CannotOpen
from companion.store.tables import call_places
from tests.store.builders import MINUTE, NOW, a_group, a_session

HELD = HeldCall("evening", "zoom", NOW, 90, "81234567890", "made")
PLACE = CallPlace("place", "evening", "seat-1", NOW, "81234567890", "registrant", "https://calls.example/w/1", 1)
TASK = CallTask("task", "zoom", "evening", "stop", NOW, NOW, "81234567890", "failed", 3, NOW, "down", "it was away")


@pytest.fixture
def kept(store):
    store.save_group(a_group())
    store.save_session(a_session())
    for record in (HELD, PLACE, TASK):
        store.shelf(type(record)).put(record)
    return store


def test_calls_come_back_whole(kept):
    assert [kept.shelf(type(record)).get(record.id) for record in (HELD, PLACE, TASK)] == [HELD, PLACE, TASK]


def test_what_is_due_is_found_by_platform_and_state(kept):
    tasks = kept.shelf(CallTask)
    tasks.put(replace(TASK, id="later", state="waiting", due_at=NOW + MINUTE))
    tasks.put(replace(TASK, id="now", state="waiting"))

    assert [one.id for one in tasks.find(platform_id="zoom", state="waiting", due_at=UpTo(NOW))] == ["now"]
    assert [one.id for one in tasks.find(state=("waiting", "sending"))] == ["later", "now"]


def test_an_address_put_in_the_place_of_another_does_not_open(on_sqlite):
    on_sqlite.save_group(a_group())
    on_sqlite.save_session(a_session())
    places = on_sqlite.shelf(CallPlace)
    places.put(PLACE)
    places.put(replace(PLACE, id="other", url="https://calls.example/w/2"))
    with on_sqlite.database.writing() as db:
        url = db.execute(select(call_places.c.url).where(call_places.c.id == "place")).scalar_one()
        db.execute(update(call_places).where(call_places.c.id == "other").values(url=url))

    with pytest.raises(CannotOpen):
        places.get("other")
