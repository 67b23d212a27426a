"""Zoom, against a server that checks what the real one checks: tokens, settings, limits, lost answers, and its noes."""

from __future__ import annotations

import json
import logging
import string
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from companion.ports import Attendee, CallDown, CallPlan, Room
from companion.records import Platform
from integrations.calls import ChosenCalls
from integrations.zoom import meetings as wanted
from integrations.zoom import refusals, scopes
from integrations.zoom.adapter import ZoomMeetings, at_zoom
from integrations.zoom.tokens import MARGIN, Credentials, Tokens
from tests.integrations.zoom_server import ACCOUNT, CLIENT, HOST, NOW, SCOPES, SECRET, ZoomServer
from tests.integrations.zoom_talk import Trouble

PLAN = CallPlan("k7tuesday", NOW + timedelta(days=1), 90)
WREN, SOL = Attendee("r7wren", "Wren & Döner?"), Attendee("r7sol", "Sol", leads=True)
MORE = {"client_id": CLIENT, "host": HOST, "webhook_secret": "secret-token-of-the-app"}
ZOOM = Platform("p4", "zoom", "Our Zoom", "https://zoom.us", ACCOUNT, SECRET, NOW, MORE)
QUICK = 0.3  # seconds


def at_a_server(server: ZoomServer, tokens: Tokens | None = None, read: float = 2.0, **changed: str) -> ZoomMeetings:
    said = {"account": ACCOUNT, "client_id": CLIENT, "secret": SECRET} | changed
    host = said.pop("host", HOST)
    who = Credentials(address=server.address, **said)
    return ZoomMeetings(who, host, tokens=tokens or Tokens(), base=server.api, read=read, clock=lambda: server.now)


@pytest.fixture
def server():
    made = ZoomServer()
    yield made
    made.close()


@pytest.fixture
def zoom(server):
    return at_a_server(server)


def asked_for_tokens(server: ZoomServer) -> int:
    return server.asked.count("POST /oauth/token")


def made_calls(server: ZoomServer) -> int:
    return len(server.meetings)


def trouble_of(ask) -> CallDown:
    with pytest.raises(CallDown) as down:
        ask()
    return down.value


# What a call is like


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


# Tokens


def test_one_token_does_for_many_requests_and_many_adapters(server):
    tokens = Tokens()
    for day in range(3):
        at_a_server(server, tokens).make(replace(PLAN, key=f"k{day}"), NOW)

    assert asked_for_tokens(server) == 1


def test_two_threads_at_once_need_one_token(server):
    server.slow_token = 0.2
    tokens, started = Tokens(), threading.Barrier(6)

    threads = []
    for number in range(6):
        zoom = at_a_server(server, tokens)
        plan = replace(PLAN, key=f"k{number}")
        threads.append(threading.Thread(target=lambda zoom=zoom, plan=plan: (started.wait(), zoom.make(plan, NOW))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked_for_tokens(server) == 1
    assert made_calls(server) == 6


def test_whoever_waits_for_a_token_that_fails_does_not_wait_again(server):
    server.slow_token = 0.2
    tokens, started, told = Tokens(), threading.Barrier(4), []

    def work() -> None:
        started.wait()
        told.append(trouble_of(lambda: at_a_server(server, tokens, secret="x" * 32).make(PLAN, NOW)).trouble)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == ["credentials"] * 4
    assert asked_for_tokens(server) == 1


def test_a_token_is_renewed_a_little_before_it_ends(server):
    clock = [0.0]
    zoom = at_a_server(server, Tokens(lambda: clock[0]))
    zoom.make(PLAN, NOW)

    clock[0] = 3600 - MARGIN - 1
    zoom.make(PLAN, NOW)
    assert asked_for_tokens(server) == 1
    clock[0] += 2
    zoom.make(PLAN, NOW)
    assert asked_for_tokens(server) == 2


def test_a_token_that_was_taken_back_is_renewed_once_and_nothing_is_done_twice(server, zoom):
    zoom.make(PLAN, NOW)
    server.tokens.clear()

    zoom.make(replace(PLAN, key="k8"), NOW)

    assert asked_for_tokens(server) == 2
    assert made_calls(server) == 2


def test_a_token_that_is_never_taken_is_a_trouble_of_credentials(server, zoom):
    server.troubles += [Trouble(401, body=b'{"code":124,"message":"Invalid access token."}', path="/v2/")] * 2

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "credentials"
    assert asked_for_tokens(server) == 2


def test_other_credentials_never_use_a_token_of_these(server):
    tokens = Tokens()
    at_a_server(server, tokens).make(PLAN, NOW)

    down = trouble_of(lambda: at_a_server(server, tokens, secret="another secret of 32 characters!").make(PLAN, NOW))

    assert down.trouble == "credentials"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"secret": "x" * 32}, "the client id or the client secret"),
        ({"client_id": "nobody"}, "the client id or the client secret"),
        ({"account": "nobody"}, "the account id, or our app there is not activated"),
    ],
)
def test_which_credential_is_wrong_is_said(server, changed, said):
    down = trouble_of(lambda: at_a_server(server, **changed).make(PLAN, NOW))

    assert down.trouble == "credentials"
    assert said in down.problem


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(500), "down"),
        (Trouble(200, body=b"<html>"), "down"),
        (Trouble(200, body=b'{"access_token": "eyJ"}'), "down"),
        (Trouble(429, {"Retry-After": "7"}), "throttled"),
        (Trouble(302, {"Location": "https://elsewhere.example"}), "refused"),
    ],
)
def test_without_a_token_nothing_is_asked(server, zoom, trouble, told):
    server.troubles.append(trouble)

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == told
    assert server.asked == ["POST /oauth/token"]


# Noes


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


# Limits


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


# What is lost on the way


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


# Trying it out


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
