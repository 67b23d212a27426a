"""What comes in with a command and what goes out: who acts, when, a fresh id, the new state and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from companion.core.effects import Effect
from companion.core.model import Seat, SessionState


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the acting seat, the server's time, and an unguessable id for whatever is made."""

    seat: Seat
    at: datetime
    fresh: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to."""

    state: SessionState
    effects: tuple[Effect, ...] = ()
