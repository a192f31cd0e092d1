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
%[3]spassdb {
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

// tokenSettings: a token is looked at by the server that made it, each time.
const tokenSettings = `introspection_mode = post
introspection_url = %s
active_attribute = active
active_value = true
username_attribute = mailbox
`

const tokenPassdb = `passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = %[1]s/tokens
}
`

func (s *School) startDovecot(t testing.TB, o options) error {
	t.Helper()
	if err := os.Mkdir(s.path("dovecot"), 0o755); err != nil {
		return err
	}
	if err := s.write("accounts", s.User+":"+s.Password+"\n"); err != nil {
		return err
	}
	tokens := ""
	if o.introspection != "" {
		tokens = fmt.Sprintf(tokenPassdb, s.dir)
		if err := s.write("tokens", fmt.Sprintf(tokenSettings, o.introspection)); err != nil {
			return err
		}
	}
	if err := s.write("dovecot.conf", fmt.Sprintf(dovecotSettings, s.dir, o.mechanisms, tokens)); err != nil {
		return err
	}
	_, err := s.book.start(t, "starting up", dovecotProgram, "-F", "-c", s.path("dovecot.conf"))
	return err
}
