# shellcheck shell=bash
# The .msi: installed, repaired, upgraded, removed, all in silence. Sourced by test.sh; nothing of ours is installed when it
# begins and ends.
# shellcheck disable=SC2154 # test.sh has set them

echo "== the .msi"
msi() { W msiexec "$@" /qn; }
# product VERSION: the product code of a version.
product() { msiinfo export "$C/w/smtp-gateway-$1.msi" Property | tr -d '\r' | sed -n 's/^ProductCode\t//p'; }
check ".msi: silent" code 0 msi /i "C:\\w\\smtp-gateway-$old.msi" "USER=$USERNAME" 'SETTINGS=C:\w\a school.json'
installed .msi
check ".msi: in the list of programs" W reg query "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\$(product "$old")"
check ".msi: the setup program gives way to it" code 4 setup "$new"
drop 'the ruler'
check ".msi: start" P start
sent .msi 'the ruler'
check ".msi: start with the computer" P startup auto
rm "$programs/smtp-gateway-manager.exe"
# Wine does not do msiexec /fa for all users; this is what Windows does then.
check "repair" code 0 msi /i "C:\\w\\smtp-gateway-$old.msi" REINSTALL=ALL REINSTALLMODE=amus
check "repair: the window is back" test -s "$programs/smtp-gateway-manager.exe"
check "repair: the service runs again" within 20 is "running auto"
# Windows tells the old version that a newer one takes its place; Wine leaves that out, so it is said here.
drop 'the compass'
check ".msi upgrade: the old version goes" code 0 msi /x "$(product "$old")" "UPGRADINGPRODUCTCODE=$(product "$new")"
check ".msi upgrade: the new one comes" code 0 msi /i "C:\\w\\smtp-gateway-$new.msi"
holds ".msi upgrade: the newer program" "$new" "$(P --version)"
check ".msi upgrade: the service runs again, and starts with the computer" within 20 is "running auto"
sent '.msi upgrade' 'the compass'
refused ".msi: no older version over it" msi /i "C:\\w\\smtp-gateway-$old.msi"
check ".msi uninstall" code 0 msi /x "$(product "$new")"
check ".msi uninstall: programs, service and menu are gone" program_gone
check ".msi uninstall: the messages stay" test -s "$data/gateway.db"
check ".msi uninstall: the folder" test ! -e "$programs"
refused ".msi: nobody of that name" msi /i "C:\\w\\smtp-gateway-$new.msi" USER=nobody-of-that-name
check ".msi: nobody of that name: nothing is left but data" program_gone
check ".msi: once more" code 0 msi /i "C:\\w\\smtp-gateway-$new.msi"
check ".msi purge" code 0 msi /x "$(product "$new")" PURGE=1
for folder in "$data" "$data Key" "$data Email"; do check ".msi purge: ${folder##*/} is gone" gone "$folder"; done
