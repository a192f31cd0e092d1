#!/bin/bash
# The package in an empty Debian, second half, after the computer was switched off and on: it sends by itself; removed,
# installed again, purged; a new installation, who can touch what; an installation by hand taken over. Run inside by
# test.sh.
set -uo pipefail
# shellcheck source=../ci/checks.sh
. /opt/test/checks.sh
# shellcheck source=inside.sh
. /opt/test/inside.sh
umask 077

# --- started with the computer
check "it started with the computer" within 30 active
check "a message" drop 302
check "arrives" within 100 arrived 302

# --- removed, and back
check "remove" apt-get -q -y remove smtp-gateway
refused "it does not run" active
check "its unit is gone" test ! -e /usr/lib/systemd/system/$U
check "messages and settings stay" test -s /var/lib/smtp-gateway/gateway.db
check "the key stays" test -s /var/lib/smtp-gateway-key/private.key
check "the folder stays" test -d /var/lib/smtp-gateway-email
check "the account stays" getent passwd smtp-gateway
check "install again" add "$NEW"
[ "$failed" = 0 ] || { summary; exit 1; } # nothing below can be right
equal "it starts with the computer, as before" enabled "$(enabled)"
equal "settings are as before" 25 "$("$P" settings get server1.port)"
check "start" "$P" start
check "a message of afterwards" drop 303
check "arrives, too" within 100 arrived 303

# --- another folder, then purged
mkdir -m 2770 /srv/outbox && chgrp smtp-gateway /srv/outbox
check "another folder" "$P" folder use /srv/outbox
check "restart with it" "$P" restart
drop 304 /srv/outbox
check "a message from there arrives" within 100 arrived 304
check "purge" apt-get -q -y purge smtp-gateway
gone() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
for path in /var/lib/smtp-gateway /var/lib/smtp-gateway-key /var/lib/smtp-gateway-email /var/log/smtp-gateway \
  /etc/systemd/system/$U.d /etc/systemd/system/multi-user.target.wants/$U; do
  check "gone: $path" gone "$path"
done
check "a folder elsewhere stays" test -d /srv/outbox
refused "the account is gone" getent passwd smtp-gateway
refused "the group is gone" getent group smtp-gateway
left() { find /etc /usr /var -xdev -name '*smtp-gateway*' -not -path '/var/lib/apt/*' -not -path '/var/cache/*' -not -path '/var/lib/dpkg/*' -print | grep .; }
refused "nothing else of that name is left" left

# --- new, as a stranger to it would install it
said=$(add "$NEW" 2>&1)
check "install" test -x "$P"
[ "$failed" = 0 ] || { summary; exit 1; } # nothing below can be right
holds "it says what to do next" "smtp-gateway settings set" "$said"
equal "it starts by hand" disabled "$(enabled)"
refused "it does not run" active
refused "the account of the service cannot sign in" su - smtp-gateway -c true
refused "an ordinary user cannot start it" as stranger "$P" start
# shellcheck disable=SC2016 # the inner shells of this and the next ones expand
check "the settings, all from a file" sh -c 'printf %s "$1" >/opt/test/school.json && /usr/bin/smtp-gateway settings import /opt/test/school.json' sh \
  '{"server1.host":"127.0.0.1","server1.port":"25","server1.security":"none","server1.allow_insecure":"true","from.address":"library@school.example","test_to":"reader@school.example"}'
secret='Correct-Horse-9'
check "and a password" sh -c "echo $secret | $P settings set server1.user=library server1.password=-"
check "access for a person" "$P" access add librarian
equal "data folder" "2770 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway)"
equal "key folder" "750 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key)"
equal "private key" "600 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key/private.key)"
equal "drop folder" "2770 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-email)"
equal "database" "660 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway/gateway.db)"
# The trial server wants no sign-in.
check "a member changes a setting" as librarian "$P" settings set server1.auth=none
check "a member starts it" as librarian "$P" start
check "a member tests it" as librarian "$P" test
check "the test arrived" within 30 grep -qi '^Subject:.*test' $inbox
check "a member stops it" as librarian "$P" stop
check "a member starts it again" as librarian "$P" start
refused "a member cannot say that it starts with the computer" as librarian "$P" startup auto
refused "a member cannot install" as librarian "$P" install
equal "the password is not told" set "$(as librarian "$P" settings get server1.password)"

# --- the installed tree, walked as others
installed() { dpkg -L smtp-gateway | while read -r path; do [ -d "$path" ] || echo "$path"; done; }
# shellcheck disable=SC2016
writable() { installed | as "$1" sh -c 'while read -r path; do [ ! -w "$path" ] || echo "$path"; [ ! -w "$(dirname "$path")" ] || echo "$path"; done' | grep .; }
# shellcheck disable=SC2016
unreadable() { installed | as stranger sh -c 'while read -r path; do [ -r "$path" ] || echo "$path"; done' | grep -v '^/usr/share/polkit-1/rules.d/' | grep .; } # polkit closes that folder
check "the package has files" test "$(installed | wc -l)" -gt 50
for who in stranger librarian smtp-gateway; do refused "nothing of the package can be written by $who" writable $who; done
refused "everybody can read what the package brought" unreadable
own="/var/lib/smtp-gateway /var/lib/smtp-gateway-key /var/lib/smtp-gateway-email /var/log/smtp-gateway"
# shellcheck disable=SC2086 # a list
seen() { as "$1" find $own "${@:2}" 2>/dev/null | grep -v -x -F "$(printf '%s\n' $own)" | grep .; }
refused "a stranger sees nothing of the service's" seen stranger
refused "a stranger may write nowhere in it" seen stranger -writable
key=$(seen librarian -path '/var/lib/smtp-gateway-key/*' -readable -type f | sort | tr '\n' ' ')
check "a member reads the public key" as librarian test -r /var/lib/smtp-gateway-key/public.key
refused "a member does not read the private one" as librarian cat /var/lib/smtp-gateway-key/private.key
refused "a member writes nothing beside the keys ($key)" seen librarian -path '/var/lib/smtp-gateway-key*' -writable
refused "a member writes no log" seen librarian -path '/var/log/smtp-gateway*' -writable
for who in stranger librarian; do
  # shellcheck disable=SC2086 # a list
  refused "the password is in nothing that $who can read" as $who grep -rqaF "$secret" $own /etc /usr/share/doc/smtp-gateway /usr/lib/systemd /run /tmp
done
# shellcheck disable=SC2086 # a list
refused "it is in nothing of the service's at all" grep -rqaF "$secret" $own
refused "nor in the journal" sh -c "journalctl --no-pager | grep -qF '$secret'"
setids() { dpkg -L smtp-gateway | while read -r path; do [ -d "$path" ] || { [ ! -u "$path" ] && [ ! -g "$path" ]; } || echo "$path"; done | grep .; }
refused "no program of it has rights of its own" setids
check "hardening: exposure at most 1.5" sh -c "systemd-analyze security --no-pager $U | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p' | awk '{ exit !(\$1 <= 1.5) }'"
check "the unit is without a fault" systemd-analyze verify "$U"
for action in startup folder access install; do check "pkexec knows what for: $action" pkaction --action-id org.smtp-gateway.$action; done

# --- install and uninstall on a computer that has the package
said=$("$P" install 2>&1)
holds "install says what holds" "The package has installed the service" "$said"
check "and it runs on" active
refused "uninstall is refused" "$P" uninstall
holds "with what to do" "apt remove" "$("$P" uninstall 2>&1)"
cp "$P" /usr/local/bin/smtp-gateway && chmod 755 /usr/local/bin/smtp-gateway
said=$(/usr/local/bin/smtp-gateway install 2>&1)
holds "a program from elsewhere does not install beside it" "belongs to the package" "$said"
check "nothing was written" test ! -e /etc/systemd/system/$U
check "purge once more" apt-get -q -y purge smtp-gateway

# --- an installation by hand, and then the package
L=/usr/local/bin/smtp-gateway
rm $L
# The very line of INSTALL.txt, from the unpacked archive.
archive() {
  tar -xzf /opt/test/archive.tar.gz -C /opt/test && cd /opt/test/smtp-gateway-*-linux-amd64 || return 1
  bash -ec "$(sed -n 's/^    \(.*cp -r .*\)$/\1/p' share/doc/smtp-gateway/INSTALL.txt)" && test -s $L
}
check "the archive is put in place as it says" archive
check "everybody may run what it brought" as stranger $L --version
check "install by hand" $L install
check "settings by hand" $L settings set server1.host=127.0.0.1 server1.port=25 server1.security=none \
  server1.allow_insecure=true server1.auth=none minutes_between_checks=1 from.address=library@school.example test_to=reader@school.example
check "start by hand" $L start
check "startup auto by hand" $L startup auto
check "the archive is put over a program that runs" archive
check "which goes on" active
check "install by hand once more" $L install
check "restart with the new one" $L restart
refused "of the old one nothing runs" sh -c "readlink /proc/$(show MainPID)/exe | grep deleted"
equal "it starts with the computer after that" enabled "$(enabled)"
said=$(PATH=/usr/local/bin:$PATH dpkg -i "$NEW" 2>&1) # apt would set a path of its own
holds "the package says that it takes over" "installed by hand with /usr/local/bin/smtp-gateway" "$said"
holds "and what to remove" "sudo rm /usr/local/bin/smtp-gateway" "$said"
check "it runs on" within 30 active
equal "with the package's program" $P "$(readlink "/proc/$(show MainPID)/exe")"
equal "by the package's unit" /usr/lib/systemd/system/$U "$(show FragmentPath | sed 's,^/lib,/usr/lib,')"
equal "it still starts with the computer" enabled "$(enabled)"
check "the unit made by hand is gone" test ! -e /etc/systemd/system/$U
check "a message of the end" drop 305
check "arrives as well" within 100 arrived 305
check "remove in the end" apt-get -q -y remove smtp-gateway
summary
