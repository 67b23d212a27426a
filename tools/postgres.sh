#!/usr/bin/env bash
# Sees to it that tests can start a PostgreSQL of their own: the one at hand, else the system's package.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

found() { [ -n "$(.venv/bin/python -m tests.postgres)" ]; }

found && exit 0
if can_apt; then
  # Debian would also make and start a server for everyone; the tests start their own and want no other.
  policy=/etc/postgresql-common/createcluster.conf
  [ -e "$policy" ] || { as_root mkdir -p "${policy%/*}" && echo 'create_main_cluster = false' | as_root tee "$policy" >/dev/null; }
  apt_install postgresql && found && exit 0
fi
say "No PostgreSQL here and none could be installed: its tests will say so and be skipped (in CI they fail)."
[ -z "${CI:-}" ]
