package control

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// rules lets members of the group start and stop this unit, and no other. Whether it starts with the computer is not
// among it: that request names no unit, so a rule would open all of them.
const rules = `// Members of the group "` + group + `" may start and stop the SMTP Gateway service, nothing else.
polkit.addRule(function(action, subject) {
    if (action.id == "org.freedesktop.systemd1.manage-units" &&
        action.lookup("unit") == "` + unit + `" &&
        ["start", "stop", "restart", "reset-failed"].indexOf(action.lookup("verb")) >= 0 &&
        subject.isInGroup("` + group + `")) {
        return polkit.Result.YES;
    }
});
`

// policy asks for an administrator's password before pkexec runs "smtp-gateway startup ...", and says what for.
func policy(program string) string {
	var path bytes.Buffer
	_ = xml.EscapeText(&path, []byte(program)) // a buffer takes everything
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd">
<policyconfig>
  <vendor>%[1]s</vendor>
  <action id="org.smtp-gateway.startup">
    <description>Choose whether %[1]s starts with the computer</description>
    <message>An administrator is needed to choose whether %[1]s starts with the computer.</message>
    <defaults>
      <allow_any>auth_admin</allow_any>
      <allow_inactive>auth_admin</allow_inactive>
      <allow_active>auth_admin_keep</allow_active>
    </defaults>
    <annotate key="org.freedesktop.policykit.exec.path">%[2]s</annotate>
    <annotate key="org.freedesktop.policykit.exec.argv1">startup</annotate>
  </action>
</policyconfig>
`, Display, path.String())
}

// writeRules puts both in place. They are read at once, and by a polkit that is installed later.
func writeRules(program string) error {
	if err := replaceFile(rulesFile, rules); err != nil {
		return err
	}
	return replaceFile(policyFile, policy(program))
}
