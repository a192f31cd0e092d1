#!/bin/bash
# Looks whether the packages for Linux keep their promises. Called by installer/test.
#
#   installer/linux/test.sh [--long]
#
#   (nothing)   builds them; what is in them, what the checkers of Debian and rpm say, signing, packed twice the same
#   --long      also in an empty Debian that is booted: install, upgrade with a full queue, remove, purge, who can touch
#               what, the .rpm as well; and a release for both systems built again from another folder, with a blank in
#               its name, and an empty cache, byte for byte
#
# Needs what installer/test installs, root for --long, and what installer/build needs. The empty Debian is fetched once and
# kept. Exit status 0: all well.
set -uo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$here/../.." || exit 70
# shellcheck source=../ci/checks.sh
. installer/ci/checks.sh
# shellcheck source=../packages
. installer/packages
need_go
long='' SUITE=bookworm
case ${1:-} in
  '') ;;
  --long) long=yes ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/smtp-gateway
work=$(mktemp -d)
# shellcheck disable=SC2317 # the trap calls it
finish() {
  GNUPGHOME=$work/gpg gpgconf --kill all 2>/dev/null
  rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- built
version=$(product_version)
export VERSION=$version MAINTAINER='SMTP Gateway <smtp-gateway@example.org>' SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y FyneApp.toml)
systems=(--linux)
[ -z "$long" ] || systems=() # both
RELEASE=$work/release check "installer/build ${systems[*]}" ./installer/build "${systems[@]}"
made=$work/release programs=$PWD/.build/programs
[ "$failed" = 0 ] || { summary; exit 1; }
deb=$made/smtp-gateway_${version}_amd64.deb rpm=$made/smtp-gateway-$version-1.x86_64.rpm tar=$made/smtp-gateway-$version-linux-amd64
deb_arm=$made/smtp-gateway_${version}_arm64.deb rpm_arm=$made/smtp-gateway-$version-1.aarch64.rpm
for file in "$deb" "$deb_arm" "$rpm" "$rpm_arm" "$tar.tar.gz" "${tar%amd64}arm64.tar.gz"; do check "made: ${file##*/}" test -s "$file"; done
check "the checksums are right" sh -c "cd '$made' && sha256sum --quiet --check SHA256SUMS"
equal "and of every file" "$(find "$made" -type f ! -name SHA256SUMS | wc -l)" "$(wc -l <"$made/SHA256SUMS")"
check "the bill of materials names what is in them" grep -q '"name": "modernc.org/sqlite"' "$made/smtp-gateway-$version.cdx.json"
check "... as JSON" python3 -m json.tool "$made/smtp-gateway-$version.cdx.json"

# --- the .deb
mkdir "$work/deb" "$work/rpm" "$work/tar"
check "the .deb opens" dpkg-deb -x "$deb" "$work/deb"
equal "its version" "$version" "$(dpkg-deb -f "$deb" Version)"
equal "the program says the same" "smtp-gateway version $version" "$("$work/deb/usr/bin/smtp-gateway" --version)"
equal "the window says the same" "smtp-gateway-manager version $version" "$(LANG=en_US.UTF-8 LC_ALL='' "$work/deb/usr/bin/smtp-gateway-manager" --version)"
for main in service app; do
  equal "a build by hand of ./$main has that version, too" "var version = \"$version\"" "$(grep -h '^var version' $main/main.go)"
done
quiet() { local said; if said=$("$@" 2>&1) && [ -z "$said" ]; then return 0; fi; printf "%s\n" "$said"; return 1; }
check "lintian finds nothing" quiet lintian --allow-root "$deb" "$deb_arm"
check "the desktop entry is right" desktop-file-validate "$work/deb/usr/share/applications/org.smtp-gateway.manager.desktop"
check "so is what app stores show" appstreamcli validate --no-net "$work/deb/usr/share/metainfo/org.smtp-gateway.manager.metainfo.xml"
check "/usr/sbin/sendmail is left to others" test ! -e "$work/deb/usr/sbin" -a ! -e "$work/deb/usr/lib/sendmail"
enabled() { dpkg-deb -c "$deb" | grep -E '/etc/|\.wants/'; }
refused "nothing in /etc, and nothing enabled" enabled
strange() { dpkg-deb -c "$deb" | awk '$2 != "root/root" || $1 !~ /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x)$/' | grep .; }
refused "everything is root's, and nobody else may write" strange
manual() { local page; for page in "$work"/deb/usr/share/man/man?/*.gz; do quiet sh -c "zcat '$page' | man -l --warnings=all -Tutf8 - >/dev/null" || { echo "$page"; return 1; }; done; }
check "the manual pages can be set" manual
for command in folder-use access-add settings-set queue-list startup; do check "there is one of $command" test -s "$work/deb/usr/share/man/man8/smtp-gateway-$command.8.gz"; done
check "what bash completes" bash -n "$work/deb/usr/share/bash-completion/completions/smtp-gateway"
! command -v zsh >/dev/null || check "what zsh completes" zsh -n "$work/deb/usr/share/zsh/vendor-completions/_smtp-gateway"
! command -v fish >/dev/null || check "what fish completes" fish -n "$work/deb/usr/share/fish/vendor_completions.d/smtp-gateway.fish"
check "licences of others come along" grep -q 'modernc.org/sqlite' "$work/deb/usr/share/doc/smtp-gateway/LICENCES.txt"
arm() { dpkg-deb -x "$deb_arm" "$work/arm" && file "$work/arm/usr/bin/smtp-gateway" | grep -q 'aarch64.*statically linked' && [ ! -e "$work/arm/usr/bin/smtp-gateway-manager" ]; }
check "for arm64 the service alone, which needs no library" arm

# --- nothing of the machine that built it
traces() { grep -rlaF -e "$PWD" -e "$(go env GOMODCACHE)" -e "$(go env GOCACHE)" "$work/deb" "$work/rpm"; }
check "the .rpm opens" sh -c "cd '$work/rpm' && rpm2cpio '$rpm' | cpio -idm --quiet --no-absolute-filenames" # its names begin with /
refused "no path of this machine in it" traces
equal "nor its name" localhost "$(rpm -qp --nosignature --qf '%{BUILDHOST}' "$rpm")"

# --- the .rpm
check "rpm takes it for whole" rpm -K --nosignature "$rpm" "$rpm_arm"
equal "its version" "$version-1 x86_64" "$(rpm -qp --nosignature --qf '%{VERSION}-%{RELEASE} %{ARCH}' "$rpm")"
rpm_scripts() { local s; for s in post preun postun; do sh -n "installer/linux/rpm/$s" || return 1; done; rpm -qp --nosignature --scripts "$rpm" | grep -q systemd-sysusers; }
check "its scripts" rpm_scripts
same_files() { diff -r "$work/deb/usr/bin" "$work/rpm/usr/bin" && diff -r "$work/deb/usr/lib" "$work/rpm/usr/lib"; }
check "it holds the same programs, unit and rules" same_files
rpm_strange() { rpm -qp --nosignature --qf '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\n]' "$rpm" | grep -vE '^-rw(x|-)r-(x|-)r-(x|-) root '; }
refused "everything is root's, and nobody else may write" rpm_strange

# --- the .tar.gz
check "the archive opens" tar -xzf "$tar.tar.gz" -C "$work/tar"
check "it says how to install" test -s "$work/tar/${tar##*/}/share/doc/smtp-gateway/INSTALL.txt"
check "it holds the same program" cmp "$work/deb/usr/bin/smtp-gateway" "$work/tar/${tar##*/}/bin/smtp-gateway"

# --- signed, with a key made for this
export GNUPGHOME=$work/gpg
mkdir -m 700 "$GNUPGHOME"
key() { gpg --batch --quiet --passphrase "" --quick-generate-key 'Test of signing <test@example.org>' rsa2048 sign never && gpg --batch --armor --export-secret-keys >"$work/key.asc" && gpg --armor --export >"$work/public.asc"; }
check "a key for the test" key
signed() {
  mkdir -p "$work/signed" "$work/stage/notices"
  cp .build/stage/notices/* "$work/stage/notices/"
  RELEASE=$work/signed PROGRAMS=$programs STAGE=$work/stage SIGN_PGP_KEY=$work/key.asc ./installer/linux/build
}
check "packages are signed with the key of the environment" signed
rpm_signed() {
  local said
  rpm --dbpath "$work/rpmdb" --initdb && rpm --dbpath "$work/rpmdb" --import "$work/public.asc" &&
    said=$(rpm --dbpath "$work/rpmdb" -Kv "$work/signed/${rpm##*/}") && contains 'Signature, key ID' "$said"
}
check "rpm knows the signature" rpm_signed
deb_signed() {
  local member
  (cd "$work" && ar x "signed/${deb##*/}" && for member in debian-binary control.tar.gz data.tar.gz; do [ -e "$member" ] || return 1; done &&
    cat debian-binary control.tar.gz data.tar.gz | gpg --batch --verify _gpgorigin -)
}
check "the .deb carries one that fits" deb_signed
refused "an unsigned one is told from it" sh -c "ar t '$deb' | grep -q _gpgorigin"

# --- packed twice, byte for byte
again() {
  mkdir -p "$work/again" "$work/stage2/notices"
  cp .build/stage/notices/* "$work/stage2/notices/"
  (RELEASE=$work/again PROGRAMS=$programs STAGE=$work/stage2 ./installer/linux/build) || return 1
  local file
  for file in "$work"/again/*; do cmp "$file" "$made/${file##*/}" || return 1; done
}
check "packed again it is the same, byte for byte" again

# --- an .rpm on a system of its own, and the .deb in a booted one
debian() {
  [ -x "$CACHE/$SUITE/usr/bin/pkexec" ] && [ -x "$CACHE/$SUITE/usr/bin/rpm" ] && return
  rm -rf --one-file-system "${CACHE:?}/$SUITE" "$CACHE/$SUITE.new"
  mkdir -p "$CACHE"
  # An empty one, and what shares a computer with us: the mail server that stands for the school's, and polkit.
  debootstrap --variant=minbase --include=systemd,systemd-sysv,libpam-systemd,dbus,ca-certificates,polkitd,pkexec,postfix,rpm "$SUITE" "$CACHE/$SUITE.new" &&
    mv "$CACHE/$SUITE.new" "$CACHE/$SUITE"
}
previous() { # the service as it was before the newest change of the database, packed as today
  local newest commit
  newest=$(find data/store/migration -name '*.sql' | sort | tail -1)
  commit=$(git log --diff-filter=A --format=%H -1 -- "$newest") || return 1
  mkdir -p "$work/previous" "$work/old/linux-amd64" "$work/old/linux-arm64" "$work/stage3/notices" "$work/old-release"
  git archive "$commit^" | tar -x -C "$work/previous" || return 1
  (cd "$work/previous" && CGO_ENABLED=0 GOFLAGS='' go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=0.0.9' \
    -o "$work/old/linux-amd64/smtp-gateway" ./service) || return 1
  cp "$programs/linux-amd64/smtp-gateway-manager" "$work/old/linux-amd64/"
  cp "$programs/linux-arm64/smtp-gateway" "$work/old/linux-arm64/"
  cp .build/stage/notices/* "$work/stage3/notices/"
  VERSION=0.0.9 RELEASE=$work/old-release PROGRAMS=$work/old STAGE=$work/stage3 ./installer/linux/build
}
unmount() { local dir; for dir; do ! mountpoint -q "$dir" || umount "$dir"; done; }
rpm_installed() {
  local root=$work/root status=0
  mkdir -p "$work/memory" "$root"
  if ! { mount -t tmpfs -o size=400m tmpfs "$work/memory" && mkdir "$work/memory/changes" "$work/memory/scratch" &&
    mount -t overlay overlay -o "lowerdir=$CACHE/$SUITE,upperdir=$work/memory/changes,workdir=$work/memory/scratch" "$root" &&
    mount -t proc proc "$root/proc"; }; then
    unmount "$root" "$work/memory"
    return 1
  fi
  (
    set -e
    rpm --root "$root" --initdb
    rpm --root "$root" --nosignature --nodeps -i "$rpm"
    [ "$(chroot "$root" stat -c '%a %U' /var/lib/smtp-gateway-key)" = "750 smtp-gateway" ]
    [ ! -e "$root/etc/systemd/system/multi-user.target.wants/smtp-gateway.service" ]
    rpm --root "$root" -V --nodeps smtp-gateway
    chroot "$root" smtp-gateway settings set server1.host=mail.school.example
    rpm --root "$root" --nosignature --nodeps -U --replacepkgs "$rpm"
    [ "$(chroot "$root" smtp-gateway settings get server1.host)" = mail.school.example ]
    rpm --root "$root" -e smtp-gateway
    [ ! -e "$root/usr/bin/smtp-gateway" ]
    [ -s "$root/var/lib/smtp-gateway/gateway.db" ]
  ) || status=$?
  unmount "$root/proc" "$root" "$work/memory"
  return "$status"
}
booted() { # each check inside is one of ours
  export BASE=$CACHE/$SUITE LIMIT=900 HERE=$here NEW=$deb OLD=$work/old-release/smtp-gateway_0.0.9_amd64.deb
  export OLD_RPM=$work/old-release/smtp-gateway-0.0.9-1.x86_64.rpm NEW_RPM=$rpm ARCHIVE=$tar.tar.gz
  # shellcheck disable=SC2016 # the shell of systemd.sh expands
  export PREPARE='cd "$ROOT/opt/test"; cp "$NEW" new.deb; cp "$OLD" old.deb; cp "$NEW_RPM" new.rpm; cp "$OLD_RPM" old.rpm
    cp "$ARCHIVE" archive.tar.gz; cp "$HERE/inside.sh" .; chmod 755 .. .'
  installer/ci/systemd.sh - "$here/upgrade.sh" "$here/reboot.sh" "$here/rpm.sh" 2>&1 | tee "$work/booted.log"
  return "${PIPESTATUS[0]}"
}
rebuilt() { # from a clone elsewhere, with nothing compiled before
  git clone --quiet --no-hardlinks . "$work/a clone" || return 1
  (cd "$work/a clone" && GOCACHE=$work/gocache RELEASE=$work/rebuilt ./installer/build) || return 1
  diff -r "$made" "$work/rebuilt"
}
if [ -n "$long" ]; then
  check "an empty Debian" debian
  check "the previous build" previous
  check "the .rpm in a root of its own: in, upgraded, out, data kept" rpm_installed
  if booted; then passed=$((passed + $(grep -c '^ok: ' "$work/booted.log"))); else failed=$((failed + 1)); fi
  if [ -z "$(git status --porcelain)" ]; then
    check "built again from another folder it is the same, byte for byte" rebuilt
  else
    echo "not built again: there are changes that are in no commit"
  fi
fi
summary
