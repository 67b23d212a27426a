"""A meeting adapter for tests of what stands above it: the group's own links, and a readable room otherwise."""

from __future__ import annotations

from companion.ports import MeetingAdapter, Program
from companion.records import Group, Platform
from integrations.jitsi.fake import FakeJitsi
from integrations.link.adapter import LinkMeetings


class FakeCalls:
    """Implements ports.Calls."""

    def of(self, group: Group) -> MeetingAdapter:
        """The group's own links, or a server that exists nowhere."""
        settings = group.settings
        if settings.platform:
            return FakeJitsi()
        return LinkMeetings(settings.call_link, settings.private_call_link, "jitsi.invalid")

    def on(self, platform: Platform) -> MeetingAdapter:
        """A server that exists nowhere."""
        return FakeJitsi()

    def program(self, platform: Platform) -> Program | None:
        """None."""
        return None
