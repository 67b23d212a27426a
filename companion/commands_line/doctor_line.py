"""What the doctor says of the telephone and text line: what is missing, and what to type in at Twilio."""

from __future__ import annotations

from collections.abc import Iterator

from companion.commands_line.findings import Finding
from companion.settings import BadSetting, Settings
from companion.wiring import phone_line


def look(settings: Settings) -> Iterator[Finding]:
    """Whether there is a line, and the two addresses of it."""
    if not settings.phone_line:
        yield Finding("note", "phone line", "none: nobody can take part by keys or texts. Set COMPANION_PHONE_LINE.")
        return
    try:
        phone_line(settings)
    except BadSetting as bad:
        yield Finding("bad", "phone line", str(bad))
        return
    if not settings.secure:
        yield Finding("bad", "phone line", "Twilio comes by https alone: set COMPANION_BASE_URL.")
        return
    yield Finding("good", "phone line", f"{', '.join(settings.phone_line)}. Type in at Twilio for each number:")
    yield Finding("good", "a call", f"comes in: Webhook, {settings.address}/hooks/line/voice, HTTP POST")
    yield Finding("good", "a message", f"comes in: Webhook, {settings.address}/hooks/line/text, HTTP POST")
