"""Texts into a folder, for trying out and for installations without a gateway: one file each, for its owner alone."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from companion.ports import BadReport, DeliveryFailed, Hook, Report


class FolderTexter:
    """Implements ports.Texter. The same text twice is one file."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, to: str, body: str, reference: str) -> str:
        """Write the text. The file's name tells nothing."""
        path = self._path(reference)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                suppress(FileExistsError),
                os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file,
            ):
                file.write(f"To: {to}\n\n{body}\n")
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

    def _path(self, reference: str) -> Path:
        return self._folder / f"{hashlib.sha256(reference.encode()).hexdigest()[:16]}.txt"
