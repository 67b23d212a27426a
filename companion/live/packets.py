"""Text packets alone, and of them only those that a page sends: whatever else comes is an event called "malformed"."""

from __future__ import annotations

from typing import Any

import msgspec
from socketio import packet

MALFORMED = "malformed"


class Quick:
    """JSON as the library asks for it, read and written quickly, and written as UTF-8, not as escapes."""

    @staticmethod
    def loads(text: str, **how: Any) -> Any:
        """Strictly JSON. Raises ValueError for anything else, such as NaN or half a character."""
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise ValueError("not JSON") from error

    @staticmethod
    def dumps(data: Any, **how: Any) -> str:
        """As short as can be, whatever ``how`` says."""
        return msgspec.json.encode(data).decode()


class TextPacket(packet.Packet):
    """A Socket.IO packet that can always be read, so that garbage is answered, counted and never raises.

    A binary one could announce attachments without end. An event called "connect" or "disconnect" would be taken by the
    library for the real thing: whoever sent it would be forgotten here, and still hear what her seat is told.
    """

    uses_binary_events = False
    json = Quick

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.packet_type == packet.EVENT and self.data is None:  # the library passes over an empty message
            self._become_malformed()

    def decode(self, encoded_packet: Any) -> int:
        """Read one packet; none has attachments."""
        try:
            self._read(encoded_packet)
        except (ValueError, RecursionError):
            self._become_malformed()
        return 0

    def _read(self, encoded: Any) -> None:
        if not isinstance(encoded, str) or encoded[:1] not in ("0", "1", "2"):
            raise ValueError("neither connect, disconnect nor event")
        super().decode(encoded)
        if self.packet_type == packet.EVENT and not self._is_ordinary():
            self._become_malformed()

    def _is_ordinary(self) -> bool:
        named = isinstance(self.data, list) and bool(self.data) and isinstance(self.data[0], str)
        return named and self.data[0] not in ("connect", "disconnect", "*")

    def _become_malformed(self) -> None:
        self.packet_type, self.namespace, self.data = packet.EVENT, None, [MALFORMED]
