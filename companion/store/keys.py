"""The master keys: where they come from, and one sub-key for each purpose.

The first key of the ring seals, all of them open, so that a key can be changed without losing a word. A ring that was
read from the key file reads it again when it has changed, so a service goes on running while its keys change.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from companion.records import tag_of
from companion.settings import BadSetting, Settings

SHORTEST = 32  # characters of one master key
LOOK_SECONDS = 1.0  # how long a change of the key file may go unnoticed


class KeyRing:
    """The master keys of this installation; ``file`` is where they were read, if it was a file."""

    def __init__(self, masters: Sequence[str], file: Path | None = None) -> None:
        if not masters:
            raise BadSetting("There is no secret key at all.")
        self.file = file
        # The keys and what was worked out from them, always changed together: threads read them without a lock.
        self._now: tuple[tuple[str, ...], dict[str, tuple[bytes, ...]]] = (tuple(masters), {})
        self._stamp, self._looked_at = _stamp(file), time.monotonic()

    def subkey(self, purpose: str) -> bytes:
        """The 32 bytes that serve one purpose today: for what is kept and can be made anew with a newer key."""
        return self.subkeys(purpose)[0]

    def subkeys(self, purpose: str) -> tuple[bytes, ...]:
        """The same from every key of the ring: the first for new things, the others to read old ones."""
        if self.file is not None and time.monotonic() - self._looked_at > LOOK_SECONDS:
            self.look_again()
        masters, known = self._now
        if purpose not in known:
            known[purpose] = tuple(_derive(master.encode(), purpose) for master in masters)
        return known[purpose]

    def signing(self, purpose: str) -> bytes:
        """The same from the oldest key: for what lasts an evening and cannot be made anew: no rotation disturbs it."""
        return self.subkeys(purpose)[-1]

    def tags(self) -> tuple[str, ...]:
        """What stands for each key where people read of it; nothing can be worked out from it."""
        return tuple(tag_of(key) for key in self.subkeys("key name"))

    def look_again(self) -> bool:
        """Read the key file again if it has changed; whether it had. A file that cannot be read changes nothing."""
        self._looked_at, stamp = time.monotonic(), _stamp(self.file)
        if self.file is None or stamp in (None, self._stamp):
            return False
        try:
            masters = _masters(self.file.read_text(), str(self.file))
        except (OSError, UnicodeDecodeError, BadSetting):
            return False
        self._stamp = stamp
        if masters == self._now[0]:
            return False
        self._now = (masters, {})
        return True


def find_keys(settings: Settings) -> KeyRing | None:
    """The keys from the environment or the key file; None if there are none yet. Raises BadSetting."""
    if settings.secret_key:
        return KeyRing(_masters(settings.secret_key, "COMPANION_SECRET_KEY"))
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
    return KeyRing(_masters(text, str(path)), path)


def make_keys(settings: Settings) -> KeyRing:
    """Make the key file; if another node was quicker, its keys."""
    path = key_file(settings)
    _write_once(path, new_master() + "\n")
    keys = find_keys(settings)
    if keys is None:
        raise BadSetting(f"The key file {path} vanished while it was made.")
    return keys


def key_file(settings: Settings) -> Path:
    """Where the keys are kept when the environment names none."""
    return settings.data / "secret.key"


def new_master() -> str:
    """A fresh master key."""
    return secrets.token_urlsafe(48)


def read_masters(path: Path) -> tuple[str, ...]:
    """The keys that stand in a key file, today's first. Raises BadSetting."""
    try:
        return _masters(path.read_text(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"The key file {path} cannot be read: {error}.") from error


def write_masters(path: Path, masters: Sequence[str]) -> None:
    """Put these keys into the key file, whole or not at all. Raises BadSetting."""
    try:
        draft = _draft(path, "\n".join(masters) + "\n")
        os.replace(draft, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise BadSetting(f"The key file {path} cannot be written: {error}.") from error


def _masters(text: str, where: str) -> tuple[str, ...]:
    masters = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not masters or any(len(master) < SHORTEST for master in masters):
        raise BadSetting(f"Each key in {where} needs at least {SHORTEST} characters from a random source.")
    return masters


def _stamp(file: Path | None) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file) if file is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_ino, found.st_mtime_ns, found.st_size)


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"companion: {purpose}".encode()).derive(master)


def _write_once(path: Path, text: str) -> None:
    # Written whole under another name, then linked: a node that starts at the same moment never reads half a key.
    try:
        draft = _draft(path, text)
        try:
            os.link(draft, path)
        finally:
            os.unlink(draft)
        _sync_folder(path.parent)
    except FileExistsError:
        return
    except OSError as error:
        raise BadSetting(f"The key file {path} cannot be made: {error}.") from error


def _draft(path: Path, text: str) -> str:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # 0600 and O_EXCL
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
