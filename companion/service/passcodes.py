"""Passcodes, tokens of links and cookies, and numbers two people say aloud: made, shown, read back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

DIGITS = 8
LINK_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another, for links typed from paper
LINK_LENGTH = 28  # 138 bits


def new_passcode() -> str:
    """Eight digits that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def grouped(passcode: str) -> str:
    """As it is shown and read aloud: "1234 5678"."""
    return f"{passcode[:4]} {passcode[4:]}"


def digits_of(typed: str, wanted: int = DIGITS) -> str:
    """The digits somebody typed in any script, with spaces and dashes as she likes; empty if they are not as many.

    A phone set to Arabic or Urdu types its own digits, and a copied code brings invisible marks along.
    """
    kept = [char for char in typed[:100] if unicodedata.category(char)[0] not in "ZPC"]
    values = [unicodedata.decimal(char, None) for char in kept]
    if len(values) != wanted or any(value is None for value in values):
        return ""
    return "".join(str(value) for value in values)


def new_token() -> str:
    """What stands in a personal link or in a cookie. Mail programs would cut off a dash at the end of a link."""
    return "".join(secrets.choice(LINK_LETTERS) for _ in range(LINK_LENGTH))


def voice_number(key: bytes, token: str) -> str:
    """Three digits for a knock by voice, worked out from the cookie so that nothing need be looked up to show them."""
    mac = hmac.new(key, token.encode(), hashlib.sha256).digest()
    return str(100 + int.from_bytes(mac[:8], "big") % 900)


def pass_phrase() -> str:
    """A password for an organiser that can be read aloud over a telephone: 75 bits in six short made-up words."""
    return "-".join("".join(secrets.choice(part) for part in ("bdfghjklmnprstvz", "aeiou") * 2) for _ in range(6))
