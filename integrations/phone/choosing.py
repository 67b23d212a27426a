"""Whether the settings ask for a line."""

from __future__ import annotations

from companion.ports import Line, NoLine
from companion.settings import BadSetting, Settings
from integrations.phone.adapter import TwilioLine


def line(settings: Settings) -> Line:
    """The line, or none. Raises BadSetting."""
    if not settings.phone_line:
        return NoLine()
    texts = settings.texts
    needed = {"COMPANION_TWILIO_ACCOUNT": texts.twilio_account, "COMPANION_TWILIO_TOKEN": texts.twilio_token}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise BadSetting(f"COMPANION_PHONE_LINE needs {', '.join(missing)} as well.")
    return TwilioLine(texts.twilio_account, texts.twilio_token, settings.phone_line, settings.address)
