"""BigBlueButton's interface: addresses that are signed with a checksum, and answers in XML."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree

from companion.ports import CallDown
from integrations import web

ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")
CONNECT, READ = 3.0, 5.0  # seconds: somebody waits for it


def address(api: str, call: str, fields: Mapping[str, str], secret: str, algorithm: str) -> str:
    """The address of one call: the checksum stands over its name, its query as it is sent, and the secret."""
    query = urlencode(fields)
    digest = hashlib.new(algorithm, f"{call}{query}{secret}".encode(), usedforsecurity=True).hexdigest()
    return f"{api}/{call}?{query}{'&' if query else ''}checksum={digest}"


def ask(url: str) -> dict[str, str]:
    """What a call answers, as far as it said yes. Raises CallDown."""
    try:
        raw = web.ask("GET", url, connect=CONNECT, read=READ)
    except web.Unreachable as error:
        raise CallDown(f"BigBlueButton cannot be reached ({error.kind})") from None
    if raw.status == 429:
        raise CallDown("BigBlueButton wants fewer requests", "throttled")
    if raw.status >= 500:
        raise CallDown(f"BigBlueButton answered {raw.status}")
    said = _read(raw.body)
    if said.get("returncode") == "SUCCESS":
        return said
    if said.get("messageKey") == "checksumError":
        raise CallDown("BigBlueButton does not accept our secret", "credentials")
    if said.get("messageKey") in ("notFound", "invalidMeetingIdentifier"):
        raise CallDown("BigBlueButton knows no such meeting", "gone")
    raise CallDown(f"BigBlueButton said no (its status {raw.status})", "refused")


def _read(body: bytes) -> dict[str, str]:
    # No answer of BigBlueButton declares anything: what does is none of its own, and could be made to grow without end.
    try:
        text = body.decode()
        # A zero byte is another encoding, which the parser would find out by itself, with a declaration in it.
        if "<!" in text.replace("<![CDATA[", "") or "\0" in text:
            raise CallDown("BigBlueButton gave an answer that cannot be read")
        root = ElementTree.fromstring(text)  # noqa: S314 — declarations were refused above
    except (ElementTree.ParseError, ValueError):
        raise CallDown("BigBlueButton gave an answer that cannot be read") from None
    return {child.tag: (child.text or "").strip() for child in root}
