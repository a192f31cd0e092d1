#!/bin/bash
# What the service promises under a real systemd. Run inside by systemd.sh:
#
#   installer/ci/systemd.sh BINARY installer/ci/systemd-test.sh
#
# One line a check; exit status 0 only if every check passed.
set -uo pipefail
# shellcheck source=checks.sh
. /opt/test/checks.sh

P=/usr/local/bin/smtp-gateway
U=smtp-gateway.service
show() { systemctl show "$U" --property="$1" --value; }
state() { [ "$(show ActiveState)" = "$1" ]; }
as() { local who=$1; shift; setpriv --reuid "$who" --regid "$(id -g "$who")" --init-groups -- "$@"; }
rights() { stat -c '%a %U:%G' "$1"; }
status() { "$P" --json status | field "$1"; }
# $1 of "status --json" as a user without any rights sees it
stranger() { as stranger "$P" --json status | field "$1"; }
score() { systemd-analyze security --no-pager "$U" | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p'; }
at_most() { awk -v have="$1" -v most="$2" 'BEGIN { exit !(have != "" && have + 0 <= most + 0) }' || { echo "have '$1', want at most $2"; return 1; }; }

useradd --create-home stranger
useradd --create-home librarian
umask 077 # as strict as a person may have it

# --- installed, and started by hand
refused "an ordinary user cannot install" as stranger "$P" install
check "install" "$P" install
check "install again repairs" "$P" install
equal "it starts by hand after install" disabled "$(systemctl is-enabled "$U")"
equal "it does not run after install" inactive "$(systemctl is-active "$U")"
equal "status says so" "stopped manual" "$(status state) $(status startup)"
refused "the account of the service cannot sign in" su - smtp-gateway -c true
check "the unit is without a fault" systemd-analyze verify "$U"

# --- nothing set: it stops by itself, for good, and everybody can read why
refused "start without settings fails" "$P" start
equal "the unit has failed" failed "$(show ActiveState)"
equal "exit status" 78 "$(show ExecMainStatus)"
equal "it is not tried again" 0 "$(show NRestarts)"
holds "an ordinary user reads the reason from systemd" "Stopped: " "$(as stranger systemctl show "$U" --property=StatusText --value)"
equal "an ordinary user reads the state" failed "$(stranger state)"
check "an ordinary user reads the reason" test -n "$(stranger reason)"
holds "the journal has the event" E201 "$(journalctl --no-pager -u "$U" -p err -o cat)"

# --- who can touch what
equal "data folder" "2770 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway)"
equal "key folder" "750 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key)"
equal "private key" "600 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key/private.key)"
equal "public key" "640 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key/public.key)"
equal "database" "660 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway/gateway.db)"
equal "drop folder" "2770 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-email)"
refused "a stranger sees no data" as stranger ls /var/lib/smtp-gateway
refused "a stranger sees no key" as stranger ls /var/lib/smtp-gateway-key
holds "access is told to count from the next sign-in" "next sign-in" "$("$P" access add librarian)"
equal "access is listed" librarian "$("$P" access list)"
refused "access for nobody is refused" "$P" access add no-such-person
check "a member reads the public key" as librarian cat /var/lib/smtp-gateway-key/public.key
refused "a member cannot read the private key" as librarian cat /var/lib/smtp-gateway-key/private.key
refused "a member cannot replace the public key" as librarian mv /var/lib/smtp-gateway-key/public.key /var/lib/smtp-gateway-key/old.key

# --- wrong settings, then right ones, by a member
refused "wrong settings are refused at once" as librarian "$P" settings set server1.host=mail.example server1.port=70000
check "a member sets it up" as librarian "$P" settings set server1.host=127.0.0.1 server1.port=2525 \
  server1.security=none server1.allow_insecure=true from.address=library@school.example test_to=it@school.example
if [ -x /usr/bin/pkaction ] || [ -x /usr/lib/polkit-1/polkitd ]; then
  check "a member starts it" as librarian "$P" start
  equal "it runs" active "$(show ActiveState)"
  check "a member restarts it" as librarian "$P" restart
  check "a member stops it" as librarian "$P" stop
  refused "a stranger cannot start it" as stranger "$P" start
  refused "a member cannot start another service" as librarian systemctl --no-ask-password restart dbus.service
  refused "a member cannot kill ours" as librarian systemctl --no-ask-password kill "$U"
  refused "a member cannot say that it starts with the computer" as librarian "$P" startup auto
  if [ -x /usr/bin/pkexec ]; then
    check "pkexec knows what for" pkaction --action-id org.smtp-gateway.startup
  fi
fi
check "start" "$P" start
equal "status says running" running "$(status state)"
equal "an ordinary user sees it run" running "$(stranger state)"
check "the database belongs to the group still" test "$(rights /var/lib/smtp-gateway/gateway.db)" = "660 smtp-gateway:smtp-gateway"
check "a member writes while it runs" as librarian "$P" settings set from.name=Springfield
check "root's commands leave nothing behind that closes the database" "$P" settings set from.name=Shelbyville
check "a member writes after root did" as librarian "$P" settings set from.name=Springfield

# --- a second one on the same data
second() { setpriv --reuid smtp-gateway --regid smtp-gateway --clear-groups -- "$P" run; }
second_refused() { second; [ $? -eq 78 ]; }
pid=$(show MainPID)
check "a second service on the data stops with 78" second_refused
equal "the first is undisturbed" "$pid" "$(show MainPID)"

# --- it comes back, and starts with the computer when asked to
check "startup auto" "$P" startup auto
equal "systemd knows" enabled "$(systemctl is-enabled "$U")"
equal "status knows" auto "$(status startup)"
kill -KILL "$pid"
back() { state active && [ "$(show MainPID)" != "$pid" ] && [ "$(show MainPID)" != 0 ]; }
check "kill -9: it comes back by itself" within 30 back
equal "and counts it" 1 "$(show NRestarts)"
check "startup manual" "$P" startup manual
equal "systemd knows that too" disabled "$(systemctl is-enabled "$U")"

# --- a file dropped by a member, and another folder
# shellcheck disable=SC2016 # the inner shell expands
drop() { as librarian sh -c 'umask 007; printf "From: a@school.example\r\nTo: b@school.example\r\nSubject: x\r\n\r\nHello\r\n" > "$1/a.part" && mv "$1/a.part" "$1/a.TMP"' sh "$1"; }
queued() { [ "$(status waiting)" != 0 ] && [ "$(status waiting)" != "" ]; }
check "a member drops a file" drop /var/lib/smtp-gateway-email
check "the service takes it" within 30 queued
mkdir -p /srv/outbox && chgrp smtp-gateway /srv/outbox && chmod 2770 /srv/outbox
refused "a folder of the system is refused" "$P" folder use /etc
refused "the data folder is refused" "$P" folder use /var/lib/smtp-gateway
mkdir -p /srv/closed
refused "a folder the service cannot write is refused" "$P" folder use /srv/closed
check "another folder is let in" "$P" folder use /srv/outbox
check "restart with it" "$P" restart
check "the service may write there" nsenter --target "$(show MainPID)" --mount -- setpriv --reuid smtp-gateway --regid smtp-gateway --clear-groups -- sh -c 'touch /srv/outbox/.try && rm /srv/outbox/.try'
refused "and still not elsewhere" nsenter --target "$(show MainPID)" --mount -- touch /srv/other
mkdir -p /home/librarian/mail && chgrp smtp-gateway /home/librarian/mail && chmod 2770 /home/librarian/mail && chmod 700 /home/librarian
check "a folder in a home is let in" "$P" folder use /home/librarian/mail
check "restart with that" "$P" restart
check "the service sees it" nsenter --target "$(show MainPID)" --mount -- setpriv --reuid smtp-gateway --regid smtp-gateway --clear-groups -- sh -c 'touch /home/librarian/mail/.try && rm /home/librarian/mail/.try'
equal "and nothing else of that home" mail "$(nsenter --target "$(show MainPID)" --mount -- ls -A /home/librarian)"
check "back to the folder that came with it" "$P" folder use /var/lib/smtp-gateway-email
mkdir -p /srv/lists && chgrp smtp-gateway /srv/lists && chmod 2770 /srv/lists
refused "the folder for mail is none for lists" "$P" folder use --imports /var/lib/smtp-gateway-email
refused "a folder for lists the service cannot write is refused" "$P" folder use --imports /srv/closed
check "a folder for lists is let in" "$P" folder use --imports /srv/lists
check "restart with it as well" "$P" restart
check "the service may rename lists there" nsenter --target "$(show MainPID)" --mount -- setpriv --reuid smtp-gateway --regid smtp-gateway --clear-groups -- sh -c 'touch /srv/lists/.try && mv /srv/lists/.try /srv/lists/.tried && rm /srv/lists/.tried'

# --- hardening
have=$(score)
check "hardening: exposure $have, at most 1.5" at_most "$have" 1.5
check "restart in the end" "$P" restart

# --- the data folder cannot be used: it stops with 77 and says so
check "stop" "$P" stop
equal "stopped, without an error" "inactive success" "$(show ActiveState) $(show Result)"
mv /var/lib/smtp-gateway/gateway.db /var/lib/smtp-gateway/away.db && mkdir /var/lib/smtp-gateway/gateway.db
refused "start without a usable database fails" "$P" start
check "and is not tried again" test "$(show NRestarts)" = 0
check "with a reason for everybody" test -n "$(stranger reason)"
rmdir /var/lib/smtp-gateway/gateway.db && mv /var/lib/smtp-gateway/away.db /var/lib/smtp-gateway/gateway.db
check "start after the repair" "$P" start

# --- hung, and in a loop of crashes (with shorter times than in real life)
mkdir -p /run/systemd/system/$U.d
printf '[Unit]\nStartLimitBurst=4\n[Service]\nWatchdogSec=8\nRestartSec=200ms\n' >/run/systemd/system/$U.d/short.conf
check "restart with short times" sh -c "systemctl daemon-reload && $P restart"
pid=$(show MainPID)
kill -STOP "$pid"
check "a hung program is started again" within 60 back
crash() { # of process 0 kill would end this test
  local main
  main=$(show MainPID)
  [ "$main" = 0 ] || kill -KILL "$main" 2>/dev/null
  state failed
}
check "a loop of crashes ends" within 30 crash
holds "and everybody can read why" "too often" "$(stranger reason)"
rm -r /run/systemd/system/$U.d
systemctl daemon-reload
check "a person can start it at once" "$P" start

# --- removed, with everything of value left
refused "an ordinary user cannot uninstall" as librarian "$P" uninstall
check "uninstall" "$P" uninstall
equal "the service is gone" "not installed" "$(status state)"
check "the unit is gone" test ! -e /etc/systemd/system/$U
check "its drop-ins are gone" test ! -e /etc/systemd/system/$U.d
check "its rules are gone" test ! -e /etc/polkit-1/rules.d/49-smtp-gateway.rules
check "the messages stay" test -s /var/lib/smtp-gateway/gateway.db
check "the key stays" test -s /var/lib/smtp-gateway-key/private.key
check "the folder stays" test -d /var/lib/smtp-gateway-email
refused "uninstall again says that there is none" "$P" uninstall
check "install after uninstall" "$P" install
check "starts with the old settings" "$P" start
summary
