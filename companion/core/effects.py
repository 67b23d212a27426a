"""What the shell should do once a change is saved, as data: the core decides, the service carries out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndAccess:
    """Cut every connection of a seat and revoke its browsers; ``for_good`` also revokes the invite."""

    seat: str
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class EndDevice:
    """Cut one browser of a seat."""

    device: str


@dataclass(frozen=True, slots=True)
class LetDeviceIn:
    """A held browser, or one that knocked by voice, may go on."""

    device: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """End everybody's access, keep what tells of nobody, and destroy the live data within 60 seconds."""

    came: int
    waits: tuple[int, ...]  # seconds each help ticket waited until taken


Effect = EndAccess | EndDevice | LetDeviceIn | SessionClosed
