"""Looks for secrets in whatever a thief could carry away: in clear, and in every dress that is as good as clear."""

from __future__ import annotations

import base64
import json
import quopri
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

SHORTEST = 6  # of a piece of base64: what is shorter is found by accident


def dresses(secret: str) -> dict[str, bytes]:
    """The forms in which a secret may stand somewhere, by name; compared without regard to capital letters."""
    plain = secret.encode()
    found = {
        "plain": plain,
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "quoted-printable": quopri.encodestring(plain),
        "quoted-printable of a header": quopri.encodestring(plain, header=True),
        "percent": urllib.parse.quote(secret).encode(),
        "percent of a form": urllib.parse.quote_plus(secret).encode(),
    }
    digits = "".join(char for char in secret if char.isdigit())
    if len(digits) >= 8:
        found["digits alone"] = digits.encode()
        found["digits as utf-16"] = digits.encode("utf-16-le")
    found |= {f"base64 at {at}": core for at, core in enumerate(_base64_cores(plain))}
    return found


def found_in(raw: bytes, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Which secrets stand there, and in which dress."""
    low = raw.lower()
    return [(secret, dress) for secret in secrets for dress, form in dresses(secret).items() if form.lower() in low]


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a folder, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _base64_cores(plain: bytes) -> Iterator[bytes]:
    # Base64 depends on where in three bytes the secret begins; what depends on its neighbours is cut off.
    for at in range(3):
        coded = base64.b64encode(b"\0" * at + plain)
        whole = (at + len(plain)) * 8 // 6
        core = coded[(at * 8 + 5) // 6 : whole]
        if len(core) >= SHORTEST:
            yield core
            yield core.translate(bytes.maketrans(b"+/", b"-_"))
