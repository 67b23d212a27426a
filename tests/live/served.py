"""Serves a data folder as ``companion run`` does; with TEST_CLOCK, time is what that file says.

With TEST_PATIENCE, whoever opens a call waits so many seconds for others who ask the same platform.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from companion import running
from companion.core.values import replace
from companion.live import limits
from companion.live.pace import Rate
from companion.service.deps import Deps
from companion.settings import Settings, from_environment
from companion.wiring import make_deps
from integrations import careful


def main() -> None:
    """Serve until stopped."""
    clock = os.environ.get("TEST_CLOCK")
    if clock:
        limits.TAPS = Rate(10_000, 1)  # an evening is pressed through in a second or two
        limits.FLOOD = Rate(10_000, 1)
        limits.MESSAGES = Rate(10_000, 1)
        running.make_deps = lambda settings: _with_clock(settings, Path(clock))
    careful.PATIENCE = float(os.environ.get("TEST_PATIENCE", careful.PATIENCE))
    running.run(from_environment(os.environ))


def _with_clock(settings: Settings, file: Path) -> Deps:
    return replace(make_deps(settings), clock=lambda: datetime.fromisoformat(file.read_text()))


if __name__ == "__main__":
    main()
