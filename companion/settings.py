"""Every setting, read once from the environment into one frozen value; README.md lists each of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from companion.outbox_settings import (
    MAIL_PACE,
    TEXTS_PACE,
    Pace,
    TextSettings,
    bounces_from,
    line_from,
    pace_from,
    texts_from,
)
from companion.outbox_settings import BadSetting as BadSetting
from companion.secret_files import with_secrets


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs."""

    data: Path = field(default_factory=lambda: Path("var"))  # database, keys, mail folder
    database_url: str = ""  # empty: SQLite in the data folder
    base_url: str = ""  # the address people open; empty: http://127.0.0.1:<port>
    host: str = ""  # empty: all addresses for a demo, 127.0.0.1 otherwise
    port: int = 8000
    server: str = "eventlet"
    fastpath: bool = True  # the short way out to WebSockets
    secret_key: str = ""  # empty: made at first start and kept in a 0600 file
    mail: str = "folder"  # "folder" or "smtp://user:password@host:port"
    mail_from: str = "hello@localhost"
    mail_bounces: str = ""  # an address with {} in it; empty: bounces go to the sender
    mail_pace: Pace = MAIL_PACE
    texts: TextSettings = field(default_factory=TextSettings)
    texts_pace: Pace = TEXTS_PACE
    phone_line: tuple[str, ...] = ()  # numbers at which people press keys or send texts
    jitsi_domain: str = "meet.jit.si"
    origins: tuple[str, ...] = ()  # further allowed origins
    node: str = ""  # empty: made at start
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-For
    inside_links: bool = False  # whether calls on the own network are looked at too
    development: bool = False
    backups: Path | None = None  # the folder of backups; old ones are removed from it
    backup_key: Path | None = None  # the file of their key; empty: in the data folder
    redis: str = ""  # Redis or Valkey, shared by several nodes; empty: one node
    metrics_token: str = field(default="", repr=False)  # shown by whoever asks for numbers; empty: nobody may
    log: str = "text"  # or "json": a line of JSON for each record

    @property
    def address(self) -> str:
        """The address people open, without a slash at the end."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies can insist on it."""
        return self.address.startswith("https://")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Origins whose pages may talk to us."""
        own = urlsplit(self.address)
        origins = {f"{own.scheme}://{own.netloc}", *self.origins}
        if own.hostname == "127.0.0.1" and not self.base_url:
            origins.add(f"http://localhost:{self.port}")
        return frozenset(origins)

    @property
    def passkey_host(self) -> str:
        """The name that passkeys are made for; empty where people come by a number, since browsers then refuse."""
        host = urlsplit(self.address).hostname or ""
        if host in ("127.0.0.1", "::1"):
            return "localhost"
        return "" if ":" in host or host.replace(".", "").isdigit() else host

    @property
    def passkey_origins(self) -> tuple[str, ...]:
        """The origins on which such a passkey may be used."""
        return tuple(o for o in sorted(self.allowed_origins) if urlsplit(o).hostname == self.passkey_host)

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.data / 'companion.sqlite3').absolute()}"


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises BadSetting."""
    env = with_secrets(env)
    settings = Settings(
        data=Path(env.get("COMPANION_DATA", "var")),
        database_url=_database(env.get("DATABASE_URL", "")),
        base_url=_address(env.get("COMPANION_BASE_URL", "")),
        host=env.get("COMPANION_HOST", ""),
        port=_whole(env, "PORT", 8000, high=65535),
        server=_one_of(env, "COMPANION_SERVER", ("eventlet", "gevent")),
        fastpath=_one_of(env, "COMPANION_FASTPATH", ("on", "off")) == "on",
        secret_key=env.get("COMPANION_SECRET_KEY", ""),
        mail=env.get("COMPANION_MAIL", "folder"),
        mail_from=env.get("COMPANION_MAIL_FROM", "hello@localhost"),
        mail_bounces=bounces_from(env),
        mail_pace=pace_from(env, "COMPANION_MAIL_PACE", MAIL_PACE),
        texts=texts_from(env),
        texts_pace=pace_from(env, "COMPANION_TEXTS_PACE", TEXTS_PACE),
        phone_line=line_from(env),
        jitsi_domain=env.get("COMPANION_JITSI_DOMAIN", "meet.jit.si"),
        origins=tuple(origin for origin in env.get("COMPANION_ORIGINS", "").split(",") if origin),
        node=env.get("COMPANION_NODE", ""),
        trusted_proxies=_whole(env, "COMPANION_TRUSTED_PROXIES", 0, high=10),
        inside_links=env.get("COMPANION_INSIDE_LINKS", "") == "1",
        development=env.get("COMPANION_DEVELOPMENT", "") == "1",
        backups=_path(env.get("COMPANION_BACKUPS", "")),
        backup_key=_path(env.get("COMPANION_BACKUP_KEY_FILE", "")),
        redis=_redis(env.get("COMPANION_REDIS", "")),
        metrics_token=_token(env, "COMPANION_METRICS_TOKEN"),
        log=_one_of(env, "COMPANION_LOG", ("text", "json")),
    )
    if settings.secret_key and len(settings.secret_key) < 32:
        raise BadSetting("COMPANION_SECRET_KEY is too short: at least 32 characters, from a random source.")
    return settings


def check_fit_to_serve(settings: Settings) -> None:
    """Refuse to serve people where their words could be read on the way, or where a developer's pages are open.

    Raises BadSetting.
    """
    address = urlsplit(settings.address)
    if address.hostname in ("127.0.0.1", "localhost", "::1"):
        return
    if address.scheme != "https" and not settings.development:
        raise BadSetting(
            "COMPANION_BASE_URL begins with http://, so passcodes could be read on their way. "
            "Put a proxy with https in front, or set COMPANION_DEVELOPMENT=1 on a machine of your own."
        )
    if address.scheme == "https" and settings.development:
        raise BadSetting("COMPANION_DEVELOPMENT is 1 at an address that others can open: leave it out there.")


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _whole(env: Mapping[str, str], name: str, default: int, *, high: int) -> int:
    text = env.get(name, str(default))
    if not text.isdigit() or int(text) > high:
        raise BadSetting(f"{name} must be a whole number up to {high}, not {text!r}.")
    return int(text)


def _one_of(env: Mapping[str, str], name: str, options: tuple[str, ...]) -> str:
    text = env.get(name, options[0])
    if text not in options:
        raise BadSetting(f"{name} must be one of {', '.join(options)}, not {text!r}.")
    return text


def _token(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if text and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{24,200}", text):
        raise BadSetting(f"{name} must be at least 24 random letters and digits, without spaces.")
    return text


def _address(text: str) -> str:
    if text and urlsplit(text).scheme not in ("http", "https"):
        raise BadSetting("COMPANION_BASE_URL must begin with https:// (or http:// on a machine of your own).")
    return text


def _database(url: str) -> str:
    # Hosting services hand out postgres://; SQLAlchemy wants the driver named.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if url and not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise BadSetting("DATABASE_URL must begin with postgresql:// or sqlite:///.")
    return url


def _redis(url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting("COMPANION_REDIS must begin with redis:// or rediss:// (or unix://).")
    return url
