#!/bin/bash
# Opens the Windows window under Wine, on a display with OpenGL and on one without, and does with it what a person would.
#
#   wine-window.sh [PROGRAM.EXE]      without a program, ./installer/window --windows builds it
#
# Without OpenGL the window is drawn in software, which Wine stands in for the servers and remote desktops that lack it.
# In a Wine of its own that is thrown away, on displays of its own. One line a check; exit status 0 only if every check
# passed, 69 if something is missing here. Needs the Debian packages wine, wine64, gcc-mingw-w64-x86-64-win32, xvfb,
# libgl1-mesa-dri, openbox, xdotool, xclip, x11-xkb-utils, imagemagick and python3, and Go. Pictures are left in
# build/window.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=checks.sh
. "$here/checks.sh"

miss() { echo "wine-window.sh: $*" >&2; exit 69; }
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
for file in "$wine" "$server"; do [ -x "$file" ] || miss "needs the Debian packages wine and wine64"; done
gcc=$(command -v x86_64-w64-mingw32-gcc) || miss "needs the Debian package gcc-mingw-w64-x86-64-win32"
for tool in Xvfb openbox xdotool xclip setxkbmap import python3 go; do command -v $tool >/dev/null || miss "needs $tool; ./installer/test installs it"; done

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
# display FILE SIZE [OPTION...]: a display of its own, with a window manager; DISPLAY is set.
display() {
  local file=$work/$1 size=$2
  shift 2
  mkfifo "$file"
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset "$@" 3>"$file" >/dev/null 2>&1 &
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
# wide TITLE AT_LEAST: the window has its own size, and is no box with a message.
wide() { [ "$(xdotool getwindowgeometry --shell "$(window "$1")" | sed -n 's/^WIDTH=//p')" -ge "$2" ]; }
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

# step NAME KEY...: presses keys, and waits until the window looks otherwise and has come to rest.
step() {
  local name=$1
  shift
  shot "$as-last.png" "$title"
  cp "$shots/$as-last.png" "$work/last.png"
  xdotool key --delay 60 "$@"
  check "$as: $name" within 60 moved
}
moved() {
  shot "$as-last.png" "$title"
  cmp -s "$work/last.png" "$shots/$as-last.png" && return 1
  cp "$shots/$as-last.png" "$work/moving.png"
  sleep 1
  shot "$as-last.png" "$title"
  cmp -s "$work/moving.png" "$shots/$as-last.png"
}
# click X Y: presses the mouse at a place of the window.
click() { xdotool mousemove --window "$(window "$title")" "$1" "$2" click 1; }
# asked QUERY WANT: what the database answers, read from a copy while the window has it open.
asked() {
  rm -f "$work"/copy.db*
  for part in '' -wal; do [ ! -e "$C/$as/gateway.db$part" ] || cp "$C/$as/gateway.db$part" "$work/copy.db$part"; done
  [ "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])' "$work/copy.db" "$1" 2>/dev/null)" = "$2" ]
}
setting() { asked "SELECT value FROM setting WHERE name = '$1'" "$2"; }

# opens NAME ARGUMENTS...: the window opens, in a data folder of that name.
opens() {
  as=$1
  shift
  run --data "C:\\$as" "$@"
  check "$as: the window opens" within 120 there "$title"
  check "$as: it is the window and no message" within 30 wide "$title" 900
  check "$as: it is drawn" within 60 drawn "$as.png" "$title"
  check "$as: its data folder was made" within 60 test -s "$C/$as/gateway.db"
}

# person: what somebody does on the first day.
person() {
  local first=$pid
  step "the keyboard goes to the settings" ctrl+2
  cp "$shots/$as-last.png" "$shots/$as-settings.png"
  click 640 263 # the mail server
  xdotool type --delay 60 'mail.school.example'
  step "a setting is typed and saved" ctrl+s
  cp "$shots/$as-last.png" "$shots/$as-saved.png"
  check "$as: it is in the database" within 60 setting server1.host mail.school.example
  printf 'cardnumber,surname,firstname,group\r\n1,Berg,Mila,4b\r\n2,Okoye,Tobi,4b\r\n' >"$C/patrons.csv"
  step "the keyboard goes to the patrons" ctrl+4
  cp "$shots/$as-last.png" "$shots/$as-patrons.png"
  step "an import is opened by keyboard" Tab Tab Return # past the banner
  xdotool type --delay 60 'C:\patrons.csv'
  step "a file on drive C is read" Return
  step "its columns are shown" Return
  step "what would change is shown" Return
  cp "$shots/$as-last.png" "$shots/$as-import.png"
  step "it is taken in" shift+Tab shift+Tab Return
  check "$as: both patrons are in the database" within 60 asked 'SELECT count(*) FROM patron' 2
  step "the import is closed" Return
  xdotool windowminimize "$(window "$title")"
  check "$as: minimised it is not seen" within 30 not there "$title"
  run --data "C:\\$as"
  check "$as: a second start ends" within 60 ended "$pid"
  equal "$as: a second start is no error" 0 "$(code)"
  check "$as: and brings the window back" within 30 there "$title"
  pid=$first
}
# closes: by the keys that close a window.
closes() {
  xdotool windowactivate "$(window "$title")" key alt+F4
  check "$as: it closes" within 60 ended "$pid"
  equal "$as: its exit code" 0 "$(code)"
}

x86_64-w64-mingw32-objdump -p "$program" | sed -n 's/^\tDLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u >"$work/dlls"
equal "it needs the system's own libraries only" "" \
  "$(grep -vxE '(gdi32|kernel32|msvcrt|opengl32|shell32|user32|advapi32|ole32|ntdll|ws2_32|winmm|dwmapi)\.dll' "$work/dlls" | tr '\n' ' ')"

display gl 1400x900 +extension GLX
opens opengl
person
closes

opens software --software
check "software: the log says why" within 60 asked \
  "SELECT count(*) FROM journal WHERE text = 'The window is drawn without OpenGL: it was started with --software.'" 1
closes

display nogl 2400x1600 -extension GLX
tests() {
  (cd "$root" && GOOS=windows GOARCH=amd64 CGO_ENABLED=0 HOME=${GOHOME:-/root} go test -tags ci -c -o "$work/window.test.exe" ./app/software) || return 1
  CI=true timeout 300 "$wine" "$work/window.test.exe" -test.run '^TestWin32' -test.v >"$work/tests" 2>&1 || { grep -vE '^=== |--- PASS' "$work/tests"; return 1; }
  grep -q '^--- PASS: TestWin32' "$work/tests" || { cat "$work/tests"; return 1; } # no test is no success
}
check "the window's own tests, by ./app/software" tests

setxkbmap de # before Wine looks at the keyboard
opens nogl
check "nogl: the log says why" within 60 asked \
  "SELECT count(*) FROM journal WHERE text LIKE 'The window is drawn without OpenGL: %OpenGL 2.1%'" 1
person

# idle: nothing is drawn, and nobody looks whether there is something to draw. How long that is looked at another
# program's processor time says, of which the window may use a fiftieth: it looks into its data now and then.
idle() {
  local used woken
  ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
  waits() { sed -n 's/^voluntary_ctxt_switches:\s*//p' "/proc/$pid/task/$pid/status"; }
  used=$(ticks) woken=$(waits)
  python3 -c 'import time
while time.process_time() < 3: pass'
  used=$(($(ticks) - used)) woken=$(($(waits) - woken))
  echo "nogl: measured: idle, $used of 300 ticks, woken $woken times" | tee "$work/idle"
  [ "$used" -le 6 ] && [ "$woken" -le 90 ] # one that looks 60 times a second is woken 180 times at least
}
xdotool mousemove 2 2 # a pointer over the window is asked for by Wine, though not by Windows
check "nogl: idle it uses no processor" within 60 idle
idle

# clipboard TEXT: what is marked in the field goes to another program by the clipboard, and is this text.
clipboard() {
  xdotool key ctrl+c
  [ "$(timeout 5 xclip -selection clipboard -o)" = "$1" ]
}
step "the keyboard goes to the queue" ctrl+3
click 380 177 # the search
LC_ALL=C.UTF-8 xdotool type --delay 60 'Bücher@schule, größer'
xdotool key ctrl+a
check "nogl: umlauts and AltGr are typed, and another program has them from the clipboard" within 30 clipboard 'Bücher@schule, größer'
printf 'из другой 😀' | xclip -selection clipboard -i
step "the text of another program is taken from the clipboard" ctrl+v
printf '' | xclip -selection clipboard -i
xdotool key ctrl+a
check "nogl: it is that text" within 30 clipboard 'из другой 😀'
xdotool type --delay 60 'Lesesaal'
xdotool mousemove --window "$(window "$title")" 380 177 mousedown 1
for x in 370 350 300 200 100; do xdotool mousemove --window "$(window "$title")" $x 177; done
xdotool mouseup 1
check "nogl: the mouse marks what it is drawn over, also outside the field" within 30 clipboard Lesesaal
xdotool key ctrl+2
xdotool mousemove --window "$(window "$title")" 640 400
shot "$as-last.png" "$title"
cp "$shots/$as-last.png" "$work/last.png"
xdotool click 5 click 5 click 5
check "nogl: the wheel moves what is long" within 30 moved
cp "$shots/$as-last.png" "$work/before.png"
id=$(window "$title")
xdotool windowminimize "$id"
within 30 not there "$title"
xdotool windowactivate "$id"
as_before() { shot "$as-last.png" "$title" && cmp -s "$work/before.png" "$shots/$as-last.png"; }
check "nogl: it comes back as it was" within 30 as_before
xdotool windowsize "$id" 1400 900
filled() { shot "$as-large.png" "$title" && [ "$(convert "$shots/$as-large.png" -format '%wx%h %[pixel:p{1395,895}]' info:)" = '1400x900 srgb(255,255,255)' ]; }
check "nogl: made larger it is drawn to its edge" within 30 filled
xdotool windowsize "$id" 1100 700
as_small() { [ "$(xdotool getwindowgeometry --shell "$id" | sed -n 's/^WIDTH=//p')" = 1100 ]; }
check "nogl: and made smaller" within 30 as_small
closes

# On displays of other sharpness everything has its size and its place.
for dots in 144 192; do
  timeout 60 "$server" -w
  timeout 60 "$wine" reg add 'HKCU\Control Panel\Desktop' /v LogPixels /t REG_DWORD /d $dots /f >/dev/null 2>&1
  timeout 60 "$server" -w
  opens "dots$dots"
  equal "$as: its size inside" "$((1100 * dots / 96)) $((700 * dots / 96))" \
    "$(xdotool getwindowgeometry --shell "$(window "$title")" | sed -n 's/^WIDTH=//p; s/^HEIGHT=//p' | tr '\n' ' ' | sed 's/ $//')"
  step "the keyboard goes to the settings" ctrl+2
  click $((640 * dots / 96)) $((263 * dots / 96))
  xdotool type --delay 60 'mail.school.example'
  step "a setting is typed and saved" ctrl+s
  check "$as: it is in the database" within 60 setting server1.host mail.school.example
  closes
done

run --version
check "the version is told" within 60 ended "$pid"
holds "as with smtp-gateway" "smtp-gateway-manager version" "$(tr -d '\r' <"$work/said")"
[ "$failed" -eq 0 ] || tail -n 20 "$work/said"
summary
