"""Rooms on a Jitsi server whose names nobody can guess: not from an id seen on a panel, and not from another room's."""

from __future__ import annotations

import base64
import hashlib
import hmac

from companion.records import Group


class JitsiMeetings:
    """Implements ports.MeetingAdapter. A room exists as soon as two people open its address, and ends when they go."""

    name = "jitsi"

    def __init__(self, domain: str, key: bytes) -> None:
        self._domain = domain
        self._key = key

    def call_link(self, group: Group) -> str:
        """The group's own room: the same for every session, so that a link sent before still works."""
        return self._room(f"group {group.id}")

    def private_room_link(self, group: Group, room: str) -> str:
        """A room for two. Facilitators see the id of a one-to-one on their panel; they must not find the room by it."""
        return self._room(f"private {group.id} {room}")

    def _room(self, what: str) -> str:
        digest = hmac.new(self._key, what.encode(), hashlib.sha256).digest()
        # Jitsi knows rooms by lower-case letters and digits: 160 bits of them.
        return f"https://{self._domain}/{base64.b32encode(digest[:20]).decode().lower()}"
