#!/bin/bash
# Installs, upgrades and removes the Windows program under Wine, by the setup program and by the .msi, and looks whether they
# keep their promises. Builds them first: a version, and a newer one, signed with a certificate made for the test.
#
#   test.sh [--long]
#
#   (nothing)   both ways in silence: installed, a message sent, upgraded while it runs, removed, purged
#   --long      also the same version built twice, which must come out the same to the last byte; what breaks off, on a full
#               disk for example; and the setup program clicked through as a person does
#
# In a Wine of its own that is thrown away, on a display of its own. One line a check; exit status 0 only if every check
# passed, 69 if something is missing here. What Wine 8 cannot show stands in installer/README.md.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=installer/ci/checks.sh
. "$here/../ci/checks.sh"
root=$(cd "$here/../.." && pwd)

long=''
case ${1:-} in
  '') ;;
  --long) long=yes ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
miss() { echo "test.sh: $*" >&2; exit 69; }
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
for file in "$wine" "$server"; do [ -x "$file" ] || miss "needs the Debian packages wine and wine64"; done
gcc=$(command -v x86_64-w64-mingw32-gcc) || miss "needs the Debian package gcc-mingw-w64-x86-64-win32"
for tool in Xvfb openbox xdotool python3 openssl; do command -v $tool >/dev/null || miss "needs $tool; ./installer/test installs it"; done

work=$(mktemp -d)
children=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$?
  trap '' INT TERM
  [ -z "${WINEPREFIX:-}" ] || timeout 20 "$server" -k 2>/dev/null
  for child in "${children[@]}"; do kill "$child" 2>/dev/null; done
  wait 2>/dev/null
  if mountpoint -q "${programs:-/no}"; then umount "$programs"; fi
  rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The builds, all said to be of one moment: a commit made in between changes nothing. A name in a path, a time or an order
# that slipped in would make the first two differ.
build() { # FOLDER [VARIABLE=VALUE...]
  local folder=$work/$1
  shift
  env RELEASE="$folder" PROGRAMS="$folder-programs" STAGE="$folder-stage" SETUP_COMPRESSOR=zlib SOURCE_DATE_EPOCH=1763800000 "$@" "$here/build" >"$folder.log" 2>&1 ||
    { tail -n 20 "$folder.log"; return 1; }
}
certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/certificate.pem" -days 30 -subj '/CN=A school that tests' \
    -addext 'extendedKeyUsage=codeSigning' -addext 'keyUsage=digitalSignature'
}
signed() { osslsigncode verify -CAfile "$work/certificate.pem" -in "$1" | grep 'Succeeded\|Signature verification: ok' >/dev/null; }
old=0.1.0 new=0.1.1
check "build" build one VERSION=$old
[ "$failed" -eq 0 ] || exit 1
if [ -n "$long" ]; then
  check "build again" build two VERSION=$old
  for kind in -setup.exe .msi; do check "two builds are the same to the last byte: $kind" cmp "$work/one/smtp-gateway-$old$kind" "$work/two/smtp-gateway-$old$kind"; done
  rm -rf "$work"/two*
fi
check "a certificate for signing" certificate
check "build a newer version, signed" build three VERSION=$new SIGN_WINDOWS_CERT="$work/certificate.pem" SIGN_WINDOWS_KEY="$work/key.pem"
for file in "$work/three/smtp-gateway-$new-setup.exe" "$work/three/smtp-gateway-$new.msi" "$work"/three-programs/windows-amd64/*.exe; do
  check "signed: ${file##*/}" signed "$file"
done
refused "without a key nothing is signed" signed "$work/one/smtp-gateway-$old-setup.exe"

# What stands in the programs for Windows to show.
told() { # FILE WORD: a word of the version resource
  python3 -c 'import sys; sys.exit(sys.argv[2].encode("utf-16le") not in open(sys.argv[1], "rb").read())' "$1" "$2"
}
for file in "$work"/one-programs/windows-amd64/*.exe; do
  check "${file##*/} tells version and publisher" told "$file" CompanyName
  check "${file##*/} asks for no administrator" grep -q 'requestedExecutionLevel level="asInvoker"' "$file"
done
check "setup asks for an administrator" grep -q 'requestedExecutionLevel level="requireAdministrator"' "$work/one/smtp-gateway-$old-setup.exe"

mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp -noreset +extension GLX 3>"$work/display" >/dev/null 2>&1 &
children+=($!)
read -r -t 60 DISPLAY <"$work/display" || miss "no display"
export DISPLAY=:$DISPLAY LANG=en_US.UTF-8
openbox >/dev/null 2>&1 &
children+=($!)

export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEARCH=win64 WINEDLLOVERRIDES='mscoree,mshtml=' HOME=$work
unset SMTP_GATEWAY_DATA XDG_RUNTIME_DIR
mkdir "$WINEPREFIX"
timeout 180 "$wine" wineboot -i >/dev/null 2>&1 || miss "Wine cannot make its folder"
timeout 60 "$server" -w
C=$WINEPREFIX/drive_c
"$gcc" -shared -O2 -s -o "$C/windows/system32/bcryptprimitives.dll" "$root/installer/ci/bcryptprimitives.c" -ladvapi32 || exit 1
mkdir "$C/w"
cp "$work"/one/smtp-gateway-* "$work"/three/smtp-gateway-* "$C/w/"
# Wine's service manager ends with the last program, and the services with it: one program waits for as long as we do.
mkfifo "$work/wait"
"$wine" cmd <"$work/wait" >/dev/null 2>&1 &
children+=($!)
exec 9>"$work/wait"
# Two programs that start at once could start two service managers, which know nothing of each other.
echo 'echo up >C:\w\up' >&9
within 60 test -e "$C/w/up" || miss "Wine does not come up"

programs="$C/Program Files/SMTP Gateway" data="$C/ProgramData/SMTP Gateway"
P() { timeout 120 "$wine" 'C:\Program Files\SMTP Gateway\smtp-gateway.exe' "$@" | tr -d '\r'; }
status() { P --json status | field "$1"; }
is() { [ "$(status state) $(status startup)" = "$1" ]; }
W() { timeout 180 "$wine" "$@"; }
# code WANT COMMAND...: it ends with that exit code, of which eight bits arrive here.
code() {
  local want=$(($1 & 255)) got=0
  shift
  "$@" || got=$?
  same "$want" "$got" || { cat "$C/w/log.txt" 2>/dev/null; return 1; }
}
# Wine's reg, on a busy machine, once in a while says nothing.
value() { asked "$@" || asked "$@"; }
asked() { W reg query "$1" /v "$2" | tr -d '\r' | sed -n "s/^ *$2 *REG_[A-Z_]* *//p" | grep .; }
key_gone() { ! W reg query "$1" >/dev/null 2>&1; }
gone() { [ ! -e "$1" ]; }
services='HKLM\System\CurrentControlSet\Services'
shortcut() { find "$C" -path '*Start Menu/Programs/SMTP Gateway/*' -name "$1.lnk" | grep -q .; }
program_gone() { gone "$programs/smtp-gateway.exe" && gone "$programs/smtp-gateway-manager.exe" && ! shortcut '*' && key_gone "$services\\SMTPGateway"; }
key_bytes() { sha256sum <"$C/ProgramData/SMTP Gateway Key/private.key"; }

python3 "$root/installer/ci/sink.py" "$work/port" "$work/mail" &
children+=($!)
within 10 test -s "$work/port" || exit 1
printf '{"server1.host": "127.0.0.1", "server1.port": "%s", "server1.security": "none", "server1.allow_insecure": "true",
 "from.address": "library@school.example", "test_to": "it@school.example", "minutes_between_checks": 1, "server1.password": "secret"}' "$(cat "$work/port")" >"$C/w/a school.json"

refused "an older Windows is refused, in silence" W "C:\\w\\smtp-gateway-$old-setup.exe" /S
W winecfg -v win10

# installed WHO: what both ways have to bring.
installed() {
  local who=$1 source
  equal "$who: there, and started by hand" "stopped manual" "$(status state) $(status startup)"
  equal "$who: an account of its own" 'NT SERVICE\SMTPGateway' "$(value "$services\\SMTPGateway" ObjectName)"
  equal "$who: the program in quotes" "\"C:\\Program Files\\SMTP Gateway\\smtp-gateway.exe\" run" "$(value "$services\\SMTPGateway" ImagePath)"
  source=$(value "$services\\EventLog\\Application\\SMTPGateway" EventMessageFile)
  check "$who: a source in the Event Log ($source)" test -n "$source"
  check "$who: data folder, keys and folder for mail" test -s "$data/gateway.db" -a -s "$C/ProgramData/SMTP Gateway Key/private.key" -a -d "$data Email"
  [ "$who" = .msi ] || holds "$who: access for the person named" "$USERNAME has access at once" "$(cat "$C/w/log.txt")"
  holds "$who: access for that person" "$USERNAME" "$(P access list)"
  equal "$who: settings of the file" "127.0.0.1" "$(P settings get server1.host)"
  equal "$who: but no password" "not set" "$(P settings get server1.password)"
  check "$who: the window in the start menu" shortcut 'SMTP Gateway Manager'
  check "$who: the window without OpenGL in the start menu" shortcut 'SMTP Gateway Manager (without OpenGL)'
  check "$who: the command line in the start menu" shortcut 'SMTP Gateway command line'
  holds "$who: the window runs" "$old" "$(W 'C:\Program Files\SMTP Gateway\smtp-gateway-manager.exe' --version)"
  holds "$who: the command line runs" "$old" "$(P --version)"
}
# drop WHAT [FOLDER]: a message for the service, in the folder for mail.
drop() {
  local to=${2:-$data Email}
  printf 'From: library@school.example\r\nTo: reader@school.example\r\nSubject: Overdue\r\n\r\nPlease bring back %s.\r\n' "$1" >"$to/one.part"
  mv "$to/one.part" "$to/one.TMP"
}
# sent WHO WHAT: it arrives, once.
sent() {
  check "$1: a message is sent" within 120 grep -q "bring back $2" "$work/mail"
  equal "$1: once" 1 "$(grep -c "bring back $2" "$work/mail")"
}
USERNAME=$(W cmd /c 'echo %USERNAME%' | tr -d '\r')

setup() { local version=$1; shift; W "C:\\w\\smtp-gateway-$version-setup.exe" /S '/LOG=C:\w\log.txt' "$@"; }
# The uninstaller copies itself away and comes back at once, unless it is told where it stands, without quotes.
printf '@"C:\\Program Files\\SMTP Gateway\\uninstall.exe" %%* _?=C:\\Program Files\\SMTP Gateway\r\n' >"$C/w/uninstall.bat"
uninstall() { W cmd /c 'C:\w\uninstall.bat' /S '/LOG=C:\w\log.txt' "$@"; }
window() { xdotool search --onlyvisible --name '^SMTP Gateway Manager$' 2>/dev/null | grep -q .; }

echo "== the setup program"
arp='HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\SMTPGateway'
check "setup: silent" code 0 setup $old "/USER=$USERNAME" '/SETTINGS=C:\w\a school.json'
installed setup
equal "setup: in the list of programs" "SMTP Gateway $old SMTP Gateway" "$(value "$arp" DisplayName) $(value "$arp" DisplayVersion) $(value "$arp" Publisher)"
check "setup: with size and icon" test "$(value "$arp" EstimatedSize)" != "" -a "$(value "$arp" DisplayIcon)" != ""
check "setup: the .msi gives way to it" code 1603 W msiexec /i "C:\\w\\smtp-gateway-$old.msi" /qn
drop 'the atlas'
check "setup: start" P start
sent setup 'the atlas'
# Wine keeps of a folder's list only what Linux can: who is listed is proved in installer/ci/wine.sh.
check "setup: access for somebody of a domain" P access add 'NT AUTHORITY\NETWORK SERVICE'
check "setup: access taken back by that name" P access remove 'NT AUTHORITY\NETWORK SERVICE'
check "setup: access for a group" P access add 'BUILTIN\Guests'
check "setup: taken back by its identifier, as of an account that is gone" P access remove S-1-5-32-546
refused "setup: nobody of that name" P access add nobody-of-that-name
mkdir "$C/w/another folder"
refused "setup: a folder of Windows is none for mail" P folder use 'C:\windows\temp'
refused "setup: nor the data folder" P folder use 'C:\ProgramData\SMTP Gateway'
check "setup: another folder for mail" P folder use 'C:\w\another folder'
drop 'the map' "$C/w/another folder"
check "setup: restart with it" P restart
sent 'setup: from there' 'the map'
check "setup: back to the first" P folder use 'C:\ProgramData\SMTP Gateway Email'
check "setup: restart with that" P restart
check "setup: start with the computer" P startup auto
check "setup: a setting of the school" P settings set messages_each_check=7
key=$(key_bytes)
cp -r "$programs" "$work/older"
"$wine" 'C:\Program Files\SMTP Gateway\smtp-gateway-manager.exe' >/dev/null 2>&1 &
pid=$!
children+=("$pid")
check "upgrade: the window is open" within 120 window
window_ended() { ! kill -0 "$pid" 2>/dev/null; }
drop 'the globe'
check "upgrade: silent, while the window is open and the service runs" code 0 setup $new '/SETTINGS=C:\w\a school.json'
check "upgrade: the window was closed" within 30 window_ended
check "upgrade: it ended as when a person closes it" wait "$pid"
holds "upgrade: the newer program" "$new" "$(P --version)"
equal "upgrade: in the list of programs" "$new" "$(value "$arp" DisplayVersion)"
check "upgrade: the service runs again, and starts with the computer" within 20 is "running auto"
equal "upgrade: the settings stay" 7 "$(P settings get messages_each_check)"
equal "upgrade: the keys stay" "$key" "$(key_bytes)"
sent upgrade 'the globe'
check "upgrade: no file waits for a restart" gone "$programs/smtp-gateway.exe.old"
check "no older version over it" code 8 setup $old
check "... and nothing has happened" within 20 is "running auto"
check "upgrade: stop" P stop
check "upgrade: to the same version, stopped" code 0 setup $new
equal "upgrade: what was stopped stays so" "stopped auto" "$(status state) $(status startup)"
# shellcheck source=breaks.sh
[ -z "$long" ] || . "$here/breaks.sh"
check "uninstall: silent" code 0 uninstall
check "uninstall: programs, service and menu are gone" program_gone
check "uninstall: off the list of programs" key_gone "$arp"
check "uninstall: the messages stay" test -s "$data/gateway.db"
check "setup again" code 0 setup $old
equal "setup again: by hand, whatever was before" "stopped manual" "$(status state) $(status startup)"
equal "setup again: with the settings from before" 7 "$(P settings get messages_each_check)"
check "purge" code 0 uninstall /PURGE
check "purge: programs, service and menu are gone" program_gone
for folder in "$data" "$data Key" "$data Email"; do check "purge: ${folder##*/} is gone" gone "$folder"; done
if [ -n "$long" ] && [ "$(id -u)" = 0 ]; then
  rm -rf "$programs"
  mkdir "$programs" && mount -t tmpfs -o size=20m tmpfs "$programs"
  check "full disk: the first installation" code 2 setup $old
  equal "full disk: nothing is left" "" "$(ls "$programs")"
  check "full disk: no service, no menu" program_gone
  umount "$programs"
fi
check "nobody of that name: it says so" code 3 setup $old /USER=nobody-of-that-name
holds "nobody of that name: in words, in the log" "nobody called nobody-of-that-name" "$(cat "$C/w/log.txt")"
check "... and is removed" code 0 uninstall /PURGE
rm -rf "$programs" # the uninstaller that ran beside itself
# shellcheck source=clicks.sh
[ -z "$long" ] || . "$here/clicks.sh"

# shellcheck source=msi.sh
. "$here/msi.sh"
summary
