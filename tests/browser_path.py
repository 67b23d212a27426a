"""Finds the browsers that tests drive; `python -m tests.browser_path` prints Chromium's path, or that of `firefox`."""

import os
import shutil
import sys
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
FIREFOX_ON_PATH = ["firefox-esr", "firefox"]
FETCHED_BY_TOOLS = Path(__file__).parent.parent / ".venv" / "browser" / "chromium"


def chromium_executable() -> str | None:
    """The path to launch, or None to let Playwright use the browser that it installed itself."""
    chosen = os.environ.get("COMPANION_CHROMIUM")
    if chosen:
        return chosen
    real = _first_real(NAMES_ON_PATH)
    if real is None and FETCHED_BY_TOOLS.exists():
        return str(FETCHED_BY_TOOLS)
    return real


def firefox_executable() -> str | None:
    """The path to launch, or None where there is no Firefox: the one that Playwright patches is not what people use."""
    return os.environ.get("COMPANION_FIREFOX") or _first_real(FIREFOX_ON_PATH)


def _first_real(names: list[str]) -> str | None:
    on_path = filter(None, map(shutil.which, names))
    return next((path for path in on_path if not is_snap(Path(path))), None)


def is_snap(path: Path) -> bool:
    # Ubuntu's chromium is a stub that starts a snap, or asks for one: it fails in containers and cannot see our files.
    if "snap" in path.resolve().parts or path.resolve().name == "snap":
        return True
    start = path.read_bytes()[:4096]
    return start.startswith(b"#!") and b"/snap/bin" in start


if __name__ == "__main__":
    print((firefox_executable() if sys.argv[1:] == ["firefox"] else chromium_executable()) or "")
