"""What the shell should do once a change is saved, as data: the core decides, the service carries out."""

from __future__ import annotations

from companion.core.values import Value


class EndAccess(Value, frozen=True):
    """Cut every connection of a seat and revoke its browsers; ``for_good`` also revokes the invite."""

    seat: str
    for_good: bool = False


class EndDevice(Value, frozen=True):
    """Cut one browser of a seat."""

    device: str


class LetDeviceIn(Value, frozen=True):
    """A held browser, or one that knocked by voice, may go on."""

    device: str


class SessionClosed(Value, frozen=True):
    """End everybody's access, keep what tells of nobody, and destroy the live data within 60 seconds."""

    came: int
    waits: tuple[int, ...]  # seconds each help ticket waited until taken


Effect = EndAccess | EndDevice | LetDeviceIn | SessionClosed
