"""Secrets from files: NAME_FILE names a file that holds what NAME would, so that no environment does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from companion.outbox_settings import BadSetting

SECRETS = (
    "DATABASE_URL",
    "COMPANION_SECRET_KEY",
    "COMPANION_REDIS",
    "COMPANION_METRICS_TOKEN",
    "COMPANION_MAIL",
    "COMPANION_TWILIO_TOKEN",
    "COMPANION_VONAGE_KEY",
    "COMPANION_VONAGE_SIGNATURE",
    "COMPANION_NOTIFY_KEY",
    "COMPANION_NOTIFY_CALLBACK",
)


def with_secrets(env: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with each secret that stands in a file. Raises BadSetting."""
    named = {name: env[f"{name}_FILE"] for name in SECRETS if env.get(f"{name}_FILE")}
    for name in named:
        if env.get(name):
            raise BadSetting(f"{name} and {name}_FILE are both set: leave one out.")
    return {**env, **{name: _content(name, Path(file)) for name, file in named.items()}}


def _content(name: str, file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"The file of {name} cannot be read: {error}.") from error
