"""How long the first start takes, on an empty folder, and how long the core takes to be imported."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.servers import KINDS, ROOT, Running

IMPORT = "import time; began = time.perf_counter(); import companion.core.step; print(time.perf_counter() - began)"


def started() -> dict[str, float]:
    """``first_page_s``: from the command to a page; ``import_core_ms``: of the core alone, in a fresh interpreter."""
    with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
        began = time.monotonic()
        server = Running(KINDS["companion"], Path(folder), None, 0.0)
        seconds = time.monotonic() - began
        server.kill()
    # Twice: the first time Python may still write its bytecode.
    told = [subprocess.check_output([sys.executable, "-c", IMPORT], cwd=ROOT, text=True) for _ in range(2)]
    return {"first_page_s": seconds, "import_core_ms": 1000 * float(told[-1])}
