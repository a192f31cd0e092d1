#!/bin/bash
# Boots a real systemd with the program in it and runs a test there. Nothing on this machine is installed or changed.
#
#   systemd.sh BINARY TESTSCRIPT...
#
#   BINARY      the program under test; inside it is /usr/local/bin/smtp-gateway. -: none
#   TESTSCRIPT  run by bash as root inside, once systemd is up; its exit status is ours. Each further one runs after the
#               machine inside was switched off and on
#   BASE        environment, optional: the root folder of another system instead of this machine's own
#   PREPARE     environment, optional: a shell command run before the boot with the new root folder as $ROOT, for example
#               PREPARE='chroot $ROOT apt-get install -y pkexec'
#   LIMIT       environment, optional: seconds each test may take (default 300)
#
# How: the root folder, seen through an overlay whose changes live in memory, is booted by systemd-nspawn
# in a network of its own that has nothing but loopback. Needs root and the Debian packages systemd-container,
# systemd-sysv and dbus; polkitd for those tests that ask who may do what. The temporary folder inside is empty.
# Exit status 64: wrong use; 69: something is missing here; 70: systemd did not come up; 124: the test took too long.
set -euo pipefail

say() { echo "systemd.sh: $*" >&2; }
[ $# -ge 2 ] || { sed -n '2,17s/^# \{0,1\}//p' "$0" >&2; exit 64; }
binary=$1
shift
for file in "$binary" "$@"; do [ "$file" = - ] || [ -f "$file" ] || { say "there is no file $file"; exit 64; }; done
[ "$(id -u)" = 0 ] || { say "needs root"; exit 69; }
for tool in systemd-nspawn nsenter pgrep timeout; do
  command -v "$tool" >/dev/null || { say "needs $tool (Debian: systemd-container, util-linux, procps, coreutils)"; exit 69; }
done
base=${BASE:-/}
[ -x "$base/lib/systemd/systemd" ] || { say "needs the Debian package systemd-sysv"; exit 69; }

work=$(mktemp -d) nspawn='' init=''
inside() { nsenter --target "$init" --all -- "$@"; }

# off ends the machine inside like any other, else its mounts would outlive it here.
off() {
  local i
  if [ -n "$nspawn" ] && kill -0 "$nspawn" 2>/dev/null; then
    { [ -n "$init" ] && timeout 10 nsenter --target "$init" --all -- systemctl poweroff 2>/dev/null; } || kill -TERM "$nspawn" 2>/dev/null || true
    for ((i = 0; i < 150; i++)); do kill -0 "$nspawn" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  nspawn='' init=''
}

# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$? i
  trap '' INT TERM
  off
  for ((i = 0; i < 20; i++)); do
    mountpoint -q "$work/memory/root" || break
    umount "$work/memory/root" 2>/dev/null || sleep 0.1
  done
  for ((i = 0; i < 20; i++)); do
    mountpoint -q "$work/memory" || break
    umount "$work/memory" 2>/dev/null || sleep 0.1
  done
  rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

mkdir "$work/memory"
mount -t tmpfs -o size=768m tmpfs "$work/memory"
mkdir "$work"/memory/{changes,scratch,root}
ROOT=$work/memory/root
mount -t overlay overlay -o "lowerdir=$base,upperdir=$work/memory/changes,workdir=$work/memory/scratch" "$ROOT"

# A machine of its own: no units, timers and identity of this one, and no sign of a container, which some programs
# take for "not run by systemd".
rm -rf "$ROOT"/etc/systemd/system/*.wants "$ROOT/.dockerenv"
ln -sf /lib/systemd/system/multi-user.target "$ROOT/etc/systemd/system/default.target"
: >"$ROOT/etc/machine-id"
# What an earlier try left on this machine must not pass for installed inside.
rm -rf "$ROOT"/etc/systemd/system/smtp-gateway.service* "$ROOT"/var/lib/smtp-gateway* "$ROOT"/var/log/smtp-gateway \
  "$ROOT/etc/polkit-1/rules.d/49-smtp-gateway.rules" "$ROOT/usr/lib/systemd/system/smtp-gateway.service"
[ "$binary" = - ] || install -m755 "$binary" "$ROOT/usr/local/bin/smtp-gateway"
mkdir -p "$ROOT/opt/test"
install -m644 "$(dirname "${BASH_SOURCE[0]}")/checks.sh" "$ROOT/opt/test/"
if [ -n "${PREPARE:-}" ]; then
  export ROOT
  sh -ec "$PREPARE"
fi

# on starts the machine inside and waits until systemd is up.
on() {
  local state='' i
  systemd-nspawn --quiet --boot --directory="$ROOT" --machine="smtp-gateway-ci-$$" --register=no --keep-unit \
    --private-network --link-journal=no --console=pipe systemd.firstboot=off </dev/null >"$work/boot.log" 2>&1 &
  nspawn=$!
  for ((i = 0; i < 600; i++)); do
    init=$(pgrep -P "$nspawn" | head -n 1 || true)
    if [ -n "$init" ]; then state=$(inside systemctl is-system-running 2>/dev/null || true); fi
    case $state in running | degraded) return ;; esac
    kill -0 "$nspawn" 2>/dev/null || break
    sleep 0.1
  done
  say "systemd did not come up (${state:-no state})"
  cat "$work/boot.log" >&2
  exit 70
}

for script; do
  off
  install -m755 "$script" "$ROOT/opt/test/test.sh"
  on
  status=0
  timeout --kill-after=10 "${LIMIT:-300}" nsenter --target "$init" --all -- /bin/bash /opt/test/test.sh || status=$?
  if [ "$status" -ne 0 ]; then
    say "the test ended with $status; the service's journal:"
    inside journalctl --no-pager -n 60 -u smtp-gateway.service >&2 || true
    exit "$status"
  fi
done
