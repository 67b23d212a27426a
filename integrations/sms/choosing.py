"""Which text gateway the settings ask for."""

from __future__ import annotations

from pathlib import Path

from companion.outbox_settings import TextSettings
from companion.ports import NoTexts, Texter
from companion.settings import BadSetting, Settings
from integrations.mail.folder import Sealer
from integrations.sms.folder import FolderTexter
from integrations.sms.notify import BadKey as BadNotifyKey
from integrations.sms.notify import NotifyTexter
from integrations.sms.twilio import TwilioTexter
from integrations.sms.vonage import BadKey as BadVonageKey
from integrations.sms.vonage import VonageTexter


def texter(settings: Settings, sealer: Sealer | None = None) -> Texter:
    """The gateway, ready to send; ``sealer`` is for texts that only go into a folder. Raises BadSetting."""
    texts = settings.texts
    if texts.missing:
        raise BadSetting(f"COMPANION_TEXTS is {texts.gateway}, which needs {', '.join(texts.missing)} as well.")
    match texts.gateway:
        case "folder":
            return FolderTexter(settings.data / "texts", sealer)
        case "twilio":
            # Twilio reports to https only; without it nothing is reported and everything stays "sent".
            hooks = f"{settings.address}/hooks/text/twilio" if settings.secure else ""
            return TwilioTexter(texts.twilio_account, texts.twilio_token, texts.sender, hooks=hooks, api=texts.api)
        case "vonage":
            return _vonage(texts)
        case "notify":
            return _notify(texts)
    return NoTexts()


def _vonage(texts: TextSettings) -> VonageTexter:
    try:
        key = texts.vonage_key if "BEGIN" in texts.vonage_key else Path(texts.vonage_key).read_text()
        return VonageTexter(texts.vonage_application, key, texts.vonage_signature, texts.sender, api=texts.api)
    except OSError as error:
        raise BadSetting(f"The file named by COMPANION_VONAGE_KEY cannot be read: {error.strerror}.") from None
    except BadVonageKey:
        raise BadSetting("COMPANION_VONAGE_KEY must be the application's private.key, or where it is.") from None


def _notify(texts: TextSettings) -> NotifyTexter:
    try:
        return NotifyTexter(
            texts.notify_key, texts.notify_template, texts.notify_callback, sender=texts.sender, api=texts.api
        )
    except BadNotifyKey:
        raise BadSetting("COMPANION_NOTIFY_KEY must be the whole key, as Notify showed it once.") from None
