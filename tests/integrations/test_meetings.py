"""One contract for every way to a call."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import pytest

from companion.core.values import replace
from companion.ports import Attendee, Room
from companion.records import Group, GroupSettings, Platform, PlatformKind
from integrations.bigbluebutton.fake import FakeBigBlueButton
from integrations.calls import ChosenCalls
from integrations.jitsi.fake import FakeJitsi
from integrations.link.adapter import LinkMeetings, is_usable
from integrations.zoom.fake import FakeZoom
from tests.integrations.test_jitsi import OWN, SERVICE
from tests.integrations.zoom_place import ZOOM

NOW = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
CALL = "https://calls.example/j/123?pwd=abc"
ROOM, PAIR, OTHER = Room("room1", private=False), Room("room2", private=True), Room("room3", private=True)
WREN, ASH = Attendee("ref-1", "Wren"), Attendee("ref-2", "Ash", leads=True)
GROUP = Group("g1", "Tuesday circle", settings=GroupSettings(call_link=CALL))
BLUE = replace(OWN, id="p3", kind="bigbluebutton", address="https://bbb.example/bigbluebutton/api")
PLATFORMS: dict[str, Platform] = {one.id: one for one in (OWN, SERVICE, BLUE, ZOOM)}


def link(call: str = CALL, private: str = "") -> LinkMeetings:
    return LinkMeetings(call, private, "jitsi.example")


def chosen(group: Group):
    return ChosenCalls(PLATFORMS.get, "jitsi.example").of(group)


def chosen_on(platform: Platform):
    return ChosenCalls(PLATFORMS.get, "jitsi.example").on(platform)


def on(platform: str) -> Group:
    return replace(GROUP, settings=replace(GROUP.settings, platform=platform))


@pytest.fixture(params=["link", "jitsi", "jaas", "bigbluebutton", "fake jitsi", "fake bigbluebutton"])
def meetings(request, monkeypatch):
    # No server is asked here: test_bigbluebutton.py has one.
    monkeypatch.setattr("integrations.bigbluebutton.adapter.ask", lambda url: {"createTime": "1772564400000"})
    return {
        "link": link(),
        "jitsi": chosen(on(OWN.id)),
        "jaas": chosen(on(SERVICE.id)),
        "bigbluebutton": chosen(on(BLUE.id)),
        "fake jitsi": FakeJitsi(),
        "fake bigbluebutton": FakeBigBlueButton(),
    }[request.param]


@pytest.fixture(params=["zoom", "fake zoom"])
def planned(request):
    """Those whose calls are made ahead: test_planners.py has their own contract."""
    return {"zoom": chosen(on(ZOOM.id)), "fake zoom": FakeZoom()}[request.param]


def place(url: str) -> tuple[str, ...]:
    """Which room an address leads to: BigBlueButton has it in the query."""
    parts = urlsplit(url)
    return (parts.netloc, parts.path, *parse_qs(parts.query).get("meetingID", []))


def test_both_people_of_a_one_to_one_come_to_the_same_room(meetings):
    assert place(meetings.entry(PAIR, WREN, NOW).url) == place(meetings.entry(PAIR, ASH, NOW).url)


def test_no_two_one_to_ones_share_a_room_with_each_other_or_with_the_group(meetings):
    assert len({place(meetings.entry(room, WREN, NOW).url) for room in (ROOM, PAIR, OTHER)}) == 3


def test_only_a_plain_address_is_the_same_for_all(meetings):
    hers, his = (meetings.entry(ROOM, who, NOW) for who in (WREN, ASH))

    if meetings.name != "link":
        assert hers.url != his.url
    else:
        assert hers == his
        assert hers.expires_at is None


def test_every_address_is_https_and_names_no_group(meetings):
    for address in (*(meetings.entry(room, WREN, NOW).url for room in (ROOM, PAIR)), meetings.watched()):
        assert address.startswith("https://")
        assert "circle" not in address.lower()


def test_nothing_is_wrong_with_any_of_them(meetings):
    assert meetings.check() == ""


def test_where_calls_are_planned_there_is_no_way_in_but_the_planned_one(planned):
    for room in (ROOM, PAIR):
        assert planned.entry(room, WREN, NOW) is None
    assert planned.watched().startswith("https://")
    assert planned.check() == ""
    planned.end(ROOM)  # nothing is open by that name, and it says so by doing nothing


def test_each_kind_of_account_has_an_adapter():
    for kind in get_args(PlatformKind):
        assert chosen_on(replace(OWN, kind=kind)).name in ("jitsi", "bigbluebutton", "zoom")


def test_where_an_account_is_gone_the_groups_own_address_is_left():
    assert chosen(on("gone")).entry(ROOM, WREN, NOW).url == CALL
    assert chosen(GROUP).name == "link"


def test_a_groups_own_links_come_first():
    assert link(private="https://calls.example/two").entry(PAIR, WREN, NOW).url == "https://calls.example/two"
    assert link().entry(ROOM, WREN, NOW).url == CALL


def test_without_a_second_address_each_pair_has_a_room_that_was_made_for_it():
    assert place(link().entry(PAIR, WREN, NOW).url) == ("jitsi.example", "/room2")


@pytest.mark.parametrize("address", ["", "http://calls.example/", "javascript:alert(1)", "calls.example"])
def test_what_is_not_https_is_no_call_link(address):
    meetings = link(address, address)

    assert meetings.entry(ROOM, WREN, NOW) is None
    assert (meetings.watched(), meetings.check()) == ("", "no_link")
    assert meetings.entry(PAIR, WREN, NOW).url.startswith("https://jitsi.")


@pytest.mark.parametrize("address", ["https://", "https:// calls", "https://[", "https://a\nb", "HTTPS//x"])
def test_broken_addresses_are_no_links(address):
    assert not is_usable(address)


def test_every_integration_has_an_adapter_a_fake_and_a_readme():
    folders = [
        path for path in (Path(__file__).parents[2] / "integrations").iterdir() if (path / "__init__.py").exists()
    ]

    assert {path.name for path in folders} >= {"bigbluebutton", "jitsi", "link", "mail", "sms", "zoom"}
    for folder in folders:
        names = {path.name for path in folder.iterdir()}
        assert "README.md" in names
        if folder.name == "nodes":
            continue  # it speaks with a Redis of our own, and tests/cluster runs a real one
        assert "fake.py" in names
        assert names & {"adapter.py", "smtp.py", "twilio.py"}
