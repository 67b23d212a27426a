"""A Jitsi server that exists nowhere, with room names and people that a test can read."""

from __future__ import annotations

from datetime import datetime

from companion.ports import Attendee, Entry, Quiet, Room


class FakeJitsi(Quiet):
    """Implements ports.MeetingAdapter."""

    name = "jitsi"

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """A room by its reference, with who comes."""
        return Entry(f"https://jitsi.invalid/{room.ref}?who={who.ref}")

    def watched(self) -> str:
        """Its own page."""
        return "https://jitsi.invalid"

    def check(self) -> str:
        """Nothing is wrong with it."""
        return ""

    def try_out(self) -> None:
        """It always answers."""
