"""Finds the Chromium that browser tests drive; `python -m tests.browser_path` prints its path."""

import os
import shutil
from pathlib import Path

# No sandbox: CI runs as root in containers. The rest keeps the browser from speaking to anyone but our own server.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]

NAMES_ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
FETCHED_BY_TOOLS = Path(__file__).parent.parent / ".venv" / "browser" / "chromium"


def chromium_executable() -> str | None:
    """The path to launch, or None to let Playwright use the browser that it installed itself."""
    chosen = os.environ.get("COMPANION_CHROMIUM")
    if chosen:
        return chosen
    on_path = filter(None, map(shutil.which, NAMES_ON_PATH))
    real = next((path for path in on_path if not is_snap(Path(path))), None)
    if real is None and FETCHED_BY_TOOLS.exists():
        return str(FETCHED_BY_TOOLS)
    return real


def is_snap(path: Path) -> bool:
    # Ubuntu's chromium is a stub that starts a snap, or asks for one: it fails in containers and cannot see our files.
    if "snap" in path.resolve().parts or path.resolve().name == "snap":
        return True
    start = path.read_bytes()[:4096]
    return start.startswith(b"#!") and b"/snap/bin" in start


if __name__ == "__main__":
    print(chromium_executable() or "")
