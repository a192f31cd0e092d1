# shellcheck shell=bash
# The setup program as a person meets it, by keyboard: one double-click, an upgrade while the window cannot close, and the
# uninstaller's questions. Sourced by test.sh; nothing of ours is installed when it begins and ends.
# shellcheck disable=SC2154 # test.sh has set them

# press hits Return until a command succeeds: on every page that is the button which goes on, on a question about data the one
# that keeps it.
press() { within "$1" pressed "${@:2}"; }
pressed() { "$@" && return; xdotool key --clearmodifiers Return; "$@"; }
titled() { test "$(xdotool search --onlyvisible --name "^SMTP Gateway $1 *\$" 2>/dev/null | wc -l)" "${@:2}"; }
ended() { ! kill -0 "$1" 2>/dev/null; }

echo "== by hand"
W "C:\\w\\smtp-gateway-$old-setup.exe" &
clicking=$!
check "by hand: Return on every page ends with the open window" press 120 window
check "by hand: the setup has ended" within 30 ended $clicking
equal "by hand: the service is there" "stopped manual" "$(status state) $(status startup)"
holds "by hand: the person at the screen has access" "$USERNAME" "$(P access list)"

# The window is open and hangs.
manager=''
for pid in $(pgrep -f 'smtp-gateway-manager\.exe$'); do
  if grep -qzx "WINEPREFIX=$WINEPREFIX" "/proc/$pid/environ"; then manager=$pid; fi
done
check "by hand: the window is a process" test -n "$manager"
kill -STOP "$manager"
W "C:\\w\\smtp-gateway-$new-setup.exe" &
clicking=$!
check "by hand: an upgrade asks to close the window that hangs" press 60 titled Setup -ge 2
xdotool key Return
check "by hand: Retry closes the question" within 10 titled Setup -eq 1
check "by hand: and asks again" within 40 titled Setup -ge 2
kill -CONT "$manager"
check "by hand: a second setup meanwhile is refused" code 7 setup "$new"
check "by hand: when the window can, it closes" press 60 ended "$manager"
check "by hand: and the setup comes to its end" press 90 window
check "by hand: the setup has ended, too" within 30 ended $clicking
holds "by hand: the newer program" "$new" "$(P --version)"
check "by hand: the window closes when setup asks" P setup before

W cmd /c 'C:\w\uninstall.bat' &
clicking=$!
check "by hand: the uninstaller goes on by Return" press 90 ended $clicking
check "by hand: programs, service and menu are gone" program_gone
check "by hand: who says nothing else keeps the messages" test -s "$data/gateway.db"
check "by hand: installed once more" code 0 setup "$new"
check "by hand: purged" code 0 uninstall /PURGE
for folder in "$data" "$data Key" "$data Email"; do check "by hand: ${folder##*/} is gone" gone "$folder"; done
rm -rf "$programs" # the uninstaller that ran beside itself
