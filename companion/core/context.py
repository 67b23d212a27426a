"""What comes in with a command and what goes out: who acts, when, a fresh id, the new state and what to do next."""

from __future__ import annotations

from datetime import datetime

from companion.core.effects import Effect
from companion.core.model import Seat, SessionState
from companion.core.values import Value


class Act(Value, frozen=True):
    """One act: the acting seat, the server's time, and an unguessable id for whatever is made."""

    seat: Seat
    at: datetime
    fresh: str


class Outcome(Value, frozen=True):
    """What a command led to."""

    state: SessionState
    effects: tuple[Effect, ...] = ()
