"""Letters into a folder, for trying out and for installations without mail: one file each, readable by its owner."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail.message import make_message


class FolderMailer:
    """Implements ports.Mailer. Any mail program opens the files."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(
        self, to: str, subject: str, body: str, *, attachments: Sequence[Attachment] = (), reference: str = ""
    ) -> None:
        """Write the letter. The file's name tells nothing."""
        message = make_message(self._sender, to, subject, body, attachments, reference)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"{secrets.token_hex(8)}.eml"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
        except OSError as error:
            raise DeliveryFailed(f"the mail folder cannot be written: {error.strerror}", trouble="down") from error
