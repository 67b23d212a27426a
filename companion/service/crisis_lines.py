"""Crisis lines: well-known public ones to suggest for a country, and the one that a member's pages show.

A suggestion is never shown to members: a group takes it over after somebody has looked it up, or has phoned it.
"""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.values import replace
from companion.records import CrisisLine, GroupSettings


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A public line that is open day and night, with where to look it up and when this table was made from there."""

    country: str
    name: str
    number: str
    source: str
    as_of: str


KNOWN = (
    KnownLine("GB", "Samaritans", "116 123", "samaritans.org", "2026-11"),
    KnownLine("IE", "Samaritans", "116 123", "samaritans.org", "2026-11"),
    KnownLine("FR", "Prévention du suicide", "3114", "3114.fr", "2026-11"),
    KnownLine("DE", "TelefonSeelsorge", "0800 111 0 111", "telefonseelsorge.de", "2026-11"),
    KnownLine("AT", "TelefonSeelsorge", "142", "telefonseelsorge.at", "2026-11"),
    KnownLine("CH", "Die Dargebotene Hand", "143", "143.ch", "2026-11"),
    KnownLine("NL", "113 Zelfmoordpreventie", "113", "113.nl", "2026-11"),
    KnownLine("US", "988 Lifeline", "988", "988lifeline.org", "2026-11"),
    KnownLine("CA", "9-8-8 Suicide Crisis Helpline", "988", "988.ca", "2026-11"),
    KnownLine("AU", "Lifeline", "13 11 14", "lifeline.org.au", "2026-11"),
)


def suggestion(country: str) -> KnownLine | None:
    """The line to suggest for a country, if we know one."""
    return next((line for line in KNOWN if line.country == country), None)


def is_missing(settings: GroupSettings) -> bool:
    """Whether a group has no line of its own, or still the one that every new group begins with, in another country."""
    begins_with = GroupSettings()
    line = (settings.crisis_name, settings.crisis_number)
    untouched = line == (begins_with.crisis_name, begins_with.crisis_number)
    known = suggestion(settings.country)
    return not settings.crisis_number or (untouched and (known is None or known.number != settings.crisis_number))


def for_country(settings: GroupSettings, country: str) -> CrisisLine:
    """The line for somebody who lives there: the one that the group has taken over for it, or else the group's own."""
    own = CrisisLine(settings.country, settings.crisis_name, settings.crisis_number)
    if country in ("", settings.country):
        return own
    return next((line for line in settings.crisis_lines if line.country == country), own)


def as_seen_from(settings: GroupSettings, country: str) -> GroupSettings:
    """The settings as the pages of somebody who lives there show them."""
    line = for_country(settings, country)
    return replace(settings, crisis_name=line.name, crisis_number=line.number)
