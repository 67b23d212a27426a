"""How Twilio signs what it sends: HMAC-SHA-1 of the address and the sorted form, with the account's token."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from companion.ports import BadReport, Hook

Form = list[tuple[str, str]]


def form_of(hook: Hook) -> Form:
    """The form in the body, in its order. Raises BadReport("malformed")."""
    try:
        return parse_qsl(hook.body.decode(), keep_blank_values=True, strict_parsing=bool(hook.body))
    except (UnicodeDecodeError, ValueError):
        raise BadReport("malformed") from None


def is_signed(token: str, hook: Hook, form: Form) -> bool:
    """Whether whoever sent this knows the token."""
    given = hook.headers.get("X-Twilio-Signature", "").encode()
    words = "".join(name + value for name, value in sorted(set(form)))
    matches = [hmac.compare_digest(given, signature(token, url + words)) for url in _both_ways(hook.url)]
    return any(matches)


def signature(token: str, text: str) -> bytes:
    """The signature of an address with its form behind it."""
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest())


def _both_ways(url: str) -> tuple[str, ...]:
    # Twilio signs the address sometimes with its usual port and sometimes without.
    parts = urlsplit(url)
    host = parts.hostname or ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if parts.port in (None, usual):
        return tuple(urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{usual}"))
    return (url, urlunsplit(parts._replace(netloc=host)))
