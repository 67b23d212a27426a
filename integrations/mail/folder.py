"""Letters into a folder, for trying out and for installations without mail: one sealed file each.

A mail folder beside the database would hold in clear what is sealed there: names, addresses, links. So its files are
sealed too, and ``companion mail show`` opens them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail.message import make_message


class Sealer(Protocol):
    """Seals and opens bytes in their place."""

    def seal(self, plain: bytes, *place: str) -> bytes:
        """The sealed bytes."""

    def open(self, cell: bytes, *place: str) -> bytes:
        """What was sealed for this place."""


class FolderMailer:
    """Implements ports.Mailer. Without a ``sealer`` any mail program opens the files: for tests alone."""

    def __init__(self, folder: Path, sender: str, sealer: Sealer | None = None) -> None:
        self._folder = folder
        self._sender = sender
        self._sealer = sealer
        self._tail = "eml" if sealer is None else "sealed"

    def send(
        self, to: str, subject: str, body: str, *, attachments: Sequence[Attachment] = (), reference: str = ""
    ) -> None:
        """Write the letter. The file's name tells nothing."""
        message = make_message(self._sender, to, subject, body, attachments, reference)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"{secrets.token_hex(8)}.{self._tail}"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self._sealed(message.as_bytes(), path))
        except OSError as error:
            raise DeliveryFailed(f"the mail folder cannot be written: {error.strerror}", trouble="down") from error

    def opened(self) -> list[bytes]:
        """Every letter in the folder, newest last."""
        paths = sorted(self._folder.glob(f"*.{self._tail}"), key=lambda path: path.stat().st_mtime_ns)
        if self._sealer is None:
            return [path.read_bytes() for path in paths]
        return [self._sealer.open(path.read_bytes(), "mail folder", path.name) for path in paths]

    def _sealed(self, letter: bytes, path: Path) -> bytes:
        return letter if self._sealer is None else self._sealer.seal(letter, "mail folder", path.name)
