package school

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	postfixProgram  = "/usr/sbin/postfix"
	postconfProgram = "/usr/sbin/postconf"
)

// mainSettings: a server that has a mailbox for everybody but Unknown, takes mail from those who signed in over TLS, and
// adds nothing to a message but its trace. Header rewriting for clients on this machine is off: a school's server treats
// the library's computer as a stranger.
const mainSettings = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/state
maillog_file = /dev/stdout
myhostname = mail.school.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
local_header_rewrite_clients =
default_transport = error:this server sends nothing outside
smtpd_tls_chain_files = %[1]s/server.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_tls_loglevel = 1
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = %[1]s/sasl
smtpd_sasl_authenticated_header = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
message_size_limit = 41943040
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = static:everybody
virtual_mailbox_maps = regexp:%[1]s/people
virtual_mailbox_base = %[1]s/post
virtual_uid_maps = static:%[2]d
virtual_gid_maps = static:%[2]d
virtual_destination_recipient_limit = 1
`

// services of master.cf, none of them in a chroot: the folder is not made for it.
const services = `
127.0.0.1:%d inet n - n - - smtpd
  -o syslog_name=submission
127.0.0.1:%d inet n - n - - smtpd
  -o syslog_name=submissions -o smtpd_tls_wrappermode=yes
127.0.0.1:%d inet n - n - - smtpd
  -o syslog_name=relay -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no
  -o smtpd_relay_restrictions=permit_mynetworks,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

// people is who has a mailbox: one post box takes everything, and the Delivered-To field that Postfix adds says for whom.
const people = `if !/^` + Unknown + `/
/./ box/
endif
`

func (s *School) startPostfix(t testing.TB) error {
	t.Helper()
	for _, name := range []string{"etc", "queue", "state"} {
		if err := os.Mkdir(s.path(name), 0o755); err != nil {
			return err
		}
	}
	if err := giveTo("postfix", s.path("state")); err != nil {
		return err
	}
	if err := s.write("people", people); err != nil {
		return err
	}
	if err := s.write("etc/main.cf", fmt.Sprintf(mainSettings, s.dir, nobody)); err != nil {
		return err
	}
	// Between finding a free port and taking it, somebody else may.
	var err error
	for range 3 {
		if s.SubmissionPort, s.TLSPort, s.RelayPort, err = freePorts(); err != nil {
			return err
		}
		master := fmt.Sprintf(services, s.SubmissionPort, s.TLSPort, s.RelayPort)
		if err = s.write("etc/master.cf", master); err != nil {
			return err
		}
		if err = s.startMaster(t); err == nil {
			return nil
		}
	}
	return err
}

// startMaster does what "postfix start-fg" does, but keeps master as the child that can be told to stop.
func (s *School) startMaster(t testing.TB) error {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), postfixProgram, "-c", s.path("etc"), "check").CombinedOutput(); err != nil {
		return fmt.Errorf("postfix check: %w\n%s", err, out)
	}
	where, err := exec.CommandContext(t.Context(), postconfProgram, "-c", s.path("etc"), "-h", "daemon_directory").Output()
	if err != nil {
		return fmt.Errorf("postconf: %w", err)
	}
	master := filepath.Join(strings.TrimSpace(string(where)), "master")
	s.endPostfix, err = s.book.start(t, "daemon started", master, "-s", "-c", s.path("etc"))
	return err
}

// StopPostfix lets the mail server go down, as one does that is restarted in the middle of the day: nobody answers on its
// ports until StartPostfix.
func (s *School) StopPostfix() { s.endPostfix() }

// StartPostfix brings the mail server back, on the same ports and with the same mailboxes.
func (s *School) StartPostfix(t testing.TB) {
	t.Helper()
	if err := s.startMaster(t); err != nil {
		t.Fatalf("the school's mail server does not come back: %v", err)
	}
}

// freePorts finds three free ports on loopback.
func freePorts() (submission, tls, relay int, err error) {
	var ports [3]int
	var open [3]net.Listener
	for i := range ports {
		l, e := net.Listen("tcp4", "127.0.0.1:0")
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		open[i] = l
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			ports[i] = a.Port
		}
	}
	for _, l := range open {
		if l != nil {
			err = errors.Join(err, l.Close())
		}
	}
	return ports[0], ports[1], ports[2], err
}
