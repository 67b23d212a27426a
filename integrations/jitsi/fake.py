"""A Jitsi server that exists nowhere, with room names that a test can read."""

from __future__ import annotations

import re

from companion.records import Group


class FakeJitsi:
    """Implements ports.MeetingAdapter."""

    name = "jitsi"

    def call_link(self, group: Group) -> str:
        """The group's room."""
        return f"https://jitsi.invalid/group-{_plain(group.id)}"

    def private_room_link(self, group: Group, room: str) -> str:
        """A room for two."""
        return f"https://jitsi.invalid/private-{_plain(group.id)}-{_plain(room)}"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "-", text.lower())
