"""The part of the settings that is about letters and the phone line: gateways, bounces, how fast letters may leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

GATEWAYS = ("", "folder", "twilio", "vonage", "notify")


class BadSetting(Exception):
    """A setting cannot be used; the message says which, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many letters may leave in a second, a minute and a day; all nodes together."""

    second: int
    minute: int
    day: int


# As slow as the slowest ordinary number of a text gateway; the day guards a charity's purse against a mistake.
TEXTS_PACE = Pace(1, 60, 1000)
MAIL_PACE = Pace(5, 100, 5000)


@dataclass(frozen=True, slots=True)
class TextSettings:
    """Which gateway text messages leave by, and what it needs."""

    gateway: str = ""  # empty: none
    sender: str = ""  # a number, or a name of up to 11 letters
    api: str = ""  # another address of the gateway: a region of its own, or a test
    twilio_account: str = field(default="", repr=False)
    twilio_token: str = field(default="", repr=False)
    vonage_application: str = field(default="", repr=False)
    vonage_key: str = field(default="", repr=False)  # the private key, or the path of its file
    vonage_signature: str = field(default="", repr=False)
    notify_key: str = field(default="", repr=False)
    notify_template: str = field(default="", repr=False)
    notify_callback: str = field(default="", repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of settings that the gateway needs and that are empty."""
        return tuple(name for name, value in _needed(self).items() if not value)


def texts_from(env: Mapping[str, str]) -> TextSettings:
    """The text settings of an environment. Raises BadSetting."""
    gateway = env.get("COMPANION_TEXTS", "")
    if gateway not in GATEWAYS:
        raise BadSetting(f"COMPANION_TEXTS must be empty or one of {', '.join(GATEWAYS[1:])}, not {gateway!r}.")
    api = env.get("COMPANION_TEXTS_API", "").rstrip("/")
    if api and not _is_safe(api):
        raise BadSetting("COMPANION_TEXTS_API must begin with https://.")
    return TextSettings(
        gateway,
        sender=env.get("COMPANION_TEXTS_FROM", "").strip(),
        api=api,
        twilio_account=env.get("COMPANION_TWILIO_ACCOUNT", "").strip(),
        twilio_token=env.get("COMPANION_TWILIO_TOKEN", "").strip(),
        vonage_application=env.get("COMPANION_VONAGE_APPLICATION", "").strip(),
        vonage_key=env.get("COMPANION_VONAGE_KEY", "").strip(),
        vonage_signature=env.get("COMPANION_VONAGE_SIGNATURE", "").strip(),
        notify_key=env.get("COMPANION_NOTIFY_KEY", "").strip(),
        notify_template=env.get("COMPANION_NOTIFY_TEMPLATE", "").strip(),
        notify_callback=env.get("COMPANION_NOTIFY_CALLBACK", "").strip(),
    )


def pace_from(env: Mapping[str, str], name: str, default: Pace) -> Pace:
    """Three whole numbers: a second, a minute, a day. Raises BadSetting."""
    text = env.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[1-9]\d{0,6}[ ,/]+[1-9]\d{0,6}[ ,/]+[1-9]\d{0,6}", text):
        raise BadSetting(f'{name} must be three whole numbers: letters a second, a minute, a day, such as "1 60 1000".')
    return Pace(*(int(number) for number in re.findall(r"\d+", text)))


def line_from(env: Mapping[str, str]) -> tuple[str, ...]:
    """The numbers of the telephone and text line, in E.164. Raises BadSetting."""
    numbers = tuple(
        re.sub(r"[ ()-]", "", part) for part in env.get("COMPANION_PHONE_LINE", "").split(",") if part.strip()
    )
    if any(not re.fullmatch(r"\+[1-9]\d{6,14}", number) for number in numbers):
        raise BadSetting("COMPANION_PHONE_LINE must be a number with its country, such as +442079460999.")
    return numbers


def bounces_from(env: Mapping[str, str]) -> str:
    """The address that bounces come back to, with {} where the letter's reference stands. Raises BadSetting."""
    text = env.get("COMPANION_MAIL_BOUNCES", "")
    if text and not re.fullmatch(r"[\w.+-]*\{\}[\w.-]*@[\w.-]+", text):
        raise BadSetting("COMPANION_MAIL_BOUNCES must be an address with {} in it, such as bounces+{}@example.org.")
    return text


def _needed(texts: TextSettings) -> dict[str, str]:
    match texts.gateway:
        case "twilio":
            return {
                "COMPANION_TEXTS_FROM": texts.sender,
                "COMPANION_TWILIO_ACCOUNT": texts.twilio_account,
                "COMPANION_TWILIO_TOKEN": texts.twilio_token,
            }
        case "vonage":
            return {
                "COMPANION_TEXTS_FROM": texts.sender,
                "COMPANION_VONAGE_APPLICATION": texts.vonage_application,
                "COMPANION_VONAGE_KEY": texts.vonage_key,
                "COMPANION_VONAGE_SIGNATURE": texts.vonage_signature,
            }
        case "notify":
            return {
                "COMPANION_NOTIFY_KEY": texts.notify_key,
                "COMPANION_NOTIFY_TEMPLATE": texts.notify_template,
                "COMPANION_NOTIFY_CALLBACK": texts.notify_callback,
            }
    return {}


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
