"""Text packets alone: a binary packet could announce attachments without end and fill the memory."""

from __future__ import annotations

from socketio import packet


class TextPacket(packet.Packet):  # type: ignore[misc]
    """Socket.IO packets without binary attachments; anything else than text is malformed."""

    uses_binary_events = False

    def decode(self, encoded_packet: str) -> int:
        """Read one packet. Raises ValueError for a binary one."""
        announced = encoded_packet[:1] if isinstance(encoded_packet, str) else ""
        if announced not in "01234" or announced == "":
            raise ValueError("not a text packet")
        return int(super().decode(encoded_packet))
