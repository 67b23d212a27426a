"""The master keys: where they come from, and one sub-key for each purpose.

The first key of the ring seals, all of them open, so that a key can be changed without losing a word.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from companion.settings import BadSetting, Settings

SHORTEST = 32  # characters of one master key


class KeyRing:
    """The master keys of this installation."""

    def __init__(self, masters: Sequence[str]) -> None:
        if not masters:
            raise BadSetting("There is no secret key at all.")
        self._masters = tuple(master.encode() for master in masters)
        self._known: dict[str, tuple[bytes, ...]] = {}

    def subkey(self, purpose: str) -> bytes:
        """The 32 bytes that serve one purpose today."""
        return self.subkeys(purpose)[0]

    def subkeys(self, purpose: str) -> tuple[bytes, ...]:
        """The same from every key of the ring: the first for new things, the others to read old ones."""
        if purpose not in self._known:
            self._known[purpose] = tuple(_derive(master, purpose) for master in self._masters)
        return self._known[purpose]


def find_keys(settings: Settings) -> KeyRing | None:
    """The keys from the environment or the key file; None if there are none yet. Raises BadSetting."""
    if settings.secret_key:
        return _ring(settings.secret_key, "COMPANION_SECRET_KEY")
    path = key_file(settings)
    try:
        kept = path.stat()
        text = path.read_text()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"The key file {path} cannot be read: {error}.") from error
    if kept.st_mode & 0o077:
        raise BadSetting(f"Others on this machine can open the key file {path}. Close it to them: chmod 600 {path}")
    return _ring(text, str(path))


def make_keys(settings: Settings) -> KeyRing:
    """Make the key file; if another node was quicker, its keys."""
    path = key_file(settings)
    _write_once(path, secrets.token_urlsafe(48) + "\n")
    keys = find_keys(settings)
    if keys is None:
        raise BadSetting(f"The key file {path} vanished while it was made.")
    return keys


def key_file(settings: Settings) -> Path:
    """Where the keys are kept when the environment names none."""
    return settings.data / "secret.key"


def _ring(text: str, where: str) -> KeyRing:
    masters = [line.strip() for line in text.splitlines() if line.strip()]
    if not masters or any(len(master) < SHORTEST for master in masters):
        raise BadSetting(f"Each key in {where} needs at least {SHORTEST} characters from a random source.")
    return KeyRing(masters)


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"companion: {purpose}".encode()).derive(master)


def _write_once(path: Path, text: str) -> None:
    # Written whole under another name, then linked: a node that starts at the same moment never reads half a key.
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # 0600 and O_EXCL
        try:
            with os.fdopen(handle, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            os.unlink(draft)
        _sync_folder(path.parent)
    except FileExistsError:
        return
    except OSError as error:
        raise BadSetting(f"The key file {path} cannot be made: {error}.") from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
