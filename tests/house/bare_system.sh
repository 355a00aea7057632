#!/usr/bin/env bash
# Shows that ./demo and ./check need nothing but a bare Debian 12.
#
#   bare_system.sh DIRECTORY              debootstraps Debian 12 (minbase) into DIRECTORY, clones the
#                                         tree into it and runs ./demo, then ./check there
#   bare_system.sh DIRECTORY --configure  only installs the packages of cmake/debian-packages.txt
#                                         and configures
#
# Run as root, by name: it downloads about 300 MB and takes as long as ./demo and ./check. The
# system inside sees /proc, /dev and the host's apt sources, nothing else of the host. DIRECTORY is
# kept; a second run goes on with the system that is there and a new clone.
set -euo pipefail

tree=$(cd "$(dirname "$0")/../.." && pwd)
suite=bookworm

fail() { printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
step() { printf '\n==> %s\n' "$*"; }

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: bare_system.sh DIRECTORY [--configure]"
[ "$(id -u)" -eq 0 ] || fail "must be root"
command -v debootstrap >/dev/null || fail "no debootstrap; do: apt-get install debootstrap"
mkdir -p "$1"
root=$(cd "$1" && pwd)
mode=${2:-full}
[ "$root" != / ] || fail "DIRECTORY is the running system"

# The mirror that the host's own sources name for the main archive, and apt's proxy.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
  awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || fail "the host's apt sources name no mirror of $suite (apt-get update first)"
proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy)
[ -z "$proxy" ] || export http_proxy=$proxy

unmount() {
  for place in dev/pts dev proc; do
    ! mountpoint -q "$root/$place" || umount "$root/$place"
  done
}
trap unmount EXIT

inside() {
  chroot "$root" /usr/bin/env -i HOME=/srv TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin ${proxy:+http_proxy="$proxy"} \
    bash -c "cd /srv/ibid && $1"
}

if [ ! -e "$root/etc/debian_version" ]; then
  step "debootstrap $suite into $root"
  debootstrap --variant=minbase "$suite" "$root" "$mirror"
fi
step "The host's apt sources"
rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
mkdir -p "$root/etc/apt/sources.list.d"
for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ ! -f "$source" ] || cp "$source" "$root${source}"
done
[ -z "$proxy" ] ||
  printf 'Acquire::http::Proxy "%s";\n' "$proxy" >"$root/etc/apt/apt.conf.d/90proxy"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"

step "A clean clone"
rm -rf "$root/srv/ibid"
git clone -q --no-hardlinks "$tree" "$root/srv/ibid"

if [ "$mode" = --configure ]; then
  step "Packages, then configure"
  inside '. cmake/setup.sh && need_packages build demo &&
          cmake --preset release -S . -DIBID_BUILD_TESTS=OFF -DIBID_BUILD_BENCH=OFF &&
          need_packages build test && cmake --preset dev -S .' || fail "configure failed"
  step "configured"
  exit 0
fi

failed=0
for command in ./demo ./check; do
  step "$command in the bare system"
  started=$SECONDS
  if inside "$command"; then outcome=ok; else outcome=FAILED; failed=1; fi
  summary="${summary:-}$(printf '%-8s %-6s %d s' "$command" "$outcome" $((SECONDS - started)))"$'\n'
done
step "Outcome on a bare Debian $(cat "$root/etc/debian_version")"
printf '%s' "$summary"
exit "$failed"
