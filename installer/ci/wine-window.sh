#!/bin/bash
# Opens the Windows window under Wine, on a display with OpenGL and on one without, and looks what a person would see.
#
#   wine-window.sh [PROGRAM.EXE]      without a program, ./installer/window --windows builds it
#
# In a Wine of its own that is thrown away, on displays of its own. One line a check; exit status 0 only if every check
# passed, 69 if something is missing here. Needs the Debian packages wine, wine64, gcc-mingw-w64-x86-64-win32, xvfb,
# libgl1-mesa-dri, openbox, xdotool, imagemagick and python3. Pictures are left in build/window.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=checks.sh
. "$here/checks.sh"

miss() { echo "wine-window.sh: $*" >&2; exit 69; }
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
for file in "$wine" "$server"; do [ -x "$file" ] || miss "needs the Debian packages wine and wine64"; done
gcc=$(command -v x86_64-w64-mingw32-gcc) || miss "needs the Debian package gcc-mingw-w64-x86-64-win32"
for tool in Xvfb openbox xdotool import python3; do command -v $tool >/dev/null || miss "needs $tool; ./installer/test installs it"; done

root=$(cd "$here/../.." && pwd)
program=${1:-}
if [ -z "$program" ]; then
  "$root/installer/window" --windows || exit 1
  program=$root/build/smtp-gateway-manager.exe
fi
program=$(realpath "$program") || exit 1
shots=$root/build/window
mkdir -p "$shots"

work=$(mktemp -d)
children=()
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEARCH=win64 WINEDLLOVERRIDES='mscoree,mshtml=' HOME=$work LANG=en_US.UTF-8
unset SMTP_GATEWAY_DATA DISPLAY XDG_RUNTIME_DIR
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$?
  trap '' INT TERM
  timeout 20 "$server" -k 2>/dev/null
  for child in "${children[@]}"; do kill "$child" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# managed: the window manager is there; a window that opens before it cannot be asked to the front.
managed() { xdotool get_num_desktops >/dev/null 2>&1; }
# display FILE [OPTION...]: a display of its own, with a window manager; DISPLAY is set.
display() {
  local file=$work/$1
  shift
  mkfifo "$file"
  Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp -noreset "$@" 3>"$file" >/dev/null 2>&1 &
  children+=($!)
  read -r -t 60 DISPLAY <"$file" || miss "no display"
  export DISPLAY=:$DISPLAY
  openbox >/dev/null 2>&1 &
  children+=($!)
  within 30 managed || miss "no window manager"
}

# window TITLE: its number, if it can be seen.
window() { xdotool search --onlyvisible --name "^$1\$" 2>/dev/null | head -n 1 | grep .; }
there() { window "$1" >/dev/null; }
gone() { ! window "$1" >/dev/null; }
# wide TITLE AT_LEAST: the window has its own size, and is no box with a message.
wide() { [ "$(xdotool getwindowgeometry --shell "$(window "$1")" | sed -n 's/^WIDTH=//p')" -ge "$2" ]; }
narrow() { ! wide "$@"; }
# colours FILE AT_LEAST: something was drawn; a black window has one colour.
colours() { [ "$(identify -format %k "$1")" -ge "$2" ]; }
shot() { import -window "$(window "$2")" "$shots/$1"; }
drawn() { shot "$1" "$2" && colours "$shots/$1" 50; }
ended() { ! kill -0 "$1" 2>/dev/null; }
run() { # ARGUMENTS...: starts the window's program; pid is its number
  "$wine" 'C:\Program Files\SMTP Gateway\smtp-gateway-manager.exe' "$@" >"$work/said" 2>&1 &
  pid=$!
}
code() { wait "$pid"; echo $?; }

mkdir "$WINEPREFIX"
timeout 180 "$wine" wineboot -i >/dev/null 2>&1 || miss "Wine cannot make its folder"
timeout 60 "$server" -w
C=$WINEPREFIX/drive_c
"$gcc" -shared -O2 -s -o "$C/windows/system32/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32 || exit 1
mkdir -p "$C/Program Files/SMTP Gateway"
install -m755 "$program" "$C/Program Files/SMTP Gateway/smtp-gateway-manager.exe"
title='SMTP Gateway Manager'

x86_64-w64-mingw32-objdump -p "$program" | sed -n 's/^\tDLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u >"$work/dlls"
equal "it needs the system's own libraries only" "" \
  "$(grep -vxE '(gdi32|kernel32|msvcrt|opengl32|shell32|user32|advapi32|ole32|ntdll|ws2_32|winmm|dwmapi)\.dll' "$work/dlls" | tr '\n' ' ')"

display gl +extension GLX
run --data 'C:\library'
first=$pid
check "the window opens" within 120 there "$title"
check "it is the window and no message" within 30 wide "$title" 900
check "it is drawn" within 60 drawn wine.png "$title"
check "its data folder was made" within 60 test -s "$C/library/gateway.db"
xdotool key ctrl+2
cp "$shots/wine.png" "$work/before.png"
other() { shot wine-settings.png "$title" && ! cmp -s "$work/before.png" "$shots/wine-settings.png"; }
check "the keyboard goes to another screen" within 60 other
# step NAME KEY...: presses keys, and waits until the window looks otherwise and has come to rest.
step() {
  local name=$1
  shift
  shot wine-last.png "$title"
  cp "$shots/wine-last.png" "$work/last.png"
  xdotool key --delay 60 "$@"
  check "$name" within 60 moved
}
moved() {
  shot wine-last.png "$title"
  cmp -s "$work/last.png" "$shots/wine-last.png" && return 1
  cp "$shots/wine-last.png" "$work/moving.png"
  sleep 1
  shot wine-last.png "$title"
  cmp -s "$work/moving.png" "$shots/wine-last.png"
}
# patrons: how many the database has, read from a copy while the window has it open.
patrons() {
  rm -f "$work"/copy.db*
  for part in '' -wal; do [ ! -e "$C/library/gateway.db$part" ] || cp "$C/library/gateway.db$part" "$work/copy.db$part"; done
  [ "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM patron").fetchone()[0])' "$work/copy.db" 2>/dev/null)" = "$1" ]
}
printf 'cardnumber,surname,firstname,group\r\n1,Berg,Mila,4b\r\n2,Okoye,Tobi,4b\r\n' >"$C/patrons.csv"
step "the keyboard goes to the patrons" ctrl+4
cp "$shots/wine-last.png" "$shots/wine-patrons.png"
step "an import is opened by keyboard" Tab Tab Return # past the banner
xdotool type --delay 60 'C:\patrons.csv'
step "a file on drive C is read" Return
step "its columns are shown" Return
step "what would change is shown" Return
cp "$shots/wine-last.png" "$shots/wine-import.png"
step "it is taken in" shift+Tab shift+Tab Return
check "both patrons are in the database" within 60 patrons 2
step "the import is closed" Return
run --data 'C:\library'
check "a second start ends" within 60 ended "$pid"
equal "a second start is no error" 0 "$(code)"
pid=$first
xdotool windowactivate "$(window "$title")" key alt+F4
check "it closes" within 60 ended "$pid"
equal "its exit code" 0 "$(code)"

display nogl -extension GLX
run --data 'C:\library'
check "without OpenGL it says so" within 120 there "$title"
check "in a box of the system" within 10 narrow "$title" 900
check "with words in it" within 30 drawn wine-no-opengl.png "$title"
xdotool windowactivate "$(window "$title")" key Return
check "the box closes" within 60 ended "$pid"
equal "the exit code says that there is no window" 69 "$(code)"

run --version
check "the version is told" within 60 ended "$pid"
holds "as with smtp-gateway" "smtp-gateway-manager version" "$(tr -d '\r' <"$work/said")"
[ "$failed" -eq 0 ] || tail -n 20 "$work/said"
summary
