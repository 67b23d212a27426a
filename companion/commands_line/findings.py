"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    mark: Mark
    about: str
    say: str
