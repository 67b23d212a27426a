"""When Zoom says no, wants fewer requests, hangs, drips, or its answer is lost."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from companion.core.values import replace
from integrations.zoom import refusals
from tests.integrations.zoom_place import (
    PLAN,
    QUICK,
    WREN,
    at_a_server,
    made_calls,
    trouble_of,
)
from tests.integrations.zoom_server import ACCOUNT, CLIENT, HOST, NOW, SCOPES, SECRET, ZoomServer
from tests.integrations.zoom_talk import Trouble


@pytest.fixture
def server():
    made = ZoomServer()
    yield made
    made.close()


@pytest.fixture
def zoom(server):
    return at_a_server(server)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(500), "down"),
        (Trouble(503, body=b"<html>busy</html>"), "down"),
        (Trouble(200, body=b"not json"), "down"),
        (Trouble(200, body=b"[]"), "down"),
        (Trouble(201, body=b"{}"), "down"),
        (Trouble(429), "throttled"),
        (Trouble(400, body=b'{"code":300,"message":"Validation Failed."}'), "refused"),
        (Trouble(400, body=b'{"code":4711,"message":"does not contain scopes:[a:b:c:admin]."}'), "credentials"),
        (Trouble(400, body=b'{"code":200,"message":"No permission."}'), "credentials"),
        (Trouble(403), "credentials"),
        (Trouble(302, {"Location": "https://elsewhere.example"}), "credentials"),
        (Trouble(404, body=b'{"code":3001,"message":"Meeting does not exist: 1."}'), "gone"),
        (Trouble(404), "gone"),
        (Trouble(400, body=b'{"code":300,"message":"Meeting 1 is not found or has expired."}'), "gone"),
    ],
)
def test_each_no_is_told_and_nothing_of_it_is_kept(server, zoom, trouble, told, caplog):
    caplog.set_level(logging.DEBUG)
    ref = zoom.make(PLAN, NOW)
    server.troubles.append(replace(trouble, path="/registrants"))

    down = trouble_of(lambda: zoom.register(ref, WREN, NOW))

    assert down.trouble == told
    for secret in (SECRET, ACCOUNT, CLIENT, HOST, "127.0.0.1", "Wren", "r7wren", ref):
        assert secret not in str(down)
    for token in server.tokens:
        assert token not in caplog.text
    for secret in (SECRET, ACCOUNT, "Wren"):
        assert secret not in caplog.text


def test_a_scope_that_is_lacking_is_named_and_once_it_is_given_a_new_token_is_taken(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.scopes = SCOPES.replace("meeting:update:status:admin", "")
    server.tokens.clear()

    down = trouble_of(lambda: zoom.stop(ref, NOW))
    server.scopes = SCOPES
    zoom.stop(ref, NOW)

    assert (down.trouble, down.problem) == ("credentials", "its app at Zoom lacks meeting:update:status:admin")


def test_an_older_app_with_broader_scopes_does(server):
    server.scopes = "meeting:read:admin meeting:write:admin user:read:admin"
    zoom = at_a_server(server)

    zoom.try_out()
    ref = zoom.make(PLAN, NOW)
    zoom.register(ref, WREN, NOW)
    zoom.cancel(ref, NOW)


def test_without_a_licence_nobody_can_be_registered(server, zoom):
    server.host_type = 1
    ref = zoom.make(PLAN, NOW)

    assert trouble_of(lambda: zoom.register(ref, WREN, NOW)).trouble == "refused"


def test_a_call_that_ended_by_itself_is_cancelled_quietly(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.troubles.append(Trouble(400, body=b'{"code":3007,"message":"since it\'s ended."}', path=f"/{ref}"))

    zoom.cancel(ref, NOW)


def test_a_call_that_cannot_be_stopped_while_people_are_in_it_is_a_trouble(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.begin(ref)
    server.troubles.append(Trouble(400, body=b'{"code":3063,"message":"no"}', path="/status"))

    assert trouble_of(lambda: zoom.stop(ref, NOW)).trouble == "refused"


@pytest.mark.parametrize(
    ("headers", "message", "at"),
    [
        ({"Retry-After": "30"}, "", NOW + timedelta(seconds=30)),
        (
            {"Retry-After": "2026-03-04T00:00:00Z", "X-RateLimit-Type": "Daily-limit"},
            "",
            datetime(2026, 3, 4, tzinfo=UTC),
        ),
        ({"Retry-After": "Tue, 03 Mar 2026 19:00:10 GMT"}, "", NOW + timedelta(seconds=10)),
        (
            {"X-RateLimit-Type": "QPS", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 2)},
            "",
            NOW + timedelta(seconds=2),
        ),
        ({"X-RateLimit-Type": "Daily-limit"}, "", datetime(2026, 3, 4, tzinfo=UTC)),
        ({}, "You have exceeded the daily rate limit (100)", datetime(2026, 3, 4, tzinfo=UTC)),
        ({"X-RateLimit-Category": "Light", "X-RateLimit-Limit": "6000"}, "per-second rate limit", None),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "later"}, "", None),
        ({"Retry-After": "99999999999999999999"}, "", NOW + refusals.LONGEST_WAIT),
        ({"Retry-After": "2020-01-01T00:00:00Z"}, "", NOW),
        ({"X-RateLimit-Reset": "9999999999"}, "", NOW + refusals.LONGEST_WAIT),
    ],
)
def test_when_to_ask_again_is_read_in_every_shape(server, zoom, headers, message, at):
    body = json.dumps({"code": 429, "message": message}).encode()
    server.troubles.append(Trouble(429, headers, body, path="/meetings"))

    down = trouble_of(lambda: zoom.make(PLAN, NOW))

    assert (down.trouble, down.retry_at) == ("throttled", at)


def test_after_a_hundred_changes_a_day_the_host_waits_until_midnight(server, zoom):
    for number in range(100):
        zoom.make(replace(PLAN, key=f"k{number}"), NOW)

    down = trouble_of(lambda: zoom.make(PLAN, NOW))
    server.now = datetime(2026, 3, 4, 0, 0, 1, tzinfo=UTC)

    assert (down.trouble, down.retry_at) == ("throttled", datetime(2026, 3, 4, tzinfo=UTC))
    assert zoom.make(PLAN, server.now)


def test_a_call_is_found_among_more_than_a_page_of_others(server, zoom):
    ref = zoom.make(PLAN, NOW)
    mine = server.meetings.pop(int(ref))
    for number in range(250):
        server.meetings[number] = mine | {"id": number, "agenda": "x" * 2000}
    server.meetings[int(ref)] = mine

    assert zoom.make(PLAN, NOW) == ref


def test_whoever_asks_more_than_three_times_a_day_keeps_her_place(server, zoom):
    ref = zoom.make(PLAN, NOW)

    assert len({zoom.register(ref, WREN, NOW) for _ in range(6)}) == 1


def test_a_limit_that_is_not_hers_is_told(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.troubles.append(Trouble(429, {"Retry-After": "3"}, path="/registrants"))

    down = trouble_of(lambda: zoom.register(ref, WREN, NOW))

    assert (down.trouble, down.retry_at) == ("throttled", NOW + timedelta(seconds=3))


@pytest.mark.parametrize("lost", [Trouble(502, after=True), Trouble(hang=True, after=True)])
def test_a_call_whose_answer_was_lost_is_found_and_not_made_twice(server, lost):
    zoom = at_a_server(server, read=QUICK)
    zoom.make(replace(PLAN, key="k0"), NOW)
    server.troubles += [Trouble(200, body=b'{"meetings": []}', path="/meetings"), replace(lost, path="/meetings")]

    down = trouble_of(lambda: zoom.make(PLAN, NOW))
    found = zoom.make(PLAN, NOW)

    assert down.trouble == "down"
    assert made_calls(server) == 2
    assert server.meetings[int(found)]["agenda"] == PLAN.key


def test_a_list_that_cannot_be_read_makes_no_second_call(server, zoom):
    zoom.make(PLAN, NOW)
    server.troubles.append(Trouble(200, body=b'{"page_size": 100}', path="/meetings"))

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "down"
    assert made_calls(server) == 1


def test_a_place_whose_answer_was_lost_is_the_same_the_next_time(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.troubles.append(Trouble(504, after=True, path="/registrants"))
    assert trouble_of(lambda: zoom.register(ref, WREN, NOW)).trouble == "down"

    (kept,) = server.registrants[int(ref)].values()
    assert zoom.register(ref, WREN, NOW).ref == kept["id"]


@pytest.mark.parametrize("path", ["/oauth", "/v2"])
@pytest.mark.parametrize("trouble", [Trouble(hang=True), Trouble(drip="body"), Trouble(drip="headers")])
def test_a_server_that_hangs_or_drips_keeps_nobody_waiting(server, monkeypatch, trouble, path):
    zoom = at_a_server(server, read=QUICK)
    for module in ("api", "tokens"):
        monkeypatch.setattr(f"integrations.zoom.{module}.WITHIN", 2 * QUICK)
    server.troubles.append(replace(trouble, path=path))

    # Without a limit this would never end: the server goes on until the test is over.
    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "down"


def test_an_answer_that_is_cut_short_is_no_answer(server):
    zoom = at_a_server(server, read=QUICK)
    zoom.make(PLAN, NOW)
    server.troubles.append(Trouble(200, {"Content-Length": "5000"}, b'{"meetings": []}', path="/meetings"))

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "down"


def test_without_a_server_it_is_down(server, zoom):
    server.close()

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "down"


def test_an_address_that_is_not_https_is_given_to_nobody(server, zoom):
    ref = zoom.make(PLAN, NOW)
    server.meetings[int(ref)]["start_url"] = "http://zoom.example/s/1"

    assert trouble_of(lambda: zoom.host_entry(ref, NOW)).trouble == "down"
