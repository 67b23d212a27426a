"""The telephone and text line: a number of her own for each person, who called tonight, and tries that did not fit.

None of it can be read back: numbers, calls and digits stand here only as keyed hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LinePin:
    """The nine digits by which the line knows somebody; ``id`` is her own, so that she has one."""

    id: str
    person_id: str
    digest: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LineCaller:
    """A call, or a number that texts, which gave somebody's digits this evening. Destroyed with the live session."""

    id: str  # hash of the call or of the number
    invite_id: str
    session_id: str
    at: datetime
    device: str = ""  # as which she arrived by it; empty: her seat was there already


@dataclass(frozen=True, slots=True)
class LineTry:
    """Nine digits that fitted nobody; kept for an hour. ``caller`` is the hash of the number that they came from."""

    id: str  # hash of what they came in, so that its copy counts once
    caller: str
    at: datetime
