#!/bin/bash
# The package in an empty Debian, first half: the previous build with a full queue is upgraded, and everything goes on.
# Run inside by test.sh.
set -uo pipefail
# shellcheck source=../ci/checks.sh
. /opt/test/checks.sh
# shellcheck source=inside.sh
. /opt/test/inside.sh
umask 077 # as strict as a person may have it

useradd --create-home librarian
useradd --create-home stranger
sendmail=$(sha256sum /usr/sbin/sendmail)
check "a mail server on loopback" postfix_here

# --- the previous build, with a full queue
check "install the previous build" add "$OLD"
[ "$failed" = 0 ] || { summary; exit 1; } # nothing below can be right
check "settings, of a server that is away" "$P" settings set server1.host=127.0.0.1 server1.port=2525 server1.security=none \
  server1.allow_insecure=true from.address=library@school.example test_to=reader@school.example minutes_between_checks=1
check "start it" "$P" start
for i in $(seq 300); do drop "$i"; done
check "300 messages wait" within 60 is waiting 300
check "it starts with the computer" "$P" startup auto
"$P" access add librarian >/dev/null
equal "the version before" 0.0.9 "$(status version)"
was=$(show MainPID)

# --- upgraded
check "upgrade" add "$NEW"
[ "$failed" = 0 ] || { summary; exit 1; } # nothing below can be right
check "it runs on" within 30 active
check "with the new program" test "$(show MainPID)" != "$was"
check "which is the new version" test "$(status version)" != 0.0.9
equal "it still starts with the computer" enabled "$(enabled)"
equal "all messages still wait" 300 "$(status waiting)"
check "the database was copied before it was changed" sh -c 'ls /var/lib/smtp-gateway/backups | grep -q .'
equal "who has access is as before" librarian "$("$P" access list)"
equal "settings are as before" 2525 "$("$P" settings get server1.port)"
check "a member sets it right" as librarian "$P" settings set server1.port=25 messages_each_check=1000
check "all messages leave" within 200 have 300
twice() { [ "$(grep '^Book [0-9]* is due' $inbox | sort | uniq -d | wc -l)" = 0 ]; }
equal "each once" 300 "$(arrivals)"
check "none twice" twice
check "the queue is empty" within 20 is waiting 0
check "the same version again" add --reinstall "$NEW"
check "it runs after that" within 30 active
equal "/usr/sbin/sendmail is as it was" "$sendmail" "$(sha256sum /usr/sbin/sendmail)"
check "a message now" drop 301
check "which arrives" within 100 arrived 301
check "nothing waits for the next half" within 20 is waiting 0
summary
