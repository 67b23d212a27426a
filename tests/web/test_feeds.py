"""A facilitator's calendar address: shown once, serving dates alone, gone when it is renewed or she has left."""

import pytest

from companion.core.values import replace
from companion.service import moving
from tests.web.dating import (
    NOW,
    a_series,
    a_world_with_a_date,
    dates_path,
    her,
)
from tests.web.pages import read
from tests.web.signing_in import signed_in


@pytest.fixture
def world():
    return a_world_with_a_date()


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def facilitator(world):
    return world.person("Sol", "facilitator", email="sol@example.org")


def address_on(page):
    (line,) = [e.words.strip() for e in page.all("p") if e.attributes.get("class") == "link"]
    return line


def test_a_calendar_address_is_shown_once_and_serves_dates_alone(world, desk):
    sol = facilitator(world)
    a_series(world)
    desk.open(dates_path(world))
    address = address_on(desk.send(f"/desk/people/{sol.id}/feed"))
    again = desk.open(f"/desk/people/{sol.id}/feed")
    stranger = desk.app.test_client()
    answer = stranger.get(address.removeprefix(world.deps.settings.address))

    assert "was shown once" in again.words
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert {
        word for word in ("Tuesday circle", "Mary", "Sol", "sol@example.org", "http") if word in answer.text
    } == set()
    assert address.rpartition("/")[2] not in repr(vars(world.store))


def test_a_calendar_that_has_not_changed_is_not_sent_again(world, desk):
    sol = facilitator(world)
    desk.open(dates_path(world))
    path = address_on(desk.send(f"/desk/people/{sol.id}/feed")).removeprefix(world.deps.settings.address)
    mark = desk.client.get(path).headers["ETag"]
    world.clock.turn(minutes=5)
    same = desk.client.get(path, headers={"If-None-Match": mark})
    moving.cancel(world.deps, world.session.id, 0, "jo")
    changed = desk.client.get(path, headers={"If-None-Match": mark})

    assert (same.status_code, same.data) == (304, b"")
    assert (changed.status_code, changed.headers["ETag"] == mark) == (200, False)


def test_a_renewed_or_ended_address_leads_nowhere_and_looks_like_any_other(world, desk):
    sol = facilitator(world)
    desk.open(dates_path(world))
    old, new = (
        address_on(desk.send(f"/desk/people/{sol.id}/feed")).removeprefix(world.deps.settings.address) for _ in range(2)
    )
    renewed = [desk.client.get(path).status_code for path in (old, new)]
    desk.open(dates_path(world))
    desk.send(f"/desk/people/{sol.id}/feed/end")
    stranger = desk.app.test_client()
    pages = [read(stranger.get(path)) for path in (old, new, "/desk/feed/nothing.ics", "/no/such/page")]

    assert renewed == [404, 200]
    assert [page.status for page in pages] == [404] * 4
    assert len({page.words for page in pages}) == 1


def test_a_member_has_no_calendar_address_and_who_has_left_loses_hers(world, desk):
    wren, sol = her(world), facilitator(world)
    desk.open(dates_path(world))
    refused = desk.send(f"/desk/people/{wren.id}/feed")
    path = address_on(desk.send(f"/desk/people/{sol.id}/feed")).removeprefix(world.deps.settings.address)
    world.store.save_person(replace(sol, left_at=NOW))

    assert desk.client.get(path).status_code == 404
    assert "Calendar address" not in refused.words
