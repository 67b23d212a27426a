#!/usr/bin/env bash
# Sees to it that benchmarks can be compiled: a C compiler and SQLite's header, at hand or from the system's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

found() {
  command -v "${CC:-cc}" >/dev/null && echo '#include <sqlite3.h>' | "${CC:-cc}" -fsyntax-only -xc - 2>/dev/null
}

found && exit 0
can_apt && apt_install gcc libc6-dev libsqlite3-dev && found && exit 0
say "No C compiler with SQLite's header here: the tests of benchmarks will say so and be skipped (in CI they fail)."
[ -z "${CI:-}" ]
