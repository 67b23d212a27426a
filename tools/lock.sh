#!/usr/bin/env bash
# Writes requirements/*.txt anew from pyproject.toml; `tools/lock.sh --upgrade` also takes newer releases.
# Every pin carries the hash of every file of its release, so one lock serves each Python and processor,
# and no address of an index stands in it.
set -euo pipefail
cd "$(dirname "$0")/.."

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
pip=$(echo tools/pip-*.whl)
"${PYTHON:-.venv/bin/python}" -m venv --without-pip "$place/venv"
"$place/venv/bin/python" "$pip/pip" install --quiet uv==0.13.8

lock() {
  "$place/venv/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url "$@"
}
lock --output-file requirements/run.txt "$@"
lock --output-file requirements/dev.txt --group dev "$@"
