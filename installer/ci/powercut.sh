#!/bin/bash
# Simulated power cuts: is everything that was promised still there afterwards?
#
#   powercut.sh [-n ROUNDS] [-m MIB] [-s SETUP] WRITER CHECKER
#
#   WRITER   shell command that works in the folder $DIR, a fresh ext4, until it is cut off. It prints a line for each
#            thing it has promised to keep, unbuffered and after it promised.
#   CHECKER  shell command that sees in $DIR what survived and in the file $ACK the lines WRITER had printed before the
#            cut. The first word of its last line is how many of them are missing; exit status 0: what is there is whole.
#   -s       shell command run in $DIR before each WRITER and safe on the disk when that begins
#   -n, -m   rounds (default 5); size of the disk in MiB (default 96; three of that size fit into memory)
#
# The disk is a file in memory behind a loop device. At a random moment the writer is stopped in its tracks and the file
# is copied: what the file system had not yet handed to the device is lost, as when the power goes. So a missing fsync
# shows; a disk that lies about its own cache does not. One line a round that lost something and one at the end; exit
# status 0 only if no round did. 64: wrong use; 69: something is missing here; 70: a round could not be run.
set -euo pipefail

say() { echo "powercut.sh: $*" >&2; }
usage() { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 64; }
rounds=5 mib=96 setup=:
while getopts n:m:s: option; do
  case $option in
    n) rounds=$OPTARG ;;
    m) mib=$OPTARG ;;
    s) setup=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
case $rounds$mib in *[!0-9]*) usage ;; esac
writer=$1 checker=$2
[ "$(id -u)" = 0 ] || { say "needs root"; exit 69; }
for tool in mkfs.ext4 setsid mountpoint; do command -v "$tool" >/dev/null || { say "needs $tool"; exit 69; }; done

work=$(mktemp -d) group=''
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$? place i
  trap '' INT TERM
  [ -z "$group" ] || kill -KILL -- "-$group" 2>/dev/null || true
  for place in after before memory; do
    for ((i = 0; i < 30; i++)); do
      mountpoint -q "$work/$place" || break
      umount "$work/$place" 2>/dev/null || sleep 0.1
    done
  done
  rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

mkdir "$work"/{memory,before,after}
mount -t tmpfs -o "size=$((3 * mib + 32))m" tmpfs "$work/memory"
promised=0 missing=0 damaged=0

for ((round = 1; round <= rounds; round++)); do
  truncate -s "${mib}M" "$work/memory/disk"
  mkfs.ext4 -q -F "$work/memory/disk"
  mount -o loop "$work/memory/disk" "$work/before"
  (cd "$work/before" && DIR=$work/before sh -c "$setup") || { say "round $round: the setup failed"; exit 70; }
  sync -f "$work/before"

  # A process group of its own, so that the whole of it stops at once. What it promises goes to this machine's side.
  DIR=$work/before setsid sh -c "$writer" >"$work/said" 2>"$work/complaint" </dev/null &
  group=$!
  sleep "0.$((RANDOM % 700 + 200))"
  if ! kill -STOP -- "-$group" 2>/dev/null; then
    say "round $round: the writer had ended by itself"
    cat "$work/complaint" >&2
    exit 70
  fi
  cp "$work/said" "$work/ack" # first what was promised, then what the disk has: never the other way round
  cp --sparse=always "$work/memory/disk" "$work/memory/cut"
  kill -KILL -- "-$group"
  wait "$group" 2>/dev/null || true
  group=''
  umount "$work/before"

  mount -o loop "$work/memory/cut" "$work/after"
  whole=yes
  answer=$(DIR=$work/after ACK=$work/ack sh -c "$checker" 2>&1) || whole=no
  umount "$work/after"
  rm -f "$work/memory/disk" "$work/memory/cut"

  read -r lost _ < <(printf '%s\n' "$answer" | tail -n 1) || lost=''
  case $lost in '' | *[!0-9]*) lost=0 whole=no ;; esac
  kept=$(wc -l <"$work/ack")
  promised=$((promised + kept)) missing=$((missing + lost))
  if [ "$whole" = no ]; then damaged=$((damaged + 1)); fi
  if [ "$whole" = no ] || [ "$lost" -gt 0 ]; then
    echo "round $round: promised=$kept missing=$lost whole=$whole"
    printf '%s\n' "$answer" | tail -n 8 | sed 's/^/    /'
  fi
done

echo "rounds=$rounds promised=$promised missing=$missing damaged=$damaged"
[ "$missing" -eq 0 ] && [ "$damaged" -eq 0 ] && [ "$promised" -gt 0 ]
