"""Which adapter holds the calls of a group: that of the account it chose, or the plain address it gave."""

from __future__ import annotations

import threading
from collections.abc import Callable

from companion.ports import MeetingAdapter, Program
from companion.records import Group, Platform, PlatformKind
from integrations.bigbluebutton.adapter import on_a_server
from integrations.careful import Breaker, around
from integrations.jitsi.adapter import as_a_service, on_its_own_server
from integrations.link.adapter import LinkMeetings
from integrations.zoom.adapter import at_zoom
from integrations.zoom.inside import inside_zoom
from integrations.zoom.tokens import Tokens

SIGNING: dict[PlatformKind, Callable[[Platform], MeetingAdapter]] = {  # they ask nobody
    "jitsi": on_its_own_server,
    "jaas": as_a_service,
}


class ChosenCalls:
    """Implements ports.Calls. ``platform`` finds an account by its id; ``home`` is where people are after a call."""

    def __init__(self, platform: Callable[[str], Platform | None], jitsi_domain: str, home: str = "") -> None:
        self._platform = platform
        self._jitsi_domain = jitsi_domain
        self._home = home
        self._breakers: dict[str, Breaker] = {}
        self._lock = threading.Lock()
        self._tokens = Tokens()

    def of(self, group: Group) -> MeetingAdapter:
        """Where the account is gone, the group's own addresses are what is left."""
        settings = group.settings
        platform = self._platform(settings.platform) if settings.platform else None
        if platform is not None:
            return self.on(platform)
        return LinkMeetings(settings.call_link, settings.private_call_link, self._jitsi_domain)

    def on(self, platform: Platform) -> MeetingAdapter:
        """The adapter of its kind."""
        if platform.kind in SIGNING:
            return SIGNING[platform.kind](platform)
        asked = at_zoom(platform, self._tokens) if platform.kind == "zoom" else on_a_server(platform, self._home)
        return around(asked, self._breaker(platform.id))

    def program(self, platform: Platform) -> Program | None:
        """Zoom's, where an app was made there."""
        if platform.kind != "zoom":
            return None
        return inside_zoom(platform, at_zoom(platform, self._tokens), self._breaker(platform.id).guard)

    def _breaker(self, platform_id: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault(platform_id, Breaker())
