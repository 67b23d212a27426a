"""The call is any https address that the group gave; one-to-ones use the group's second address or a Jitsi room."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from companion.ports import Attendee, Entry, Quiet, Room
from integrations.jitsi.adapter import JitsiMeetings


class LinkMeetings(Quiet):
    """Implements ports.MeetingAdapter: the group's own addresses first, a generated Jitsi room for two without one."""

    name = "link"

    def __init__(self, call: str, private: str, jitsi_domain: str) -> None:
        self._call = call if is_usable(call) else ""
        self._private = private if is_usable(private) else ""
        self._jitsi = JitsiMeetings(f"https://{jitsi_domain}")

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """The group's address. The one for one-to-ones is shared among them; without it each has a room of its own."""
        if not room.private:
            return Entry(self._call) if self._call else None
        return Entry(self._private) if self._private else self._jitsi.entry(room, who, now)

    def watched(self) -> str:
        """The group's own address."""
        return self._call

    def check(self) -> str:
        """An address is enough."""
        return "" if self._call else "no_link"

    def try_out(self) -> None:
        """The page of a call says nothing of whether the call is there."""


def is_usable(link: str) -> bool:
    """Only https: anything else could be read on its way, or be no web page at all."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and link.isprintable() and " " not in link
