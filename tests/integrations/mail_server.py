"""A mail server on loopback: it takes letters, asks for encryption and a login if told to, or says no as it is told."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOGIN = (b"us", b"pa ss@")


@dataclass
class MailServer:
    """``answers`` maps a moment (MAIL, RCPT, DATA) to what is answered then, one after the other."""

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, ...]] = field(default_factory=list)  # from whom, to whom
    wishes: list[str] = field(default_factory=list)  # what was asked about being told of failures
    encrypted: list[bool] = field(default_factory=list)
    lines: list[asyncio.BaseTransport] = field(default_factory=list)
    slow: float = 0  # seconds, before it says that it has taken a letter
    trust: ssl.SSLContext | None = None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ):
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if told := self._told("MAIL"):
            return told
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if told := self._told("RCPT"):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):
        if told := self._told("DATA"):
            return told
        self.letters.append(envelope.content)
        self.envelopes.append((envelope.mail_from, *envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        if self.slow:
            await asyncio.sleep(self.slow)
        return "250 OK"

    def _told(self, moment: str) -> str:
        return self.answers[moment].pop(0) if self.answers.get(moment) else ""


class WithDsn(SMTP):
    """One that offers to tell what becomes of letters (RFC 3461), which aiosmtpd leaves to others."""

    async def smtp_MAIL(self, arg: str) -> None:
        await super().smtp_MAIL(self._heard(arg))

    async def smtp_RCPT(self, arg: str) -> None:
        await super().smtp_RCPT(self._heard(arg))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.lines.append(transport)
        super().connection_made(transport)

    def _heard(self, arg: str) -> str:
        self.event_handler.wishes += re.findall(r"(?:RET|ENVID|NOTIFY)=\S+", arg)
        return re.sub(r" (?:RET|ENVID|NOTIFY)=\S+", "", arg)


def _log_in(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == LOGIN
    return AuthResult(success=right, handled=right)


class _Controller(Controller):
    def __init__(self, handler: MailServer, **more: object) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **more)

    def factory(self) -> SMTP:
        return WithDsn(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def a_mail_server(*, tls: bool = False, login: bool = False, **more: object):
    """A server for the length of a test."""
    handler = MailServer()
    if tls:
        context, handler.trust = _certified()
        more |= {"tls_context": context, "require_starttls": True}
    if login:
        more |= {"authenticator": _log_in, "auth_required": True, "auth_require_tls": tls}
    controller = _Controller(handler, **more)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(handler), controller.loop).result(5)
        controller.stop()


async def _hang_up(handler: MailServer) -> None:
    # Its own stop leaves what is connected to the garbage collector.
    for line in handler.lines:
        line.abort()
    await asyncio.sleep(0.01)


@cache
def _certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(certificate + private)
        shows.load_cert_chain(path)
    return shows, ssl.create_default_context(cadata=certificate.decode())
