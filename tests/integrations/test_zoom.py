"""Calls at Zoom, against a server that checks what the real one checks: what they are like, and what an app lacks."""

from __future__ import annotations

import json
import string
from datetime import datetime, timedelta

import pytest

from companion.core.values import replace
from companion.ports import Room
from integrations.calls import ChosenCalls
from integrations.zoom import meetings as wanted
from integrations.zoom import scopes
from integrations.zoom.adapter import at_zoom
from integrations.zoom.tokens import Credentials, Tokens
from tests.integrations.zoom_place import (
    MORE,
    PLAN,
    SOL,
    WREN,
    ZOOM,
    asked_for_tokens,
    at_a_server,
    made_calls,
    trouble_of,
)
from tests.integrations.zoom_server import ACCOUNT, CLIENT, NOW, SCOPES, SECRET, ZoomServer


@pytest.fixture
def server():
    made = ZoomServer()
    yield made
    made.close()


@pytest.fixture
def zoom(server):
    return at_a_server(server)


def test_a_call_is_safe_neutral_and_carries_our_key(server, zoom):
    ref = zoom.make(PLAN, NOW)
    made = server.meetings[int(ref)]

    assert (made["topic"], made["agenda"], made["type"]) == ("Call", "k7tuesday", 2)
    assert (made["start_time"], made["duration"], made["timezone"]) == ("2026-03-04T19:00:00Z", 90, "UTC")
    assert made["settings"] == wanted.SETTINGS
    on = {name for name, value in made["settings"].items() if value is True}
    assert on == {"waiting_room", "mute_upon_entry", "private_meeting", "allow_multiple_devices"}
    assert made["settings"]["auto_recording"] == "none"
    assert made["settings"]["continuous_meeting_chat"] == {"enable": False}


def test_a_time_of_another_zone_is_told_in_utc(server, zoom):
    east = PLAN.starts_at.astimezone(datetime.fromisoformat("2026-03-04T00:00:00+05:30").tzinfo)

    ref = zoom.make(replace(PLAN, starts_at=east), NOW)

    assert server.meetings[int(ref)]["start_time"] == "2026-03-04T19:00:00Z"


def test_passcodes_are_random_and_fit_what_accounts_ask_for():
    made = [wanted.passcode() for _ in range(200)]

    assert len(set(made)) == 200
    for code in made:
        assert len(code) == 10
        for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_*@"):
            assert set(code) & set(kind)
        assert all(one != other for one, other in zip(code.lower(), code.lower()[1:], strict=False))


def test_zoom_learns_an_alias_and_an_address_that_leads_nowhere(server, zoom):
    ref = zoom.make(PLAN, NOW)
    hers = zoom.register(ref, WREN, NOW)

    (kept,) = server.registrants[int(ref)].values()
    assert (kept["first_name"], kept["email"]) == ("Wren & Döner?", "r7wren@calls.invalid")
    assert (hers.ref, hers.url) == (kept["id"], kept["join_url"])


def test_whoever_finds_the_page_where_one_registers_waits_for_ever(server, zoom):
    ref = zoom.make(PLAN, NOW)
    token = next(iter(server.tokens))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    stranger = json.dumps({"first_name": "Somebody", "email": "somebody@else.example"}).encode()

    _, _, said = server.answer("POST", f"/v2/meetings/{ref}/registrants", headers, stranger)

    assert "join_url" not in json.loads(said)
    assert "https://" in zoom.register(ref, WREN, NOW).url


def test_a_long_name_is_cut_to_what_zoom_takes(server, zoom):
    ref = zoom.make(PLAN, NOW)

    zoom.register(ref, replace(WREN, alias="ÿ" * 90), NOW)

    assert server.registrants[int(ref)]["r7wren@calls.invalid"]["first_name"] == "ÿ" * 64


def test_a_call_is_moved_without_touching_anything_else(server, zoom):
    ref = zoom.make(PLAN, NOW)
    before = dict(server.meetings[int(ref)])

    zoom.change(ref, replace(PLAN, starts_at=NOW + timedelta(days=2), minutes=60), NOW)

    assert server.meetings[int(ref)] == before | {"start_time": "2026-03-05T19:00:00Z", "duration": 60}


def test_there_is_no_way_in_but_the_planned_one_and_nothing_to_frame(zoom):
    for room in (Room("room1", private=False), Room("room2", private=True)):
        assert zoom.entry(room, WREN, NOW) is None
    assert (zoom.embeds, zoom.ends) == ("", False)


def test_trying_it_out_changes_nothing(server, zoom):
    zoom.try_out()

    assert made_calls(server) == 0
    assert {one.split()[0] for one in server.asked} == {"POST", "GET"}
    assert [one for one in server.asked if one.startswith("POST")] == ["POST /oauth/token"]


def test_exactly_the_scopes_that_are_missing_are_listed(server, zoom):
    server.scopes = SCOPES.replace("meeting:delete:meeting:admin", "").replace("user:read:user:admin", "")

    down = trouble_of(zoom.try_out)

    assert down.problem == "its app at Zoom lacks meeting:delete:meeting:admin, user:read:user:admin"
    server.scopes = SCOPES
    zoom.try_out()  # what was added a moment ago counts at once


def test_every_scope_that_is_needed_is_one_that_the_server_asks_for():
    assert " ".join(scopes.NEEDED) == SCOPES


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host_type": 1}, "has no licence"),
        ({"host_status": "inactive"}, "is not active"),
    ],
)
def test_a_host_who_can_hold_no_such_call_is_said(server, zoom, change, said):
    for name, value in change.items():
        setattr(server, name, value)

    assert said in trouble_of(zoom.try_out).problem


def test_a_host_whom_zoom_does_not_know_is_said(server):
    down = trouble_of(at_a_server(server, host="nobody@charity.example").try_out)

    assert down.trouble == "credentials"
    assert "no such host" in down.problem and "nobody@" not in down.problem


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, ""),
        ({"account": ""}, "no_account"),
        ({"more": MORE | {"client_id": ""}}, "no_client"),
        ({"more": MORE | {"host": ""}}, "no_host"),
        ({"more": MORE | {"host": "me"}}, "no_host"),
        ({"secret": "short"}, "weak_secret"),
        ({"more": MORE | {"webhook_secret": "short"}}, "weak_hook_secret"),
        ({"more": {name: text for name, text in MORE.items() if name != "webhook_secret"}}, ""),
    ],
)
def test_what_is_missing_is_said(change, wrong):
    assert at_zoom(replace(ZOOM, **change), Tokens()).check() == wrong


def test_the_chosen_platform_asks_the_address_it_was_given_with_one_token(server):
    platform = replace(ZOOM, address=server.address, more=MORE | {"api": server.api})
    chosen = ChosenCalls({"p4": platform}.get, "jitsi.example")

    ref = chosen.on(platform).make(PLAN, NOW)
    chosen.on(platform).register(ref, WREN, NOW)
    chosen.on(platform).register(ref, SOL, NOW)

    assert asked_for_tokens(server) == 1
    assert len(server.registrants[int(ref)]) == 2


def test_nothing_that_is_printed_holds_a_secret(server):
    tokens = Tokens()
    at_a_server(server, tokens).make(PLAN, NOW)
    who = Credentials(ACCOUNT, CLIENT, SECRET, server.address)

    assert SECRET not in repr(who)
    assert next(iter(server.tokens)) not in repr(tokens.get(who, NOW))
