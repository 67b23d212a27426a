"""Which adapter holds the calls of a group: that of the account it chose, or the plain address it gave."""

from __future__ import annotations

from collections.abc import Callable

from companion.ports import MeetingAdapter
from companion.records import Group, Platform, PlatformKind
from integrations.jitsi.adapter import as_a_service, on_its_own_server
from integrations.link.adapter import LinkMeetings

ADAPTERS: dict[PlatformKind, Callable[[Platform], MeetingAdapter]] = {
    "jitsi": on_its_own_server,
    "jaas": as_a_service,
}


class ChosenCalls:
    """Implements ports.Calls. ``platform`` finds an account by its id."""

    def __init__(self, platform: Callable[[str], Platform | None], jitsi_domain: str) -> None:
        self._platform = platform
        self._jitsi_domain = jitsi_domain

    def of(self, group: Group) -> MeetingAdapter:
        """Where the account is gone, the group's own addresses are what is left."""
        settings = group.settings
        platform = self._platform(settings.platform) if settings.platform else None
        if platform is not None:
            return self.on(platform)
        return LinkMeetings(settings.call_link, settings.private_call_link, self._jitsi_domain)

    def on(self, platform: Platform) -> MeetingAdapter:
        """The adapter of its kind."""
        return ADAPTERS[platform.kind](platform)
