#!/usr/bin/env bash
# Restarts the nodes one after the other, each only once the one before takes taps again.
#   deploy/roll.sh compose              node-a, then node-b, with the image as it is now
#   deploy/roll.sh systemd 8001 8002    companion@8001, then companion@8002
set -euo pipefail
cd "$(dirname "$0")"

ready_within() { # seconds, and a command that says whether it is ready
  local left=$1
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "It did not become ready: the others were left as they are." >&2; exit 1; }
    sleep 1
  done
}

is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$(docker compose ps -q "$1")")" = healthy ]; }
takes_taps() { curl --silent --fail --max-time 3 "http://127.0.0.1:$1/health/ready"; }

case "${1:-}" in
  compose)
    for node in node-a node-b; do
      docker compose up --detach --no-deps --force-recreate "$node"
      ready_within 120 is_healthy "$node"
      sleep 3 # its people find it again
    done
    ;;
  systemd)
    shift
    [ $# -gt 0 ] || { echo "Which nodes? deploy/roll.sh systemd 8001 8002" >&2; exit 2; }
    for port in "$@"; do
      systemctl restart "companion@$port.service"
      ready_within 120 takes_taps "$port"
      sleep 3
    done
    ;;
  *)
    sed -n '2,4p' "$0" >&2
    exit 2
    ;;
esac
