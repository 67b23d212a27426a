"""Letters by SMTP, with time limits, and with encryption wherever the server is not on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail.message import make_message

SECONDS = 20.0
HERE = ("localhost", "127.0.0.1", "::1")
LOG_IN_FIRST = (530, 534, 535, 538)


class SmtpMailer:
    """Implements ports.Mailer. ``smtp:`` turns TLS on first, ``smtps:`` has it from the start.

    ``bounces`` is an address with ``{}`` in it: what cannot be delivered comes back there, with the letter's reference.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        bounces: str = "",
        seconds: float = SECONDS,
        trust: ssl.SSLContext | None = None,
        insist: bool = False,
    ) -> None:
        parts = urlsplit(url)
        self._tls_at_once = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls_at_once else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._bounces = sender, bounces
        self._seconds = seconds
        self._trust = trust
        self._encrypt = insist or self._host not in HERE

    def send(
        self, to: str, subject: str, body: str, *, attachments: Sequence[Attachment] = (), reference: str = ""
    ) -> None:
        """Send it now, or say why not and whether trying again can help."""
        message = make_message(self._sender, to, subject, body, attachments, reference)
        with _told_plainly(), self._connected() as server:
            self._hand_over(server, message, to, reference)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, to: str, reference: str) -> None:
        if not to.isascii() and not server.has_extn("smtputf8"):
            raise DeliveryFailed(
                "the mail server knows plain letters in addresses only", permanent=True, trouble="address"
            )
        back_to = self._bounces.replace("{}", reference) if self._bounces and reference else ""
        about_letter: list[str] = []
        about_her: list[str] = []
        if server.has_extn("dsn"):
            # If it comes back, then without the letter: her way in is nothing for a postmaster. Only failures are told.
            about_letter = ["RET=HDRS", *([f"ENVID={reference}"] if reference else [])]
            about_her = ["NOTIFY=FAILURE"]
        server.send_message(message, back_to or parseaddr(self._sender)[1], [to], about_letter, about_her)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._connect()
        try:
            if not self._tls_at_once and self._encrypt:
                server.starttls(context=self._context())
            if self._user:
                server.login(self._user, self._password)
            server.ehlo_or_helo_if_needed()
            yield server
        finally:
            server.close()  # without a farewell: a slow server's last word must not undo what it has accepted

    def _connect(self) -> smtplib.SMTP:
        if self._tls_at_once:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._seconds, context=self._context())
        return smtplib.SMTP(self._host, self._port, timeout=self._seconds)

    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()


@contextmanager
def _told_plainly() -> Iterator[None]:
    # What the server says may repeat the address, so the reason is told in words of our own.
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        raise _about_her(*next(iter(refused.recipients.values()))) from None
    except smtplib.SMTPAuthenticationError as answer:
        raise _about_us("the mail server does not accept our user name and password", answer.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise DeliveryFailed("the mail server offers no encryption or no login", trouble="credentials") from None
    except smtplib.SMTPResponseException as answer:
        raise _answered(answer) from None
    except ssl.SSLCertVerificationError:
        raise DeliveryFailed("the mail server cannot prove who it is", trouble="credentials") from None
    except (smtplib.SMTPException, OSError) as error:
        say = f"the mail server cannot be reached ({type(error).__name__})"
        raise DeliveryFailed(say, trouble="down") from None


def _about_her(code: int, words: bytes) -> DeliveryFailed:
    if code < 500:
        return DeliveryFailed("the mail server does not take this address now", trouble="later")
    if words.startswith(b"5.7."):  # RFC 3463: a rule against us, not a mailbox that is missing
        return DeliveryFailed("the mail server takes no letters from us for this address", permanent=True)
    return DeliveryFailed("the mail server does not take this address", permanent=True, trouble="address")


def _answered(answer: smtplib.SMTPResponseException) -> DeliveryFailed:
    say = f"the mail server answered {answer.smtp_code}"
    if isinstance(answer, smtplib.SMTPDataError):
        return DeliveryFailed(say, permanent=answer.smtp_code >= 500)
    if isinstance(answer, smtplib.SMTPSenderRefused) and answer.smtp_code >= 500:
        return _about_us("the mail server does not take our sender", answer.smtp_code)
    if answer.smtp_code in LOG_IN_FIRST:
        return _about_us("the mail server does not accept our user name and password", answer.smtp_code)
    return DeliveryFailed(say, trouble="down")


def _about_us(say: str, code: int) -> DeliveryFailed:
    # A temporary no to a login is the server's trouble, not our password's.
    return DeliveryFailed(say, trouble="credentials" if code >= 500 else "down")
