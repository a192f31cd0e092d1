package school

import (
	"fmt"
	"os"
	"testing"
)

const dovecotProgram = "/usr/sbin/dovecot"

// dovecotSettings: no mail, no listeners but the socket on which Postfix asks whether a password is right. The settings
// are those of Dovecot 2.3.
const dovecotSettings = `base_dir = %[1]s/dovecot
state_dir = %[1]s/dovecot
log_path = /dev/stdout
auth_verbose = yes
auth_failure_delay = 0
protocols =
ssl = no
auth_mechanisms = %[2]s
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%%u %[1]s/accounts
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service anvil {
  # No seconds of penalty after a wrong password: the next test comes from the same address.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener %[1]s/sasl {
    mode = 0600
    user = postfix
  }
}
`

func (s *School) startDovecot(t testing.TB, mechanisms string) error {
	t.Helper()
	if err := os.Mkdir(s.path("dovecot"), 0o755); err != nil {
		return err
	}
	if err := s.write("accounts", s.User+":"+s.Password+"\n"); err != nil {
		return err
	}
	if err := s.write("dovecot.conf", fmt.Sprintf(dovecotSettings, s.dir, mechanisms)); err != nil {
		return err
	}
	_, err := s.book.start(t, "starting up", dovecotProgram, "-F", "-c", s.path("dovecot.conf"))
	return err
}
