# Shared by the scripts in tools/: says things plainly, and installs system packages where that is allowed.

say() { printf '%s\n' "$*" >&2; }

# COMPANION_NO_APT=1 keeps these scripts away from the system's own packages.
can_apt() {
  [ -z "${COMPANION_NO_APT:-}" ] && command -v apt-get >/dev/null || return 1
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

is_debian() { grep -qs '^ID=debian' /etc/os-release; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() {
  say "Installing $* with apt-get ..."
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120)
  local log
  log=$(mktemp)
  # A fresh machine has no package lists yet; a used one is spared the update.
  if as_root "${get[@]}" install --no-install-recommends "$@" >"$log" 2>&1 </dev/null ||
    { as_root "${get[@]}" update && as_root "${get[@]}" install --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return 0
  fi
  say "apt-get could not install $*. Its last words:"
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}
