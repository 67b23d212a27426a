#!/usr/bin/env bash
# Sees to it that browser tests have a Firefox: the one at hand, else the long-lived one that Debian packs.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

works() {
  local path
  path=$(.venv/bin/python -m tests.browser_path firefox)
  # Printing its version loads every shared library, which is where a half-installed browser fails.
  [ -n "$path" ] && timeout 30 "$path" --headless --version >/dev/null 2>&1 </dev/null
}

# Ubuntu has no such package, and its firefox is a snap, which containers cannot run: there we ask apt for nothing.
is_offered() { is_debian || apt-cache show firefox-esr >/dev/null 2>&1; }

works && exit 0
if can_apt && is_offered && apt_install firefox-esr && works; then exit 0; fi
say "No Firefox here and none could be installed: its tests will say so and be skipped (in CI they fail)."
[ -z "${CI:-}" ]
