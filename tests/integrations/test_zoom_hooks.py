"""What Zoom reports: who is believed, what is answered, and what of a report is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from companion.ports import BadReport, Hook, HookReply
from integrations.zoom import webhooks
from integrations.zoom.adapter import at_zoom
from integrations.zoom.tokens import Tokens
from tests.integrations.zoom_place import ZOOM
from tests.integrations.zoom_server import ACCOUNT

SECRET = "It1sTheSecretTokenOfTheApp"
NOW = datetime(2026, 3, 3, 19, 0, 5, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
URL = "https://here.example/hooks/calls/p4"
# As Zoom's own schema has it, every field filled.
JOINED = (
    b'{"event":"meeting.participant_joined","event_ts":1772564405123,"payload":{"account_id":"abcD3ojkdbjfg_Qw8xYz1A",'
    b'"object":{"id":"85000000001","uuid":"4444AAAiAAAAAiAiAiiAii==","host_id":"KDcuGIm1QgePTO8WbOqwIQ","topic":"Call",'
    b'"type":2,"start_time":"2026-03-03T19:00:00Z","duration":90,"timezone":"UTC","participant":{"user_id":"16778240",'
    b'"user_name":"Wren","id":"","participant_uuid":"55555AAAiAAAAAiAiAiiAii","join_time":"2026-03-03T19:00:05Z",'
    b'"email":"r7wren@calls.invalid","registrant_id":"abcdefghij0-klmnopqrst"}}}}'
)
# Zoom publishes no whole example. Both were made with `openssl dgst -sha256 -hmac`.
SIGNED = "v0=9bf55a929d0c841b5eda4ab4274409781ae2efb846c5a5173e77996460ac6f99"
PLAIN, ENCRYPTED = "qgg8vlvZRS6UYooatFL8Aw", "54bba91dc653320f633d4a31bc78b4bf41a417f7f1ab9759de5bcf84f9742df3"


def signed(body, stamp=STAMP, secret=SECRET):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    return Hook(URL, {"X-Zm-Request-Timestamp": stamp, "X-Zm-Signature": f"v0={digest}"}, raw, NOW)


def receive(hook):
    return webhooks.receive(hook, SECRET, ACCOUNT)


def report(event, participant=None, **more):
    about = {"id": "85000000001", "uuid": "4444AAAiAAAAAiAiAiiAii==", "topic": "Call", "type": 2, **more}
    about |= {"participant": participant} if participant is not None else {}
    return {
        "event": f"meeting.{event}",
        "event_ts": 1772564405123,
        "payload": {"account_id": ACCOUNT, "object": about},
    }


def only(body):
    (event,) = receive(signed(body)).events
    return event


def problem_of(hook):
    with pytest.raises(BadReport) as bad:
        receive(hook)
    return bad.value.problem


def test_a_report_that_was_signed_by_another_tool_is_believed():
    hook = Hook(URL, {"x-zm-request-timestamp": STAMP, "x-zm-signature": SIGNED}, JOINED, NOW)

    (event,) = receive(hook).events

    assert (event.kind, event.call, event.at) == ("joined", "85000000001", NOW)
    assert (event.person, event.who, event.name) == ("55555AAAiAAAAAiAiAiiAii", "abcdefghij0-klmnopqrst", "Wren")


def test_openssl_makes_the_same_signature():
    message = f"v0:{STAMP}:".encode() + JOINED
    said = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", SECRET], input=message, capture_output=True, check=True, timeout=20
    )

    assert f"v0={said.stdout.decode().split()[-1]}" == SIGNED == webhooks.signature(SECRET, STAMP, JOINED)


def test_zoom_is_shown_that_we_have_the_secret():
    asked = {"payload": {"plainToken": PLAIN}, "event_ts": 1654503849680, "event": "endpoint.url_validation"}

    assert receive(signed(asked)) == HookReply(body={"plainToken": PLAIN, "encryptedToken": ENCRYPTED})


@pytest.mark.parametrize("token", ["", "v0:1772564405:{}", "a" * 201, 5, None, {"a": 1}])
def test_nothing_is_encrypted_that_could_be_a_signature(token):
    asked = {"payload": {"plainToken": token}, "event_ts": 1, "event": "endpoint.url_validation"}

    assert problem_of(signed(asked)) == "malformed"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Zm-Request-Timestamp": STAMP},
        {"X-Zm-Signature": SIGNED},
        {"X-Zm-Request-Timestamp": STAMP, "X-Zm-Signature": SIGNED.removeprefix("v0=")},
        {"X-Zm-Request-Timestamp": STAMP, "X-Zm-Signature": SIGNED.replace("v0", "v1")},
        {"X-Zm-Request-Timestamp": str(int(STAMP) + 1), "X-Zm-Signature": SIGNED},
        {"X-Zm-Request-Timestamp": STAMP, "X-Zm-Signature": "v0=ÿ"},
    ],
)
def test_what_is_not_signed_is_not_believed(headers):
    assert problem_of(Hook(URL, headers, JOINED, NOW)) == "forged"


def test_one_changed_byte_or_another_secret_is_not_believed():
    headers = {"X-Zm-Request-Timestamp": STAMP, "X-Zm-Signature": SIGNED}

    assert problem_of(Hook(URL, headers, JOINED.replace(b"Wren", b"Noor"), NOW)) == "forged"
    assert problem_of(signed(JOINED, secret="another")) == "forged"


@pytest.mark.parametrize("stamp", ["", "soon", "-5", "1772564405.5", "9" * 30])
def test_a_time_that_is_none_is_not_believed_though_it_is_signed(stamp):
    assert problem_of(signed(JOINED, stamp)) == "forged"


@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-299, True), (0, True), (299, True), (301, False)])
def test_five_minutes_both_ways_are_fresh(seconds, fresh):
    hook = signed(JOINED, str(int(STAMP) + seconds))

    if fresh:
        assert receive(hook).events
    else:
        assert problem_of(hook) == "stale"


def test_a_report_of_another_organisation_is_not_believed():
    other = report("started")
    other["payload"]["account_id"] = "another-account"

    assert problem_of(signed(other)) == "forged"
    del other["payload"]["account_id"]
    assert problem_of(signed(other)) == "forged"


def test_without_a_hook_secret_nothing_is_believed():
    more = {name: text for name, text in ZOOM.more.items() if name != "webhook_secret"}
    platform = ZOOM.__class__(**{**asdict(ZOOM), "more": more})

    with pytest.raises(BadReport) as bad:
        at_zoom(platform, Tokens()).receive(signed(JOINED, secret=""))
    assert bad.value.problem == "forged"


def test_the_adapter_believes_with_the_secret_of_its_account():
    hook = signed(JOINED, secret=ZOOM.more["webhook_secret"])

    assert at_zoom(ZOOM, Tokens()).receive(hook).events[0].name == "Wren"


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("participant_joined", "joined"),
        ("participant_left", "left"),
        ("participant_joined_waiting_room", "waiting"),
        ("participant_put_in_waiting_room", "waiting"),
        ("participant_left_waiting_room", "left"),
        ("participant_admitted", "admitted"),
        ("participant_joined_breakout_room", "room_joined"),
        ("participant_left_breakout_room", "room_left"),
    ],
)
def test_each_event_of_a_person_is_told(event, kind):
    told = only(report(event, {"participant_uuid": "u1", "user_id": "7", "user_name": "Wren", "registrant_id": "r1"}))

    assert (told.kind, told.call, told.person, told.who, told.name) == (kind, "85000000001", "u1", "r1", "Wren")


@pytest.mark.parametrize("event", ["started", "ended"])
def test_the_call_itself_is_told_of_nobody(event):
    told = only(report(event, start_time="2026-03-03T18:59:59Z", end_time="2026-03-03T20:30:00Z"))

    assert (told.kind, told.person, told.who, told.name) == (event, "", "", "")
    assert told.at == datetime(2026, 3, 3, 19, 0, 5, 123000, tzinfo=UTC)


def test_the_number_of_a_call_is_text_also_where_zoom_writes_a_number():
    assert only(report("started", id=85000000001)).call == "85000000001"


@pytest.mark.parametrize(
    "body",
    [
        report("participant_role_changed", {"participant_uuid": "u1"}),
        report("device_tested"),
        report("alert"),
        report("something_new"),
        {"event": "app_deauthorized", "event_ts": 1, "payload": {"account_id": ACCOUNT}},
        report("participant_joined", {"user_name": "Wren"}),
    ],
)
def test_what_is_of_no_use_is_quietly_nothing(body):
    assert receive(signed(body)) == HookReply()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"[" * 100_000,
        b"\xff\xfe",
        {"event": "meeting.started"},
        {"event": "meeting.started", "payload": []},
        {"event": "meeting.started", "event_ts": 1, "payload": {"account_id": ACCOUNT}},
        {"event": {"a": 1}, "event_ts": 1, "payload": {"account_id": ACCOUNT, "object": {"id": "1"}}},
        report("started", id=""),
        report("started", id={"a": 1}),
        report("started", id=True),
        report("participant_joined", []),
        report("participant_joined", {"participant_uuid": "u1", "join_time": "yesterday"}),
        report("participant_joined", {"participant_uuid": ["u1"]}),
        report("started") | {"event_ts": "soon"},
        report("started") | {"event_ts": 1e300},
        report("started") | {"event_ts": None},
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(body):
    assert problem_of(signed(body)) == "malformed"


def test_times_come_from_the_person_where_zoom_writes_them():
    joined = only(report("participant_joined", {"participant_uuid": "u1", "join_time": "2026-03-03T19:00:01Z"}))
    left = only(report("participant_left", {"participant_uuid": "u1", "leave_time": "2026-03-03T20:00:01Z"}))
    waits = only(
        report("participant_joined_waiting_room", {"participant_uuid": "u1", "date_time": "2026-03-03T18:58:00Z"})
    )
    unsaid = only(report("participant_joined", {"participant_uuid": "u1", "join_time": ""}))

    assert (joined.at, left.at) == (NOW - timedelta(seconds=4), NOW + timedelta(minutes=59, seconds=56))
    assert waits.at == NOW - timedelta(minutes=2, seconds=5)
    assert unsaid.at == NOW + timedelta(milliseconds=123)


def test_whoever_is_let_in_has_left_the_waiting_room_before():
    same = "2026-03-03T19:00:05Z"
    person = {"participant_uuid": "u1", "user_id": "", "user_name": "Wren", "date_time": same}
    let_in = {"participant_uuid": "u1", "user_id": "16778240", "user_name": "Wren", "join_time": same}
    bodies = [
        report("participant_joined", let_in),
        report("participant_left_waiting_room", person),
        report("participant_admitted", person),
        report("participant_joined_waiting_room", person | {"date_time": "2026-03-03T19:00:01Z"}),
    ]

    told = sorted((only(body) for body in bodies), key=lambda one: one.at)

    assert {one.person for one in told} == {"u1"}
    assert [one.kind for one in told][:2] == ["waiting", "left"]
    assert told[-1].kind in ("joined", "admitted")


def test_without_a_uuid_a_breakout_room_does_not_make_somebody_else_of_her():
    joined = only(report("participant_joined", {"user_id": "7", "user_name": "Wren"}))
    away = only(report("participant_joined_breakout_room", {"user_id": "9", "parent_user_id": "7"}))

    assert joined.person == away.person == "7"


def test_a_copy_is_told_from_another_event():
    first = report("participant_joined", {"participant_uuid": "u1", "join_time": "2026-03-03T19:00:05Z"})
    bodies = [
        first,
        report("participant_left", {"participant_uuid": "u1", "leave_time": "2026-03-03T19:00:05Z"}),
        report("participant_joined", {"participant_uuid": "u2", "join_time": "2026-03-03T19:00:05Z"}),
        report("participant_joined", {"participant_uuid": "u1", "join_time": "2026-03-03T19:00:06Z"}),
        report("participant_joined", {"participant_uuid": "u1", "join_time": "2026-03-03T19:00:05Z"}, id="85000000002"),
        first | {"event_ts": 1772564405124},
    ]

    assert len({only(body).once for body in bodies}) == len(bodies)
    again = receive(signed(first, str(int(STAMP) + 200))).events[0]
    assert again.once == only(first).once
    assert len(again.once) == 64


def test_nothing_else_of_a_report_is_kept():
    kept = str(asdict(receive(signed(JOINED)).events[0]))

    for other in ("@calls.invalid", "KDcuGIm1QgePTO8WbOqwIQ", "4444AAAi", ACCOUNT, "16778240", "'Call'"):
        assert other not in kept


def test_a_name_without_end_is_cut():
    told = only(report("participant_joined", {"participant_uuid": "u" * 5000, "user_name": "W" * 5000}))

    assert (len(told.person), len(told.name)) == (100, 200)
