package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway/school"
	"smtpgateway/service/signin/signintest"
)

// TestSigninAtSchool has nothing of ours but the program: a certified authorization server, Postfix and Dovecot that asks
// it about every token, and a browser that fills in forms.
func TestSigninAtSchool(t *testing.T) {
	exe := program(t)
	web := signintest.StartReal(t, 5*time.Second)
	asks := strings.Replace(web.URL, "http://", "http://"+signintest.MailServerID+":"+signintest.MailServerSecret+"@", 1) + "/token/introspection"
	s := school.Start(t, school.Tokens(asks, signintest.Mailbox))

	command := func(d *desk, args ...string) *exec.Cmd {
		c := exec.CommandContext(t.Context(), exe, append([]string{"--data", d.data}, args...)...)
		c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile)
		return c
	}
	must := func(d *desk, args ...string) string {
		t.Helper()
		out, err := command(d, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	running := func(d *desk) *proc {
		t.Helper()
		p := d.spawn(func(c *exec.Cmd) { c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile) }, exe, "--data", d.data, "run")
		d.until("the service runs", func() bool { v := d.status(); return v.State == "running" && v.PID == p.Process.Pid })
		return p
	}
	newcomer := func(t *testing.T, security string, port int) *desk {
		t.Helper()
		return newDesk(t, "server1.host="+s.Host, "server1.port="+strconv.Itoa(port), "server1.security="+security,
			"from.address="+signintest.Mailbox, "log.daily_at=", "test_to=tester@example.org", "messages_each_check=2")
	}
	// signIn runs the command and clicks through what it opens.
	signIn := func(d *desk, who *signintest.Person, args ...string) {
		t.Helper()
		c := command(d, append([]string{"signin"}, args...)...)
		c.Stdin = strings.NewReader(signintest.ClientSecret + "\n")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var errs bytes.Buffer
		c.Stderr = &errs
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			all.WriteString(lines.Text() + "\n")
			address := lines.Text()
			if rest, ok := strings.CutPrefix(address, "Open "); ok {
				address, _, _ = strings.Cut(rest, " ")
				who.Types["user_code"] = codeIn(rest)
			}
			if strings.HasPrefix(address, "http") {
				if err := who.Open(address); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := c.Wait(); err != nil {
			t.Fatalf("%v: %v\n%s%s\nthe last page: %s", args, err, all.String(), errs.String(), who.Page())
		}
	}
	client := func(id string) []string {
		return []string{"--user", signintest.Mailbox, "--signin-address", web.URL, "--client-id", id}
	}
	google := slices.Concat([]string{"google", "--secret", "-"}, client(signintest.ClientID), []string{"--no-browser"})
	microsoft := slices.Concat([]string{"microsoft", "--tenant", signintest.Tenant}, client(signintest.PublicClientID), []string{"--no-browser"})

	itself := slices.Concat([]string{"microsoft", "--app", "--secret", "-", "--tenant", signintest.Tenant}, client(signintest.ClientID))

	for name, args := range map[string][]string{
		"Microsoft, as itself":      itself,
		"Google, by the browser":    google,
		"Microsoft, by the browser": microsoft,
		"Microsoft, by a code":      slices.Concat(microsoft[:len(microsoft)-1], []string{"--device"}),
	} {
		for security, port := range map[string]int{"starttls": s.SubmissionPort, "tls": s.TLSPort} {
			t.Run("from the first click to the mailbox: "+name+", "+security, func(t *testing.T) {
				d := newcomer(t, security, port)
				signIn(d, signintest.NewPerson(t, signintest.Mailbox), args...)
				to := fmt.Sprintf("reader-%d@example.org", time.Now().UnixNano())
				d.drop("letter.TMP", letterTo("Overdue", to))
				must(d, "once")
				letter := s.Arrived(t, to, 1)[0]
				if !strings.Contains(string(letter.Header), "(Authenticated sender: "+signintest.Mailbox+")") {
					t.Errorf("%s", letter.Header)
				}
				s.Said(t, letter.QueueID()+": client=unknown[127.0.0.1], sasl_method=XOAUTH2, sasl_username="+signintest.Mailbox)
			})
		}
	}

	t.Run("as itself the service goes on with tokens of five seconds, also over a restart", func(t *testing.T) {
		d := newcomer(t, "starttls", s.SubmissionPort)
		signIn(d, signintest.NewPerson(t, signintest.Mailbox), itself...)
		before := d.rotations()
		for part := range 2 {
			to := fmt.Sprintf("itself-%d@example.org", part)
			r := running(d)
			d.post("Overdue", to)
			must(d, "once")
			s.Arrived(t, to, 1)
			r.end(t)
		}
		if got := d.rotations() - before; got < 2 {
			t.Errorf("renewed %d times", got)
		}
	})

	t.Run("tokens of five seconds and a rotation at each check: the service drains its queue, also over a restart", func(t *testing.T) {
		d := newcomer(t, "starttls", s.SubmissionPort)
		signIn(d, signintest.NewPerson(t, signintest.Mailbox), microsoft...)
		const n = 12
		for i := range n {
			d.post("Overdue", fmt.Sprintf("drain-%d@example.org", i))
		}
		rotations := d.rotations()
		for part := range 2 {
			r := running(d)
			for range 3 {
				must(d, "once")
			}
			if part == 0 && len(s.Maildir(t, "drain-0@example.org")) == 0 {
				t.Error("nothing went before the restart")
			}
			r.end(t)
		}
		for i := range n {
			if got := s.Arrived(t, fmt.Sprintf("drain-%d@example.org", i), 1); len(got) != 1 {
				t.Errorf("%d copies of %d", len(got), i)
			}
		}
		if got := d.rotations() - rotations; got < 6 {
			t.Errorf("renewed %d times in 6 checks", got)
		}
	})

	t.Run("a withdrawn sign-in: the queue holds, one alarm, and a new one goes on", func(t *testing.T) {
		d := newcomer(t, "starttls", s.SubmissionPort)
		signIn(d, signintest.NewPerson(t, signintest.Mailbox), microsoft...)
		defer running(d).end(t)
		d.post("Overdue", "before@example.org")
		must(d, "once")
		s.Arrived(t, "before@example.org", 1)
		v, refresh := d.refresh()
		web.Revoke(t, v, refresh)
		d.drop("kept.TMP", letterTo("Overdue", "after@example.org"))
		for range 3 {
			if out, err := command(d, "once").CombinedOutput(); err == nil && strings.Contains(string(out), "1 sent") {
				t.Fatalf("%s", out)
			}
		}
		status := d.status()
		if status.Waiting != 1 || status.Failed != 0 || !strings.Contains(status.Trouble, "Microsoft no longer accepts the sign-in") || len(d.files()) != 1 {
			t.Fatalf("%+v, in the folder: %v", status, d.files())
		}
		if n := strings.Count(d.ok("log"), "Microsoft no longer accepts the sign-in"); n != 1 {
			t.Errorf("%d alarms", n)
		}
		signIn(d, signintest.NewPerson(t, signintest.Mailbox), microsoft...)
		s.Arrived(t, "after@example.org", 1)
		d.until("the file is gone and the trouble over", func() bool { return len(d.files()) == 0 && d.status().Trouble == "" })
	})

	t.Run("the test message goes the same way, and every step is told", func(t *testing.T) {
		d := newcomer(t, "tls", s.TLSPort)
		signIn(d, signintest.NewPerson(t, signintest.Mailbox), google...)
		if out := must(d, "test"); !strings.Contains(out, "sign-in service") || !strings.Contains(out, "accepted the test message") {
			t.Error(out)
		}
		s.Arrived(t, "tester@example.org", 1)
	})
}

// codeIn is the code a person types.
func codeIn(sentence string) string {
	_, rest, _ := strings.Cut(sentence, "type the code ")
	code, _, _ := strings.Cut(rest, " ")
	return code
}

// end stops a service as the system does.
func (p *proc) end(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.code(); code != exitOK {
		t.Errorf("it ended with %d: %s", code, p.output())
	}
}

func (d *desk) store() *store.Store {
	d.t.Helper()
	s, err := house.Open(d.t.Context(), place.At(d.data), false, store.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// rotations is how often the sign-in was renewed.
func (d *desk) rotations() int64 {
	d.t.Helper()
	s := d.store()
	defer func() { _ = s.Close() }()
	in, _, err := s.SignIn(d.t.Context(), 1)
	if err != nil {
		d.t.Fatal(err)
	}
	return in.Rotations
}

// refresh opens the refresh token, as only the service can.
func (d *desk) refresh() (data.Server, string) {
	d.t.Helper()
	s := d.store()
	defer func() { _ = s.Close() }()
	set, _, _, err := readSettings(d.t.Context(), s)
	if err != nil {
		d.t.Fatal(err)
	}
	in, _, err := s.SignIn(d.t.Context(), 1)
	if err != nil {
		d.t.Fatal(err)
	}
	token, err := house.OpenSignIn(place.At(d.data))(set.Server1, in.Sealed)
	if err != nil {
		d.t.Fatal(err)
	}
	return set.Server1, token.Reveal()
}
