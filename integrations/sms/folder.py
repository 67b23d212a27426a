"""Texts into a folder, for trying out and for installations without a gateway: one file each, for its owner alone."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from companion.ports import BadReport, DeliveryFailed, Hook, Report
from integrations.mail.folder import Sealer


class FolderTexter:
    """Implements ports.Texter. The same text twice is one file; without a ``sealer`` anybody reads it: for tests."""

    name = "folder"

    def __init__(self, folder: Path, sealer: Sealer | None = None) -> None:
        self._folder = folder
        self._sealer = sealer
        self._tail = "txt" if sealer is None else "sealed"

    def send(self, to: str, body: str, reference: str) -> str:
        """Write the text. The file's name tells nothing."""
        path = self._path(reference)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                suppress(FileExistsError),
                os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            ):
                file.write(self._sealed(f"To: {to}\n\n{body}\n".encode(), path))
        except OSError as error:
            raise DeliveryFailed(f"the folder of texts cannot be written: {error.strerror}", trouble="down") from error
        return path.stem

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Whether its file is there."""
        path = self._path(reference)
        return path.stem if path.exists() else None

    def read_report(self, hook: Hook) -> Report:
        """A folder reports nothing."""
        raise BadReport("forged")

    def opened(self) -> list[bytes]:
        """Every text in the folder, newest last."""
        paths = sorted(self._folder.glob(f"*.{self._tail}"), key=lambda path: path.stat().st_mtime_ns)
        if self._sealer is None:
            return [path.read_bytes() for path in paths]
        return [self._sealer.open(path.read_bytes(), "folder of texts", path.name) for path in paths]

    def _sealed(self, text: bytes, path: Path) -> bytes:
        return text if self._sealer is None else self._sealer.seal(text, "folder of texts", path.name)

    def _path(self, reference: str) -> Path:
        return self._folder / f"{hashlib.sha256(reference.encode()).hexdigest()[:16]}.{self._tail}"
