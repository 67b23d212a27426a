"""Rooms on a Jitsi server whose names nobody can guess, with tokens where the server asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlsplit

from companion.core.values import replace
from companion.ports import Attendee, Entry, Hook, HookReply, Quiet, Room
from companion.records import Platform
from integrations.jitsi.hooks import from_jaas, from_prosody
from integrations.jitsi.tokens import WEAK, BadKey, Jaas, Profile, SelfHosted, mint, read_key

Hears = Callable[[Hook], HookReply]
# She comes in unheard and unseen, and says herself when that is to change; two alone may be heard at once.
QUIET = "config.startWithVideoMuted=true"
SILENT = f"config.startWithAudioMuted=true&{QUIET}"
# A frame speaks with the page around it under this number (static/js/jitsi_wire.js). Whoever it is for has said already
# that she comes in, and her token says her name: the page that asks for both would stand in the way after each "Hide".
IN_A_FRAME = "jitsi_meet_external_api_id=1&config.prejoinConfig.enabled=false&config.prejoinPageEnabled=false"

PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?=/|$)")


class JitsiMeetings(Quiet):
    """Implements ports.MeetingAdapter. A room exists as soon as two people open its address, and ends when they go."""

    name = "jitsi"

    def __init__(
        self, address: str, profile: Profile | None = None, *, wrong: str = "", hears: Hears | None = None
    ) -> None:
        self._address = address.rstrip("/")
        self._profile = profile
        self._wrong = wrong
        self._hears = hears
        self.embeds = _origin(address) if profile and not wrong else ""

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """Her own address where tokens are asked for; otherwise that of the room."""
        if self._wrong:
            return None
        url = f"{self._address}/{room.ref}"
        ways = QUIET if room.private else SILENT
        if self._profile is None:
            return Entry(f"{url}#{ways}")
        token, until = mint(self._profile, room, who, now)
        return Entry(f"{url}?jwt={token}#{ways}", until)

    def framed(self, entry: Entry) -> Entry:
        """The same with the number by which the page beside it knows the frame."""
        return replace(entry, url=f"{entry.url}&{IN_A_FRAME}")

    def watched(self) -> str:
        """The server's own page."""
        return self._address

    def check(self) -> str:
        """What keeps it from signing, or from being safe."""
        return self._wrong

    def try_out(self) -> None:
        """A server lets somebody in, or not: there is nothing else to ask."""

    def receive(self, hook: Hook) -> HookReply:
        """Who came and went, where the server was told to report it."""
        return self._hears(hook) if self._hears else super().receive(hook)


def on_its_own_server(platform: Platform) -> JitsiMeetings:
    """A server of the organisation's own: its address, the app's id and the app's secret."""
    profile = SelfHosted(platform.account, platform.secret, urlsplit(platform.address).hostname or "")
    wrong = "weak_secret" if len(platform.secret.encode()) < WEAK else ""
    token = platform.more.get("gate", "")
    return JitsiMeetings(
        platform.address,
        profile,
        wrong=wrong if platform.account else "no_account",
        hears=lambda hook: from_prosody(hook, token),
    )


def as_a_service(platform: Platform) -> JitsiMeetings:
    """JaaS: the tenant stands in the path of each room."""
    address = f"{platform.address.rstrip('/')}/{quote(platform.account, safe='')}"
    key_id = platform.more.get("key_id", "").rpartition("/")[2]  # the console shows it behind the tenant
    if not platform.account or not key_id:
        return JitsiMeetings(address, wrong="no_account")
    try:
        profile = Jaas(platform.account, key_id, read_key(platform.secret))
    except BadKey:
        return JitsiMeetings(address, wrong="bad_key")
    secret = platform.more.get("webhook_secret", "")
    return JitsiMeetings(address, profile, hears=lambda hook: from_jaas(hook, secret, platform.account))


def _origin(address: str) -> str:
    # It goes into headers: whatever is no plain name of a server may not stand beside a panel.
    found = PLAIN.match(address)
    return found[0] if found else ""
