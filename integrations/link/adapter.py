"""The call is any https address that the group gave; one-to-ones use the group's second address or a Jitsi room."""

from __future__ import annotations

from urllib.parse import urlsplit

from companion.ports import MeetingAdapter
from companion.records import Group
from integrations.jitsi.adapter import JitsiMeetings


class LinkMeetings:
    """Implements ports.MeetingAdapter: the group's own links first, a generated Jitsi room where there is none."""

    name = "link"

    def __init__(self, jitsi_domain: str, key: bytes) -> None:
        self._jitsi: MeetingAdapter = JitsiMeetings(jitsi_domain, key)

    def call_link(self, group: Group) -> str:
        """The address of the group's call; empty if there is none that can be used."""
        return group.settings.call_link if is_usable(group.settings.call_link) else ""

    def private_room_link(self, group: Group, room: str) -> str:
        """The group's address for one-to-ones, which it shares among them, or a room of their own."""
        own = group.settings.private_call_link
        return own if is_usable(own) else self._jitsi.private_room_link(group, room)


def is_usable(link: str) -> bool:
    """Only https: anything else could be read on its way, or be no web page at all."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and link.isprintable() and " " not in link
