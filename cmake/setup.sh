# Shell functions that ./demo and ./check share. Sourced, never run.

ibid_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

step() { printf '\n==> %s\n' "$*"; }

fail() {
  printf '%s: error: %s\n' "$(basename "$0")" "$1" >&2
  shift
  for line in "$@"; do printf '  do: %s\n' "$line" >&2; done
  exit 1
}

# Prints a command, then runs it.
run() {
  printf '+ %s\n' "$*"
  "$@"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then run "$@"
  elif command -v sudo >/dev/null 2>&1; then run sudo "$@"
  else fail "not root, and there is no sudo" "run as root: $*"
  fi
}

# The packages of the groups named, from cmake/debian-packages.txt.
packages_of() {
  local group
  for group in "$@"; do
    awk -v group="$group" '$1 == group { for (i = 2; i <= NF; ++i) print $i }' \
      "$ibid_root/cmake/debian-packages.txt"
  done | sort -u
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Installs what is missing of the groups named.
need_packages() {
  local package missing=()
  command -v dpkg-query >/dev/null 2>&1 ||
    fail "this is not a Debian system" "install by hand: $(packages_of "$@" | tr '\n' ' ')"
  for package in $(packages_of "$@"); do
    installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    echo "all packages are there"
    return
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
    fail "apt-get update failed" "check the network and the sources in /etc/apt"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    "${missing[@]}" ||
    fail "apt-get install failed" "read apt's message above; the list is cmake/debian-packages.txt"
}

cores() { nproc 2>/dev/null || echo 2; }

# Configures and builds a preset: build_preset NAME [cmake option...] -- [target...]
build_preset() {
  local preset=$1 options=() targets=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  while [ $# -gt 0 ]; do targets+=(--target "$1"); shift; done
  run cmake --preset "$preset" -S "$ibid_root" "${options[@]}" --log-level=WARNING ||
    fail "configuring $preset failed" "rm -rf build/$preset and try again"
  run cmake --build "$ibid_root/build/$preset" -j "$(cores)" "${targets[@]}" ||
    fail "building $preset failed" "read the compiler's message above"
}
