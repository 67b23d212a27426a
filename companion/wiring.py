"""The only module that names concrete integrations: makes the dependencies that the settings ask for."""

from __future__ import annotations

import secrets
import socket
from datetime import UTC, datetime

from companion.ports import Meters, NoMeters, NoTallies
from companion.records import Platform
from companion.service.deps import Deps
from companion.service.hashing import Argon2Hasher
from companion.settings import BadSetting, Settings
from companion.store import SqlStore, open_store
from companion.store.sealing import Sealer
from integrations.calls import ChosenCalls
from integrations.link.probe import WebProbe
from integrations.mail.folder import FolderMailer
from integrations.mail.smtp import SmtpMailer
from integrations.metrics.adapter import PrometheusMeters
from integrations.nodes.hints import RedisHints
from integrations.nodes.tallies import RedisTallies
from integrations.phone.choosing import line as phone_line
from integrations.sms.choosing import texter


def make_deps(settings: Settings) -> Deps:
    """Everything the use cases lean on. Raises BadSetting or StoreDown."""
    return deps_with(settings, open_store(settings))


def deps_with(settings: Settings, store: SqlStore) -> Deps:
    """The same around a store that is open already."""
    return Deps(
        store=store,
        clock=lambda: datetime.now(UTC),
        # Without dashes: an id that begins with one would look like an option in a terminal.
        fresh_id=lambda: secrets.token_urlsafe(18).replace("-", "_"),
        hasher=Argon2Hasher(lambda: store.keys.subkeys("passcodes")),
        mailer=_mailer(settings, store),
        texter=texter(settings, Sealer.of(store.keys, "mail folder")),
        line=phone_line(settings),
        calls=ChosenCalls(store.shelf(Platform).get, settings.jitsi_domain, f"{settings.address}/here"),
        settings=settings,
        sealer=store.keys,
        probe=WebProbe(inside=settings.inside_links),
        hints=RedisHints(settings.redis, Sealer.of(store.keys, "hints")) if settings.redis else None,
        tallies=_tallies(settings, store),
        meters=_meters(settings),
    )


def node_name(settings: Settings) -> str:
    """The same name after a restart, so that this node can clear away what it left when it was killed."""
    return settings.node or f"{socket.gethostname()}:{settings.port}"


def _tallies(settings: Settings, store: SqlStore) -> RedisTallies | NoTallies:
    if not settings.redis:
        return NoTallies()
    return RedisTallies(settings.redis, lambda: store.keys.signing("counts"))


def _meters(settings: Settings) -> Meters:
    return PrometheusMeters() if settings.metrics_token else NoMeters()


def _mailer(settings: Settings, store: SqlStore) -> FolderMailer | SmtpMailer:
    if settings.mail == "folder":
        return FolderMailer(settings.data / "mail", settings.mail_from, Sealer.of(store.keys, "mail folder"))
    if settings.mail.startswith(("smtp://", "smtps://")):
        return SmtpMailer(settings.mail, settings.mail_from, bounces=settings.mail_bounces)
    raise BadSetting('COMPANION_MAIL must be "folder" or smtp://user:password@host:port.')
