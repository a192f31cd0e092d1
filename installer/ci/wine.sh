#!/bin/bash
# Runs the Windows program as a Windows service under Wine and looks whether it keeps its promises there.
#
#   wine.sh [PROGRAM.EXE]      without a program, ./service is built for Windows
#
# In a Wine of its own that is thrown away: install, start by hand, wrong settings, start with the computer, a message
# from the folder to a mail server on loopback, stop, uninstall. One line a check; exit status 0 only if every check
# passed, 69 if something is missing here. Needs the Debian packages wine, wine64 and gcc-mingw-w64-x86-64-win32.
# What Wine 8 cannot show: delayed start, the new start after a crash, the access lists (taken, not enforced).
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=checks.sh
. "$here/checks.sh"

miss() { echo "wine.sh: $*" >&2; exit 69; }
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
for file in "$wine" "$server"; do [ -x "$file" ] || miss "needs the Debian packages wine and wine64"; done
gcc=$(command -v x86_64-w64-mingw32-gcc) || miss "needs the Debian package gcc-mingw-w64-x86-64-win32"
command -v python3 >/dev/null || miss "needs python3"

work=$(mktemp -d) alive='' sink=''
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEARCH=win64 HOME=$work
unset SMTP_GATEWAY_DATA DISPLAY
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$?
  trap '' INT TERM
  timeout 20 "$server" -k 2>/dev/null
  [ -z "$alive" ] || kill "$alive" 2>/dev/null
  [ -z "$sink" ] || kill "$sink" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

program=${1:-}
if [ -z "$program" ]; then
  program=$work/built.exe
  (cd "$here/../.." && GOOS=windows GOARCH=amd64 CGO_ENABLED=0 HOME=${GOHOME:-/root} go build -o "$program" ./service) || exit 1
fi

mkdir "$WINEPREFIX"
timeout 180 "$wine" wineboot -i >/dev/null 2>&1 || miss "Wine cannot make its folder"
timeout 60 "$server" -w # all of it written, and no service manager left from setting up
C=$WINEPREFIX/drive_c
"$gcc" -shared -O2 -s -o "$C/windows/system32/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32 || exit 1
mkdir -p "$C/Program Files/SMTP Gateway"
install -m755 "$program" "$C/Program Files/SMTP Gateway/smtp-gateway.exe"

# Wine's service manager ends with the last program, and the services with it: one program waits for as long as we do.
mkfifo "$work/wait"
"$wine" cmd <"$work/wait" >/dev/null 2>&1 &
alive=$!
exec 9>"$work/wait"
# Two programs that start at once could start two service managers, which know nothing of each other.
echo 'echo up >C:\up' >&9
within 60 test -e "$C/up" || miss "Wine does not come up"

P() { timeout 120 "$wine" 'C:\Program Files\SMTP Gateway\smtp-gateway.exe' "$@" | tr -d '\r'; }
status() { P --json status | field "$1"; }
state_is() { [ "$(status state)" = "$1" ]; }
# The service manager stands still for 8 s, as on a machine with no time to spare, while three programs ask it; after 5 s
# Wine tells all but one that it is too busy.
busy_manager() {
  local pid held='' ask=() n status=0
  for pid in $(pgrep -x services.exe); do
    if grep -qzx "WINEPREFIX=$WINEPREFIX" "/proc/$pid/environ"; then held=$pid; fi
  done
  [ -n "$held" ] || { echo "there is no service manager"; return 1; }
  kill -STOP "$held"
  for n in 1 2 3; do P --json status >"$work/busy$n" & ask+=($!); done
  sleep 8
  kill -CONT "$held"
  wait "${ask[@]}"
  for n in 1 2 3; do
    [ "$(field startup <"$work/busy$n")" = manual ] || { head -n 4 "$work/busy$n"; status=1; }
  done
  return "$status"
}
# The store of the stopped service, changed behind its back: settings no program of ours would save.
spoil() {
  python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", sys.argv[2:])' \
    "$C/ProgramData/SMTP Gateway/gateway.db" "$@"
}

# own_test PACKAGE TEST: a test of ours that asks Windows itself; no test is no success.
own_test() {
  (cd "$here/../.." && GOOS=windows GOARCH=amd64 CGO_ENABLED=0 HOME=${GOHOME:-/root} go test -tags ci -c -o "$work/own.test.exe" "$1") || return 1
  timeout 120 "$wine" "$work/own.test.exe" -test.run "^$2\$" -test.v >"$work/own.log" 2>&1 || { cat "$work/own.log"; return 1; }
  grep -q "^--- PASS: $2" "$work/own.log" || { cat "$work/own.log"; return 1; }
}

check "the program runs under Wine" within 30 P --json status
check "the mail program is found in the registry, by the tests of ./app" own_test ./app TestMailProgram # in a registry that is Wine's
check "who has access is told with the domain, by the tests of ./service/control" own_test ./service/control TestPeople
equal "before: not installed" "not installed" "$(status state)"
check "install" P install
equal "it starts by hand" "stopped manual" "$(status state) $(status startup)"
check "install again repairs" P install

refused "start without settings fails" P start
equal "it says that it is not set up, code 20001" "failed 20001" "$(status state) $(status exit_code)"
check "and why, in words" test -n "$(status reason)"

python3 "$here/sink.py" "$work/port" "$work/mail" &
sink=$!
check "a mail server on loopback" within 10 test -s "$work/port"
check "settings" P settings set server1.host=127.0.0.1 "server1.port=$(cat "$work/port")" server1.security=none \
  server1.allow_insecure=true from.address=library@school.example test_to=it@school.example minutes_between_checks=1
check "spoil the settings" spoil server1.port 70000
refused "start with wrong settings fails" P start
equal "it says that they are wrong, code 20002" "failed 20002" "$(status state) $(status exit_code)"
check "repair them" P settings set "server1.port=$(cat "$work/port")"
check "start" P start
check "it runs" within 20 state_is running
equal "it still starts by hand" manual "$(status startup)"
check "status waits for a service manager that is too busy" busy_manager

check "startup auto" P startup auto
equal "it starts with the computer" auto "$(status startup)"
check "startup manual" P startup manual
equal "it starts by hand again" manual "$(status startup)"

drop="$C/ProgramData/SMTP Gateway Email"
check "the folder is there" test -d "$drop"
printf 'From: library@school.example\r\nTo: reader@school.example\r\nSubject: Overdue\r\n\r\nPlease bring it back.\r\n' >"$drop/one.part"
mv "$drop/one.part" "$drop/one.TMP"
check "a message from the folder arrives at the next check" within 120 grep -q 'Please bring it back' "$work/mail"
check "to whom it was for" grep -qi '^RCPT TO:<reader@school.example>' "$work/mail"
check "its file is gone" within 30 test ! -e "$drop/one.TMP"
equal "it arrived once" 1 "$(grep -c 'Please bring it back' "$work/mail")"

check "restart" P restart
check "stop" P stop
check "it has stopped" within 20 state_is stopped
equal "stopped, without an error" "stopped " "$(status state) $(status reason)"
check "stop again is no error" P stop
check "uninstall" P uninstall
equal "after: not installed" "not installed" "$(status state)"
check "the messages stay" test -s "$C/ProgramData/SMTP Gateway/gateway.db"
check "the key stays" test -s "$C/ProgramData/SMTP Gateway Key/private.key"
if [ "$failed" -gt 0 ]; then
  echo "the service's own log:"
  tail -n 30 "$C/ProgramData/SMTP Gateway/logs/service.log"
fi
summary
