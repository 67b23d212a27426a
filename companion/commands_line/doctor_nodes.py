"""What several nodes share, for the doctor: whether it answers, and whether nodes could share the rest."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from companion.commands_line.findings import Finding
from companion.settings import Settings
from integrations.nodes.client import answers


def look(settings: Settings) -> Iterator[Finding]:
    """Nothing for one node."""
    if not settings.redis:
        return
    shown = urlsplit(settings.redis).hostname or "a socket of this machine"
    if answers(settings.redis):
        yield Finding("good", "nodes", f"hints and counts go through {shown}")
    else:
        say = f"COMPANION_REDIS at {shown} does not answer: nodes look for themselves, and each counts alone."
        yield Finding("bad", "nodes", say)
    if settings.database.startswith("sqlite"):
        yield Finding("note", "nodes", "with SQLite all nodes must be on this machine. Set DATABASE_URL.")
