"""BigBlueButton: its published checksum, a server that checks what the real one checks, and a server that is away."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime

import pytest
import requests

from companion.core.values import replace
from companion.ports import Attendee, CallDown, Entry, Room
from companion.records import Platform
from integrations.bigbluebutton.adapter import BigBlueButton, on_a_server
from integrations.bigbluebutton.api import ALGORITHMS, address
from integrations.careful import AT_ONCE, PAUSE, Breaker, Careful
from tests.integrations.bigbluebutton_server import BigBlueButtonServer

NOW = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
DECLARES = (
    '<!DOCTYPE r [<!ENTITY a "1">]><response><returncode>SUCCESS</returncode><createTime>&a;</createTime></response>'
)
ROOM, PAIR = Room("abcdefghij234567", private=False), Room("zyxwvutsrq765432", private=True)
WREN, SOL = Attendee("r7wren", "Wren & Döner?"), Attendee("r7sol", "Sol", leads=True)


@pytest.fixture
def server():
    made = BigBlueButtonServer(SECRET)
    yield made
    made.close()


@pytest.fixture
def meetings(server):
    return BigBlueButton(server.api, SECRET, home="https://here.example/here")


def come_in(meetings, room, who):
    return requests.get(meetings.entry(room, who, NOW).url, allow_redirects=False, timeout=5).status_code


def test_the_checksum_is_the_one_of_its_documentation():
    fields = {"name": "Test Meeting", "meetingID": "abc123", "attendeePW": "111222", "moderatorPW": "333444"}

    assert address("https://x/api", "create", fields, SECRET, "sha1") == (
        "https://x/api/create?name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
        "&checksum=1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_server_that_knows_one_algorithm_alone_lets_her_in(algorithm):
    server = BigBlueButtonServer(SECRET, (algorithm,))

    assert come_in(BigBlueButton(server.api, SECRET, algorithm), ROOM, WREN) == 302
    server.close()


def test_whoever_comes_later_finds_the_meeting_that_is_there(server, meetings):
    assert [come_in(meetings, ROOM, who) for who in (WREN, SOL, WREN)] == [302, 302, 302]
    assert list(server.meetings) == [ROOM.ref]


def test_it_learns_an_alias_and_an_opaque_reference_and_who_leads(server, meetings):
    come_in(meetings, ROOM, WREN)
    come_in(meetings, ROOM, SOL)

    told = [(one["fullName"], one["userID"], one["role"]) for one in server.joined]
    assert told == [("Wren & Döner?", "r7wren", "VIEWER"), ("Sol", "r7sol", "MODERATOR")]
    assert server.meetings[ROOM.ref]["name"] == "Call"


def test_nothing_is_recorded_and_she_comes_in_unheard_and_back_to_us(server, meetings):
    come_in(meetings, ROOM, WREN)
    come_in(meetings, PAIR, WREN)
    group, pair = server.meetings[ROOM.ref], server.meetings[PAIR.ref]

    assert {group[name] for name in ("record", "autoStartRecording", "allowStartStopRecording")} == {"false"}
    assert (group["muteOnStart"], pair["muteOnStart"]) == ("true", "false")
    assert "learningDashboard" in group["disabledFeatures"]
    assert group["logoutURL"] == "https://here.example/here"


def test_where_the_group_wants_it_so_two_meet_in_a_breakout_room_of_the_call(server, meetings):
    meetings.entry(ROOM, SOL, NOW)
    within = replace(PAIR, within=ROOM.ref)

    assert [come_in(meetings, within, who) for who in (WREN, SOL)] == [302, 302]
    made = server.meetings[PAIR.ref]
    assert (made["isBreakout"], made["parentMeetingID"], made["freeJoin"]) == ("true", ROOM.ref, "false")


def test_without_the_call_around_it_they_have_a_meeting_of_their_own(server, meetings):
    assert come_in(meetings, replace(PAIR, within=ROOM.ref), WREN) == 302
    assert "isBreakout" not in server.meetings[PAIR.ref]


def test_a_meeting_is_ended_once_and_one_that_is_over_is_no_trouble(server, meetings):
    meetings.entry(ROOM, SOL, NOW)

    meetings.end(ROOM)
    meetings.end(ROOM)

    assert server.meetings == {}


def test_an_address_of_yesterday_opens_no_meeting_of_today(server, meetings):
    old = meetings.entry(ROOM, WREN, NOW).url
    server.meetings.clear()
    meetings.entry(PAIR, SOL, NOW)
    meetings.entry(ROOM, SOL, NOW)

    assert requests.get(old, allow_redirects=False, timeout=5).status_code == 200  # a page that says no
    assert server.joined == []


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (500, "down"),
        (503, "down"),
        (429, "throttled"),
        (b"not xml", "down"),
        (b"<response><returncode>FAILED</returncode></response>", "refused"),
        (b"<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>", "credentials"),
        (b"<response><returncode>SUCCESS</returncode></response>", "down"),
        (DECLARES.encode(), "down"),
        (DECLARES.encode("utf-16"), "down"),
        (DECLARES.encode("utf-16-le"), "down"),
        (b"<html><p>302", "down"),
    ],
)
def test_each_trouble_is_told_and_nobody_is_sent_anywhere(server, meetings, trouble, told):
    server.troubles.append(trouble)

    with pytest.raises(CallDown) as down:
        meetings.entry(ROOM, WREN, NOW)

    assert down.value.trouble == told
    assert SECRET not in str(down.value)
    assert "127.0.0.1" not in str(down.value)


def test_another_secret_is_told_when_it_is_tried_out(server):
    with pytest.raises(CallDown) as down:
        BigBlueButton(server.api, SECRET[::-1]).try_out()
    assert down.value.trouble == "credentials"
    BigBlueButton(server.api, SECRET).try_out()


def test_without_a_server_it_is_down(server):
    api = server.api
    server.close()

    with pytest.raises(CallDown):
        BigBlueButton(api, SECRET).entry(ROOM, WREN, NOW)


@pytest.mark.parametrize(
    ("more", "secret", "wrong"),
    [({}, SECRET, ""), ({"checksum": "md5"}, SECRET, "bad_checksum"), ({"checksum": "sha512"}, "short", "weak_secret")],
)
def test_what_cannot_sign_is_said(more, secret, wrong):
    platform = Platform("p3", "bigbluebutton", "Ours", "https://bbb.example/bigbluebutton/api", "", secret, NOW, more)
    made = on_a_server(platform)

    assert made.check() == wrong
    if wrong:
        assert made.entry(ROOM, WREN, NOW) is None


class Platformless:
    """Answers as it is told, and counts."""

    name, embeds, ends = "test", "", False

    def __init__(self) -> None:
        self.asked, self.trouble = 0, ""
        self.wait = threading.Event()
        self.wait.set()
        self.inside = threading.Semaphore(0)

    def entry(self, room, who, now):
        self.asked += 1
        self.inside.release()
        self.wait.wait(10)
        if self.trouble:
            raise CallDown("away", self.trouble)
        return Entry("https://x")


@pytest.fixture
def careful():
    clock = [0.0]
    behind = Platformless()
    return Careful(behind, Breaker(lambda: clock[0])), behind, clock


@pytest.mark.parametrize("trouble", ["down", "credentials", "throttled"])
def test_after_a_failure_nobody_waits_for_it_for_half_a_minute(careful, trouble):
    meetings, behind, clock = careful
    behind.trouble = trouble
    for _ in range(5):
        with pytest.raises(CallDown):
            meetings.entry(ROOM, WREN, NOW)
    assert behind.asked == 1

    behind.trouble, clock[0] = "", PAUSE + 1
    assert meetings.entry(ROOM, WREN, NOW) == Entry("https://x")


def test_a_no_for_one_person_shuts_nobody_else_out(careful):
    meetings, behind, _ = careful
    behind.trouble = "refused"
    with pytest.raises(CallDown):
        meetings.entry(ROOM, WREN, NOW)
    behind.trouble = ""

    assert meetings.entry(ROOM, SOL, NOW) == Entry("https://x")


def test_no_more_than_a_few_wait_for_it_at_once(careful):
    meetings, behind, _ = careful
    behind.wait.clear()
    waiting = [threading.Thread(target=meetings.entry, args=(ROOM, WREN, NOW)) for _ in range(AT_ONCE)]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert behind.inside.acquire(timeout=10)

    with pytest.raises(CallDown) as down:
        meetings.entry(ROOM, SOL, NOW)
    behind.wait.set()
    for thread in waiting:
        thread.join()

    assert (down.value.trouble, behind.asked) == ("throttled", AT_ONCE)
    assert meetings.entry(ROOM, SOL, NOW) == Entry("https://x")


def test_whoever_waited_for_a_place_does_not_wait_for_a_platform_that_has_failed_meanwhile(careful):
    meetings, behind, _ = careful
    behind.wait.clear()
    behind.trouble = "down"

    def come():
        with contextlib.suppress(CallDown):
            meetings.entry(ROOM, WREN, NOW)

    inside = [threading.Thread(target=come) for _ in range(AT_ONCE)]
    for thread in inside:
        thread.start()
    for _ in inside:
        assert behind.inside.acquire(timeout=10)
    waiting = threading.Thread(target=come)
    waiting.start()
    behind.wait.set()
    for thread in (*inside, waiting):
        thread.join()

    assert behind.asked == AT_ONCE
