#!/bin/bash
# The .rpm under a real systemd, installed by rpm itself: the previous build is upgraded while it runs, then removed. The
# order in which rpm runs what is in the old and the new package is another than Debian's. Run inside by test.sh.
set -uo pipefail
# shellcheck source=../ci/checks.sh
. /opt/test/checks.sh
# shellcheck source=inside.sh
. /opt/test/inside.sh
umask 077

# What it depends on is here as Debian packages, which rpm does not know.
R() { rpm --nosignature --nodeps "$@"; }
check "purge the .deb" apt-get -q -y purge smtp-gateway
check "rpm: install the previous build" R -i /opt/test/old.rpm
[ "$failed" = 0 ] || { summary; exit 1; } # nothing below can be right
equal "rpm: it starts by hand" disabled "$(enabled)"
refused "rpm: it does not run" active
check "rpm: every file is as packed" R -V smtp-gateway
equal "rpm: key folder" "750 smtp-gateway:smtp-gateway" "$(rights /var/lib/smtp-gateway-key)"
check "rpm: settings" "$P" settings set server1.host=127.0.0.1 server1.port=2525 server1.security=none server1.allow_insecure=true \
  server1.auth=none from.address=library@school.example test_to=reader@school.example minutes_between_checks=1
check "rpm: start" "$P" start
check "rpm: startup auto" "$P" startup auto
check "rpm: access for a person" "$P" access add librarian
for i in $(seq 401 420); do drop "$i"; done
check "rpm: 20 messages wait" within 60 is waiting 20
was=$(show MainPID)
check "rpm: upgrade" R -U /opt/test/new.rpm
check "rpm: it runs on" within 30 active
check "rpm: with the new program" test "$(show MainPID)" != "$was" -a "$(status version)" != 0.0.9
equal "rpm: it still starts with the computer" enabled "$(enabled)"
equal "rpm: all messages still wait" 20 "$(status waiting)"
equal "rpm: who has access is as before" librarian "$("$P" access list)"
check "rpm: the account is still there" getent passwd smtp-gateway
check "rpm: every file is as packed, after the upgrade" R -V smtp-gateway
check "rpm: a member sets it right" as librarian "$P" settings set server1.port=25 messages_each_check=1000
check "rpm: all messages leave" within 100 arrived 420
check "rpm: the queue is empty" within 20 is waiting 0
refused "rpm: uninstall is refused" "$P" uninstall
holds "rpm: removing says what stays" "/var/lib/smtp-gateway" "$(R -e smtp-gateway 2>&1)"
refused "rpm: it does not run any more" active
check "rpm: nor starts with the computer" test ! -e /etc/systemd/system/multi-user.target.wants/$U
check "rpm: the program is gone" test ! -e "$P"
check "rpm: messages and settings stay" test -s /var/lib/smtp-gateway/gateway.db
check "rpm: install again" R -i /opt/test/new.rpm
equal "rpm: settings are as before" 25 "$("$P" settings get server1.port)"
check "rpm: remove in the end" R -e smtp-gateway
summary
