#!/usr/bin/env bash
# Sees to it that tests can start a Redis (or Valkey) and an nginx of their own: those at hand, else the system's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh
PATH=$PATH:/usr/sbin:/usr/local/sbin

has_redis() { command -v valkey-server >/dev/null || command -v redis-server >/dev/null; }
has_nginx() { command -v nginx >/dev/null; }

wanted=()
has_redis || wanted+=(redis-server)
has_nginx || wanted+=(nginx-light)
[ ${#wanted[@]} -gt 0 ] || exit 0
if can_apt; then
  # Debian would also start both for everyone; the tests start their own and want no other.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    trap 'as_root rm -f "$policy"' EXIT
  fi
  apt_install "${wanted[@]}" && has_redis && has_nginx && exit 0
fi
say "No ${wanted[*]} here and none could be installed: the tests of several nodes will say so and be skipped (in CI they fail)."
[ -z "${CI:-}" ]
