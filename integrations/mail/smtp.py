"""Letters by SMTP, with time limits, and with encryption wherever the server is not on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from companion.ports import DeliveryFailed
from integrations.mail.message import make_message

SECONDS = 20.0
HERE = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """Implements ports.Mailer. ``smtp:`` turns TLS on first, ``smtps:`` has it from the start."""

    def __init__(self, url: str, sender: str, *, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._tls_at_once = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls_at_once else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._seconds = seconds

    def send(self, to: str, subject: str, body: str) -> None:
        """Send it now, or say why not and whether trying again can help."""
        message = make_message(self._sender, to, subject, body)
        with _told_plainly(), self._connected() as server:
            server.send_message(message)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._connect()
        try:
            if not self._tls_at_once and self._host not in HERE:
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            yield server
        finally:
            server.close()  # without a farewell: a slow server's last word must not undo what it has accepted

    def _connect(self) -> smtplib.SMTP:
        if self._tls_at_once:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._seconds, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=self._seconds)


@contextmanager
def _told_plainly() -> Iterator[None]:
    # What the server says may repeat the address, so the reason is told in words of our own.
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        permanent = all(code >= 500 for code, _ in refused.recipients.values())
        raise DeliveryFailed("the mail server does not take this address", permanent=permanent) from None
    except smtplib.SMTPAuthenticationError:
        raise DeliveryFailed("the mail server does not accept our user name and password") from None
    except smtplib.SMTPNotSupportedError:
        raise DeliveryFailed("the mail server offers no encryption or no login") from None
    except smtplib.SMTPResponseException as answer:
        permanent = isinstance(answer, smtplib.SMTPDataError) and answer.smtp_code >= 500
        raise DeliveryFailed(f"the mail server answered {answer.smtp_code}", permanent=permanent) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"the mail server cannot be reached ({type(error).__name__})") from None
