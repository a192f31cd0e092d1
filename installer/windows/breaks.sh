# shellcheck shell=bash
# What breaks off must leave all as it was: programs that cannot be replaced, a full disk. Sourced by test.sh while the newer
# version is installed, starts with the computer, and is stopped; it is so again at the end, but runs.
# shellcheck disable=SC2154 # test.sh has set them

# Something that has a file open and lets nobody have it meanwhile, as some virus scanners do.
printf '%s\n' '#include <windows.h>' '#include <stdio.h>' 'int main(int n, char **a) { HANDLE h = CreateFileA(a[1], GENERIC_READ, FILE_SHARE_READ, 0, OPEN_EXISTING, 0, 0);' \
  'FILE *f; if (n < 3 || h == INVALID_HANDLE_VALUE || !(f = fopen(a[2], "w"))) return 1; fclose(f); getchar(); return 0; }' >"$work/hold.c"
x86_64-w64-mingw32-gcc -O2 -s -o "$C/w/hold.exe" "$work/hold.c" || exit 1
hold() { # PROGRAM: nobody else may have it until "release"
  rm -f "$C/w/held"
  mkfifo "$work/hold"
  "$wine" 'C:\w\hold.exe' "C:\\Program Files\\SMTP Gateway\\$1" 'C:\w\held' <"$work/hold" >/dev/null 2>&1 &
  holder=$!
  exec 8>"$work/hold"
  rm "$work/hold"
  within 30 test -e "$C/w/held"
}
release() { exec 8>&-; wait "$holder"; }
as_it_was() { # WHAT VERSION
  check "$1: the service runs again" within 20 is "running auto"
  holds "$1: its program is that of before" "$2" "$(P --version)"
  holds "$1: so is the window's" "$2" "$(W 'C:\Program Files\SMTP Gateway\smtp-gateway-manager.exe' --version)"
  equal "$1: nothing new is left" "" "$(find "$programs" -name '*-new*' -o -name '*.old' | tr '\n' ' ')"
}
rm -rf "$programs" && cp -r "$work/older" "$programs"
check "blocked: an older version" code 0 W reg add "$arp" /v DisplayVersion /d "$old" /f
check "blocked: start it" P start
for program in smtp-gateway-manager.exe smtp-gateway.exe; do
  hold $program
  check "blocked: $program is held" test -e "$C/w/held"
  check "blocked: upgrade while $program is held" code 5 setup "$new"
  release
  as_it_was "blocked by $program" "$old"
done
if [ "$(id -u)" = 0 ]; then # a disk of its own for the programs
  P stop >/dev/null
  mv "$programs" "$work/now"
  mkdir "$programs" && mount -t tmpfs -o "size=$(($(du -sk "$work/now" | cut -f1) + 20000))k" tmpfs "$programs" && cp -r "$work/now/." "$programs/"
  P start >/dev/null
  check "full disk: upgrade" code 2 setup "$new"
  as_it_was "full disk" "$old"
  P stop >/dev/null
  umount "$programs"
  cp -r "$work/now/." "$programs/"
  P start >/dev/null
fi
check "upgrade after all" code 0 setup "$new"
as_it_was "upgrade after all" "$new"
