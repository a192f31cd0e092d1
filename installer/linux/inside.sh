# shellcheck shell=bash
# What the scripts that run inside the machine of test.sh share. Sourced after checks.sh.
P=/usr/bin/smtp-gateway
U=smtp-gateway.service
# shellcheck disable=SC2034 # the scripts that source this use them
NEW=/opt/test/new.deb OLD=/opt/test/old.deb

show() { systemctl show "$U" --property="$1" --value; }
as() { local who=$1; shift; setpriv --reuid "$who" --regid "$(id -g "$who")" --init-groups -- "$@"; }
rights() { stat -c '%a %U:%G' "$1"; }
# A machine with nothing in it has no Python: one line of our own JSON is one value.
field() { sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p"; }
status() { "$P" --json status | field "$1"; }
is() { [ "$(status "$1")" = "$2" ]; }
active() { systemctl is-active --quiet "$U"; }
add() { DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --allow-downgrades install "$@"; }
enabled() { systemctl is-enabled "$U" 2>/dev/null || true; }

# message NUMBER [FOLDER]: drops one as a library program does.
drop() {
  local to=${2:-/var/lib/smtp-gateway-email}
  printf 'From: library@school.example\r\nTo: reader@school.example\r\nSubject: Overdue %s\r\n\r\nBook %s is due.\r\n' "$1" "$1" >"$to/$1.part"
  chmod 660 "$to/$1.part"
  mv "$to/$1.part" "$to/$1.EML"
}
inbox=/var/mail/reader
arrived() { [ "$(grep -c "^Book $1 is due" $inbox 2>/dev/null)" = 1 ]; }
arrivals() { grep -c '^Book [0-9]* is due' $inbox 2>/dev/null || true; }
have() { [ "$(arrivals)" -ge "$1" ]; }

# postfix_here makes Postfix the school's mail server: on loopback, everything for the school into one mailbox.
postfix_here() {
  id reader >/dev/null 2>&1 || useradd --create-home reader
  : >$inbox && chown reader:mail $inbox && chmod 660 $inbox
  postconf -e inet_interfaces=loopback-only mydestination=school.example local_recipient_maps= luser_relay=reader \
    alias_maps= alias_database= inet_protocols=ipv4 smtpd_relay_restrictions=reject_unauth_destination mailbox_size_limit=0
  systemctl enable --now postfix.service
}
