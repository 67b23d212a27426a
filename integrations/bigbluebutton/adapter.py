"""Calls on a BigBlueButton server: a meeting is made when the first person comes; each has her own address."""

from __future__ import annotations

import hashlib
from datetime import datetime

from companion.ports import Attendee, CallDown, Entry, Quiet, Room
from companion.records import Platform
from integrations.bigbluebutton.api import ALGORITHMS, address, ask

WEAK = 20  # characters: its own secrets are longer
USUAL = "sha256"
# Nothing is recorded, nobody's time of talking is shown, and whoever comes in is not heard at once.
QUIET = {
    "record": "false",
    "autoStartRecording": "false",
    "allowStartStopRecording": "false",
    "disabledFeatures": "learningDashboard",
    "allowModsToUnmuteUsers": "false",
    "guestPolicy": "ALWAYS_ACCEPT",  # who may come in was decided at our own door
}


class BigBlueButton(Quiet):
    """Implements ports.MeetingAdapter. ``home`` is where people are when they leave the call."""

    name = "bigbluebutton"
    ends = True

    def __init__(self, api: str, secret: str, algorithm: str = USUAL, home: str = "") -> None:
        self._api = api.rstrip("/")
        self._secret = secret
        self._algorithm = algorithm
        self._home = home

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """Her own address. It opens this meeting alone, and not one that is made later under the same name."""
        if self.check():
            return None
        made = self._made(room)
        if not made.get("createTime"):
            raise CallDown("BigBlueButton did not say which meeting it made")
        fields = {
            "fullName": who.alias,
            "meetingID": room.ref,
            "role": "MODERATOR" if who.leads or room.private else "VIEWER",
            "userID": who.ref,
            "createTime": made["createTime"],
            "redirect": "true",
        }
        return Entry(self._signed("join", fields))

    def watched(self) -> str:
        """Its interface, which says its version to whoever asks."""
        return self._api

    def check(self) -> str:
        """What keeps it from signing."""
        if self._algorithm not in ALGORITHMS:
            return "bad_checksum"
        return "weak_secret" if len(self._secret) < WEAK else ""

    def try_out(self) -> None:
        """Whether it takes our checksum."""
        ask(self._signed("isMeetingRunning", {"meetingID": "none"}))

    def end(self, room: Room) -> None:
        """Put everybody out."""
        try:
            ask(self._signed("end", {"meetingID": room.ref}))
        except CallDown as down:
            if down.trouble != "gone":
                raise

    def _made(self, room: Room) -> dict[str, str]:
        if room.within:
            try:
                return ask(self._signed("create", self._meeting(room) | _breakout(room)))
            except CallDown as down:
                if down.trouble not in ("refused", "gone"):
                    raise
                # The call that it belongs to is not running: the two have a meeting of their own.
        return ask(self._signed("create", self._meeting(room)))

    def _meeting(self, room: Room) -> dict[str, str]:
        # The same fields each time: a meeting that exists already is then simply found.
        fields = {"name": "Call", "meetingID": room.ref, "muteOnStart": "false" if room.private else "true", **QUIET}
        return fields | ({"logoutURL": self._home} if self._home else {})

    def _signed(self, call: str, fields: dict[str, str]) -> str:
        return address(self._api, call, fields, self._secret, self._algorithm)


def _breakout(room: Room) -> dict[str, str]:
    # Each of a call's rooms has a number of its own; the same room always the same.
    number = 1 + int.from_bytes(hashlib.sha256(room.ref.encode()).digest()[:2], "big") % 9_000
    return {"isBreakout": "true", "parentMeetingID": room.within, "sequence": str(number), "freeJoin": "false"}


def on_a_server(platform: Platform, home: str = "") -> BigBlueButton:
    """A server by the address of its interface, such as https://bbb.example.org/bigbluebutton/api."""
    return BigBlueButton(platform.address, platform.secret, platform.more.get("checksum") or USUAL, home)
