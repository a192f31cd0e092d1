package main

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"smtpgateway/service/relay/relaytest"
	"smtpgateway/service/signin/signintest"
)

// TestMemberSignsIn: a librarian is in the group of the data folder, may read the public key only, and signs in for the
// service.
func TestMemberSignsIn(t *testing.T) {
	needRoot(t)
	exe := program(t)
	dir, err := os.MkdirTemp("", "member-") //nolint:usetesting // nobody has to be let through
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	const nobody = 65534
	web := signintest.New(t)
	mail := relaytest.Start(t, relaytest.Script{Security: "starttls", Auth: []string{"XOAUTH2"}, AuthInTLS: true, Token: func(user, token string) bool {
		of, ok := web.Valid(token)
		return ok && of == user
	}})
	copied := filepath.Join(dir, "smtp-gateway")
	copyFile(t, exe, copied)
	d := &desk{t: t, data: filepath.Join(dir, "data")}
	d.ok("settings", "set", "server1.host="+mail.Host, "server1.port="+strconv.Itoa(mail.Port), "server1.certificate="+relaytest.Fingerprint(mail.Certificate), "from.address="+signintest.Mailbox, "log.daily_at=")
	// As an installer leaves it: the group may do everything in the data folder, and read the public key.
	for path, mode := range map[string]fs.FileMode{dir: 0o755, copied: 0o755, d.data: fs.ModeSetgid | 0o770, d.data + ".key": 0o755} {
		if err := os.Chown(path, 0, nobody); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{d.data + "/gateway.db", d.data + "/gateway.db-wal", d.data + "/gateway.db-shm", d.data + ".key/public.key"} {
		if err := os.Chown(name, 0, nobody); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	member := func(in string, args ...string) (string, error) {
		c := exec.CommandContext(context.WithoutCancel(t.Context()), copied, append([]string{"--data", d.data, "signin"}, args...)...)
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		c.Dir, c.Stdin = "/", strings.NewReader(in)
		var errs, all bytes.Buffer
		c.Stderr = &errs
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		browser := signintest.NewBrowser(t)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			all.WriteString(lines.Text() + "\n")
			if strings.HasPrefix(lines.Text(), "http") {
				_ = browser.Open(lines.Text())
			}
		}
		err = c.Wait()
		return all.String() + errs.String(), err
	}
	client := []string{"--no-browser", "--user", signintest.Mailbox, "--client-id", signintest.ClientID, "--signin-address", web.URL}
	t.Run("without any right to open what is sealed, and the service sends with it", func(t *testing.T) {
		out, err := member(signintest.ClientSecret+"\n", append([]string{"google", "--secret", "-"}, client...)...)
		if err != nil {
			t.Fatalf("%v %s", err, out)
		}
		d.post("Overdue", "p@example.org")
		d.ok("once")
		if len(mail.Messages()) != 1 {
			t.Fatal("not sent")
		}
	})
	t.Run("a client secret that only the service can read is asked for again, in words", func(t *testing.T) {
		out, err := member("", append([]string{"google"}, client...)...)
		if err == nil || !strings.Contains(out, "--secret -") || !strings.Contains(out, "read by the service only") {
			t.Fatalf("%v %s", err, out)
		}
	})
	t.Run("who signs in by Microsoft needs no secret", func(t *testing.T) {
		out, err := member("", append([]string{"microsoft", "--tenant", signintest.Tenant}, client...)...)
		if err != nil {
			t.Fatalf("%v %s", err, out)
		}
		d.post("Overdue", "q@example.org")
		d.ok("once")
		if len(mail.Messages()) != 2 {
			t.Fatal("not sent")
		}
	})
	t.Run("another registration wants its own secret, and it is said how to give it", func(t *testing.T) {
		if out, err := member(signintest.ClientSecret+"\n", append([]string{"google", "--secret", "-"}, client...)...); err != nil {
			t.Fatalf("%v %s", err, out)
		}
		out, err := member("", append([]string{"microsoft", "--app", "--tenant", signintest.Tenant}, client[1:]...)...)
		if err == nil || !strings.Contains(out, "--secret -") {
			t.Fatalf("%v %s", err, out)
		}
	})
}
