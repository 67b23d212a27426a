"""What the doctor says of text messages. It shows no key, and asks no gateway anything."""

from __future__ import annotations

from collections.abc import Iterator

from companion.commands_line.findings import Finding
from companion.service import neutral
from companion.settings import BadSetting, Settings
from companion.wiring import texter


def look(settings: Settings) -> Iterator[Finding]:
    """Which gateway, what it lacks, and whether its reports can come back."""
    texts = settings.texts
    if not texts.gateway:
        yield Finding("note", "texts", "none: invitations leave by e-mail, or by hand. Set COMPANION_TEXTS.")
        return
    if texts.gateway == "folder":
        yield Finding("note", "texts", f"into {settings.data / 'texts'}: nothing leaves this machine.")
        return
    try:
        texter(settings)
    except BadSetting as bad:
        yield Finding("bad", "texts", str(bad))
        return
    yield Finding("good", "texts", f"by {texts.gateway}, from {texts.sender or 'its own sender'}")
    yield from _reports(settings)
    if neutral.telling(texts.sender):
        yield Finding("bad", "text sender", f"{texts.sender} tells what this is about. Choose a neutral one.")


def _reports(settings: Settings) -> Iterator[Finding]:
    at = f"{settings.address}/hooks/text/{settings.texts.gateway}"
    if not settings.secure:
        yield Finding("note", "reports", "nobody can report what arrived: that needs https, COMPANION_BASE_URL.")
    elif settings.texts.gateway == "twilio":
        yield Finding("good", "reports", f"at {at}: each text names it, nothing to set up")
    else:
        yield Finding("good", "reports", f"at {at}: type this address in at {settings.texts.gateway}")
