"""A meeting adapter for tests of what stands above it: the group's own links, and a readable room otherwise."""

from __future__ import annotations

from companion.records import Group
from integrations.jitsi.fake import FakeJitsi


class FakeMeetings:
    """Implements ports.MeetingAdapter."""

    name = "link"

    def call_link(self, group: Group) -> str:
        """The group's link."""
        return group.settings.call_link if group.settings.call_link.startswith("https://") else ""

    def private_room_link(self, group: Group, room: str) -> str:
        """The group's second link, or a room of their own."""
        own = group.settings.private_call_link
        return own if own.startswith("https://") else FakeJitsi().private_room_link(group, room)
