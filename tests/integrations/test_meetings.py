"""One contract for every way to a call."""

from dataclasses import replace
from pathlib import Path

import pytest

from companion.records import Group, GroupSettings
from integrations.jitsi.adapter import JitsiMeetings
from integrations.jitsi.fake import FakeJitsi
from integrations.link.adapter import LinkMeetings, is_usable
from integrations.link.fake import FakeMeetings

CALL = "https://calls.example/j/123?pwd=abc"
GROUP = Group("g1", "Tuesday circle", settings=GroupSettings(call_link=CALL))
KEY = b"k" * 32


@pytest.fixture(
    params=[
        lambda: JitsiMeetings("jitsi.example", KEY),
        FakeJitsi,
        lambda: LinkMeetings("jitsi.example", KEY),
        FakeMeetings,
    ],
    ids=["jitsi", "fake jitsi", "link", "fake link"],
)
def meetings(request):
    return request.param()


def test_both_people_of_a_one_to_one_come_to_the_same_room(meetings):
    assert meetings.private_room_link(GROUP, "room1") == meetings.private_room_link(GROUP, "room1")


def test_no_two_one_to_ones_and_no_two_groups_share_a_room(meetings):
    other = replace(GROUP, id="g2")
    links = [meetings.private_room_link(group, room) for group in (GROUP, other) for room in ("room1", "room2")]

    assert len(set(links)) == 4
    assert meetings.call_link(GROUP) not in links


def test_every_address_is_https_and_names_nobody(meetings):
    for link in (meetings.call_link(GROUP), meetings.private_room_link(GROUP, "room1")):
        assert link.startswith("https://")
        assert "circle" not in link.lower()


def test_a_generated_room_cannot_be_worked_out_from_the_id_on_a_panel():
    mine = JitsiMeetings("jitsi.example", KEY).private_room_link(GROUP, "room1")

    assert "room1" not in mine
    assert mine != JitsiMeetings("jitsi.example", b"x" * 32).private_room_link(GROUP, "room1")
    room = mine.removeprefix("https://jitsi.example/")
    assert len(room) == 32
    assert room == room.lower()
    assert room.isalnum()


@pytest.mark.parametrize("adapter", [LinkMeetings("jitsi.example", KEY), FakeMeetings()], ids=["link", "fake"])
def test_a_groups_own_links_come_first(adapter):
    own = replace(GROUP, settings=GroupSettings(call_link=CALL, private_call_link="https://calls.example/two"))

    assert adapter.call_link(own) == CALL
    assert adapter.private_room_link(own, "room1") == "https://calls.example/two"


@pytest.mark.parametrize("adapter", [LinkMeetings("jitsi.example", KEY), FakeMeetings()], ids=["link", "fake"])
@pytest.mark.parametrize("link", ["", "http://calls.example/", "javascript:alert(1)", "calls.example"])
def test_what_is_not_https_is_no_call_link(adapter, link):
    group = replace(GROUP, settings=GroupSettings(call_link=link, private_call_link=link))

    assert adapter.call_link(group) == ""
    assert adapter.private_room_link(group, "room1").startswith("https://jitsi.")


@pytest.mark.parametrize("link", ["https://", "https:// calls", "https://[", "https://a\nb", "HTTPS//x"])
def test_broken_addresses_are_no_links(link):
    assert not is_usable(link)


def test_every_integration_has_an_adapter_a_fake_and_a_readme():
    folders = [
        path for path in (Path(__file__).parents[2] / "integrations").iterdir() if (path / "__init__.py").exists()
    ]

    assert {path.name for path in folders} >= {"jitsi", "link", "mail", "sms"}
    for folder in folders:
        names = {path.name for path in folder.iterdir()}
        assert {"README.md", "fake.py"} <= names
        assert names & {"adapter.py", "smtp.py", "twilio.py"}
