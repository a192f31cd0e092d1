// Package school is in charge of a mail server like a school has one, for tests only: Postfix and Dovecot as Debian
// ships them, with settings, queue, certificate and mailboxes in a temporary folder of their own, on loopback. Nothing
// of the machine's own mail service is read, changed or started, and no message leaves: every address in the world
// lives here.
package school

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Mechanisms Dovecot offers for signing in, unless Offering says otherwise.
const mechanisms = "plain login cram-md5 scram-sha-1 scram-sha-256"

// Unknown is the part before the @ of addresses the school refuses: 550 5.1.1, as Postfix says it.
const Unknown = "user-unknown"

// School is a running mail server.
type School struct {
	Host           string // 127.0.0.1; the certificate names it and localhost
	SubmissionPort int    // as 587: STARTTLS, then signing in, then mail
	TLSPort        int    // as 465: TLS from the first byte, then signing in, then mail
	RelayPort      int    // as 25 inside a school: no TLS, no signing in
	CA             *x509.CertPool
	CAPEM          []byte // the same, for programs
	CAFile         string // the same, as a file
	User, Password string // the one account

	dir        string
	book       *logbook
	endPostfix func()
}

type options struct{ mechanisms, password, user, introspection string }

// Option changes what the school offers.
type Option func(*options)

// Offering limits the ways of signing in, "scram-sha-1 plain".
func Offering(mechanisms string) Option { return func(o *options) { o.mechanisms = mechanisms } }

// Password gives the account a password that any keyboard has.
func Password(password string) Option { return func(o *options) { o.password = password } }

// Tokens lets people sign in with XOAUTH2 too, beside the other ways: Dovecot asks introspection, an address with the
// user and password of a resource server in it, whether a token is good and whose it is (RFC 7662). The account gets the
// name of a mailbox, as tokens are made out to one.
func Tokens(introspection, mailbox string) Option {
	return func(o *options) {
		o.introspection, o.user, o.mechanisms = introspection, mailbox, o.mechanisms+" xoauth2"
	}
}

// Start runs the school until t ends. Without Postfix, Dovecot or the rights to start them t is skipped, or fails where
// the environment says CI=true. When t fails, the mail log is part of what it says.
func Start(t testing.TB, with ...Option) *School {
	t.Helper()
	if reason := missing(); reason != "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the school's mail server has to be tested here, but %s", reason)
		}
		t.Skipf("no school's mail server: %s", reason)
	}
	o := options{mechanisms: mechanisms, password: "Bücher & \"Zeiten\" 7", user: "library"}
	for _, change := range with {
		change(&o)
	}
	// Not t.TempDir: Postfix and Dovecot give up root, and have to be let through.
	dir, err := os.MkdirTemp("", "school-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("the school's folder stays behind: %v", err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := &School{
		Host: "127.0.0.1", User: o.user, Password: o.password,
		dir: dir, book: &logbook{},
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what the school's mail server said:\n%s", s.book.all())
		}
	})
	for _, step := range []func() error{
		s.makeCertificate,
		s.makePostbox,
		func() error { return s.startDovecot(t, o) },
		func() error { return s.startPostfix(t) },
	} {
		if err := step(); err != nil {
			t.Fatalf("the school's mail server does not start: %v", err)
		}
	}
	return s
}

// missing says what keeps the school closed; empty: nothing.
func missing() string {
	if os.Geteuid() != 0 {
		return "only root may start Postfix and Dovecot"
	}
	for _, program := range []string{postfixProgram, dovecotProgram} {
		if _, err := exec.LookPath(program); err != nil {
			return filepath.Base(program) + " is not installed; ./installer/test installs it"
		}
	}
	return ""
}

// Said waits until the mail log holds text, such as "sasl_method=CRAM-MD5".
func (s *School) Said(t testing.TB, text string) {
	t.Helper()
	if err := s.book.wait(t.Context(), 0, text); err != nil {
		t.Fatalf("the school's mail server never said %q: %v", text, err)
	}
}

func (s *School) path(names ...string) string {
	return filepath.Join(append([]string{s.dir}, names...)...)
}

func (s *School) write(name, content string) error {
	return os.WriteFile(s.path(name), []byte(content), 0o644)
}
