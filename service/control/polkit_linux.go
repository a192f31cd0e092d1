package control

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
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

// elevated are the commands of ours that a desktop may run as an administrator, and what the person is asked for.
var elevated = []struct{ command, description, message string }{
	{"startup", "Choose whether %s starts with the computer", "An administrator is needed to choose whether %s starts with the computer."},
	{"folder", "Choose which folder %s may work in", "An administrator is needed to let %s into another folder."},
	{"access", "Choose who may work with %s", "An administrator is needed to choose who may work with %s."},
	{"install", "Install the service %s", "An administrator is needed to install the service %s."},
}

// policy asks for an administrator's password before pkexec runs one of our commands, and says what for.
func policy(program string) string {
	var path bytes.Buffer
	_ = xml.EscapeText(&path, []byte(program)) // a buffer takes everything
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd">
<policyconfig>
  <vendor>` + Display + `</vendor>
`)
	for _, e := range elevated {
		fmt.Fprintf(&b, `  <action id="org.smtp-gateway.%s">
    <description>%s</description>
    <message>%s</message>
    <defaults>
      <allow_any>auth_admin</allow_any>
      <allow_inactive>auth_admin</allow_inactive>
      <allow_active>auth_admin_keep</allow_active>
    </defaults>
    <annotate key="org.freedesktop.policykit.exec.path">%s</annotate>
    <annotate key="org.freedesktop.policykit.exec.argv1">%s</annotate>
  </action>
`, e.command, fmt.Sprintf(e.description, Display), fmt.Sprintf(e.message, Display), path.String(), e.command)
	}
	b.WriteString("</policyconfig>\n")
	return b.String()
}

// writeRules puts both in place. They are read at once, and by a polkit that is installed later.
func writeRules(program string) error {
	if err := replaceFile(rulesFile, rules); err != nil {
		return err
	}
	return replaceFile(policyFile, policy(program))
}
