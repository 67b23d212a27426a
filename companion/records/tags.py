"""How a hash says with which key it was made, so that it can be checked, and counted, after the key was changed."""

from __future__ import annotations

import hashlib
import hmac


def tag_of(key: bytes) -> str:
    """Eight letters that stand for a key and tell nothing of it."""
    return hmac.new(key, b"which key", hashlib.sha256).hexdigest()[:8]


def tagged(key: bytes, value: bytes) -> str:
    """The keyed hash of a value, with the tag of its key in front."""
    return f"{tag_of(key)}.{hmac.new(key, value, hashlib.sha256).hexdigest()}"
