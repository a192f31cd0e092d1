package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
	"smtpgateway/service/signin/signintest"
)

// tokenSchool is a school whose mail server takes tokens only, and the service that makes them.
type tokenSchool struct {
	*desk
	web  *signintest.Server
	mail *relaytest.Server
	said []string    // everything that was printed
	shut atomic.Bool // the mail server takes no token at all
	hold atomic.Pointer[func()]
}

func newTokenSchool(t *testing.T) *tokenSchool {
	t.Helper()
	s := &tokenSchool{web: signintest.New(t)}
	s.mail = relaytest.Start(t, relaytest.Script{
		Security: data.SecuritySTARTTLS, Auth: []string{"XOAUTH2"}, AuthInTLS: true,
		Token: func(user, token string) bool {
			if hold := s.hold.Load(); hold != nil {
				(*hold)()
			}
			of, ok := s.web.Valid(token)
			return ok && of == user && !s.shut.Load()
		},
	})
	s.desk = newDesk(t, "server1.host="+s.mail.Host, "server1.port="+strconv.Itoa(s.mail.Port), "server1.certificate="+relaytest.Fingerprint(s.mail.Certificate),
		"from.address="+signintest.Mailbox, "test_to=me@example.org", "log.daily_at=", "server1.password=an old password", "server1.user="+signintest.Mailbox)
	return s
}

// signIn runs the command as a person does: the address that it prints is opened in a browser.
func (s *tokenSchool) signIn(in string, args ...string) (code int, out string) {
	s.t.Helper()
	browser := signintest.NewBrowser(s.t)
	r, w := io.Pipe()
	var all bytes.Buffer
	var reading sync.WaitGroup
	reading.Go(func() {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
			if strings.HasPrefix(lines.Text(), "http") {
				_ = browser.Open(lines.Text())
			}
		}
		_, _ = io.Copy(io.Discard, r)
	})
	code = Main(context.WithoutCancel(s.t.Context()), append([]string{"--data", s.data, "signin"}, args...), Streams{In: strings.NewReader(in), Out: w, Err: w})
	_ = w.Close()
	reading.Wait()
	s.said = append(s.said, strings.ReplaceAll(all.String(), firstLink(all.String()), ""))
	return code, all.String()
}

// firstLink is the address a person opens: it holds what belongs to one sign-in, and nothing that lasts.
func firstLink(text string) string {
	i := strings.Index(text, "\nhttp")
	if i < 0 {
		return "\x00"
	}
	line, _, _ := strings.Cut(text[i+1:], "\n")
	return line
}

func (s *tokenSchool) google(more ...string) (int, string) {
	s.t.Helper()
	return s.signIn(signintest.ClientSecret+"\n", append([]string{
		"google", "--no-browser", "--user", signintest.Mailbox, "--client-id", signintest.ClientID, "--secret", "-", "--signin-address", s.web.URL,
	}, more...)...)
}

func (s *tokenSchool) microsoft(more ...string) (int, string) {
	s.t.Helper()
	return s.signIn(signintest.ClientSecret+"\n", append([]string{
		"microsoft", "--user", signintest.Mailbox, "--client-id", signintest.ClientID, "--tenant", signintest.Tenant, "--signin-address", s.web.URL,
	}, more...)...)
}

type signInsView struct {
	SignIns []signinView `json:"sign_ins"`
}

func (s *tokenSchool) state() (v signinView, code int) {
	s.t.Helper()
	var all signInsView
	code = s.json(&all, "signin", "status")
	if len(all.SignIns) != 1 {
		s.t.Fatalf("%+v", all)
	}
	return all.SignIns[0], code
}

func TestSigninCommand(t *testing.T) {
	for name, sign := range map[string]func(*tokenSchool) (int, string){
		"google by the browser":          func(s *tokenSchool) (int, string) { return s.google() },
		"microsoft by the browser":       func(s *tokenSchool) (int, string) { return s.microsoft("--no-browser") },
		"microsoft as the program alone": func(s *tokenSchool) (int, string) { return s.microsoft("--app", "--secret", "-") },
	} {
		t.Run("from the first click to the delivered mail: "+name, func(t *testing.T) {
			s := newTokenSchool(t)
			code, out := sign(s)
			if code != exitOK || !strings.Contains(out, signintest.Mailbox) || !strings.Contains(out, "smtp-gateway test") {
				t.Fatalf("%d %s", code, out)
			}
			state, code := s.state()
			if code != exitOK || !state.OK || state.Mailbox != signintest.Mailbox {
				t.Fatalf("%d %+v", code, state)
			}
			if got := s.ok("settings", "get", "server1.password"); !strings.Contains(got, "not set") {
				t.Errorf("the password is still there: %s", got)
			}
			s.post("Overdue", "p@example.org")
			s.ok("once")
			if len(s.mail.Messages()) != 1 || s.mail.Auths() != 1 {
				t.Fatalf("%d messages, %d sign-ins", len(s.mail.Messages()), s.mail.Auths())
			}
		})
	}
	t.Run("a code on another device", func(t *testing.T) {
		s := newTokenSchool(t)
		code, out := s.microsoft("--device") // asks after five seconds, as the other side wants it
		if code != exitOK || !strings.Contains(out, "GX7-QRT") || !strings.Contains(out, s.web.URL+"/devicelogin") {
			t.Fatalf("%d %s", code, out)
		}
		s.post("Overdue", "p@example.org")
		s.ok("once")
		if len(s.mail.Messages()) != 1 {
			t.Fatal("not sent")
		}
	})
	t.Run("a sign-in that is refused changes nothing", func(t *testing.T) {
		s := newTokenSchool(t)
		before := s.ok("settings", "export")
		s.web.Behave(func(r *signintest.Rules) { r.Refuse = "access_denied" })
		if code, out := s.google(); code != exitConfig || !strings.Contains(out, "Cancel") {
			t.Fatalf("%d %s", code, out)
		}
		if after := s.ok("settings", "export"); after != before {
			t.Errorf("%s\nbecame\n%s", before, after)
		}
	})
	t.Run("another account is kept only when that was said", func(t *testing.T) {
		s := newTokenSchool(t)
		s.web.Behave(func(r *signintest.Rules) { r.User = "headteacher@school.example" })
		if code, out := s.microsoft("--no-browser"); code != exitConfig || !strings.Contains(out, "headteacher@school.example") || !strings.Contains(out, "--other-account") {
			t.Fatalf("%d %s", code, out)
		}
		if code, out := s.microsoft("--no-browser", "--other-account"); code != exitOK || !strings.Contains(out, "headteacher@school.example") {
			t.Fatalf("%d %s", code, out)
		}
		if code, out := s.google("--server", "2"); code == exitOK || strings.Contains(out, "--other-account") {
			t.Fatalf("%d %s", code, out)
		}
	})
	t.Run("what is missing or wrong is said before anybody signs in", func(t *testing.T) {
		s := newTokenSchool(t)
		for _, args := range [][]string{
			{"google", "--no-browser"}, {"google", "--no-browser", "--client-id", "x"}, {"microsoft", "--no-browser", "--client-id", "x"},
			{"google", "--server", "3"}, {"google", "--device"}, {"microsoft", "--device", "--app"}, {"guide", "yahoo"}, {"guide", "google", "--app"}, {"forget", "--server", "0"}, {"forget"},
		} {
			if code, out := s.signIn("", args...); code == exitOK || strings.Contains(out, "http://127") {
				t.Errorf("%v: %d %s", args, code, out)
			}
		}
	})
	t.Run("a school without settings gets those of the provider along with it", func(t *testing.T) {
		web := signintest.New(t)
		s := &tokenSchool{desk: newDesk(t), web: web}
		if code, out := s.google(); code != exitOK {
			t.Fatalf("%d %s", code, out)
		}
		for name, want := range map[string]string{"server1.host": "smtp.gmail.com", "server1.port": "465", "server1.security": "tls", "server1.signin": "google", "from.address": signintest.Mailbox, "server1.client_secret": "set"} {
			if got := strings.TrimSpace(s.ok("settings", "get", name)); got != want {
				t.Errorf("%s is %s", name, got)
			}
		}
	})
	t.Run("nobody is asked for where a password does, and that is no trouble", func(t *testing.T) {
		d := newDesk(t)
		if code, out, _ := d.run("signin", "status", "--json"); code != exitOK || !strings.Contains(out, `"sign_ins": []`) {
			t.Errorf("%d %s", code, out)
		}
	})
	t.Run("a terminal is told which command to run, not what to click", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.run("signin", "forget")
		for _, args := range [][]string{{"signin", "status"}, {"--json", "signin", "status"}, {"status"}, {"--json", "status"}, {"probe"}, {"doctor"}} {
			_, out, bad := s.run(args...)
			if said := out + bad; strings.Contains(said, "lick Sign in") || strings.Contains(said, "Open Settings") || !strings.Contains(said, "smtp-gateway signin") {
				t.Errorf("%v: %s", args, said)
			}
		}
		if v, _ := s.state(); v.Next != "Run smtp-gateway signin google." {
			t.Errorf("%+v", v)
		}
		s.web.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{signintest.Refusal("invalid_grant", "no")} })
		if code, out := s.google(); code != exitConfig || !strings.Contains(out, "run smtp-gateway signin google again") {
			t.Errorf("%d %s", code, out)
		}
	})
	t.Run("two ways at once are wrong use", func(t *testing.T) {
		s := newTokenSchool(t)
		for _, ways := range [][]string{{"--device", "--app"}, {"--device", "--no-browser"}, {"--app", "--no-browser"}} {
			if code, _, bad := s.run(append([]string{"signin", "microsoft"}, ways...)...); code != exitUsage || !strings.Contains(bad, "Use one of them") {
				t.Errorf("%d %s", code, bad)
			}
		}
	})
	t.Run("forgetting can take the sign-in back at Google; a failure there forgets nothing", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.web.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Status: 500, Body: "{}"}} })
		if code, _, bad := s.run("signin", "forget", "--revoke"); code != exitTemporary || !strings.Contains(bad, "ry again") {
			t.Errorf("%d %s", code, bad)
		}
		if v, code := s.state(); code != exitOK || !v.OK {
			t.Errorf("%+v", v)
		}
		if code, out, bad := s.run("signin", "forget", "--revoke"); code != exitOK || !strings.Contains(out, "Google was told") {
			t.Errorf("%d %s%s", code, out, bad)
		}
		for _, secret := range s.web.Secrets() {
			if _, ok := s.web.Valid(secret); ok {
				t.Error("a token still holds")
			}
		}
		if code, _, bad := s.run("signin", "forget", "--revoke"); code != exitNoInput || !strings.Contains(bad, "Nobody is signed in") {
			t.Errorf("%d %s", code, bad)
		}
		if code, out := s.microsoft(); code != exitOK {
			t.Fatal(out)
		}
		if code, _, bad := s.run("signin", "forget", "--revoke"); code != exitUsage || !strings.Contains(bad, "Microsoft offers programs no way") {
			t.Errorf("%d %s", code, bad)
		}
	})
	t.Run("the guide has every step, with the mailbox filled in", func(t *testing.T) {
		s := newTokenSchool(t)
		for _, way := range [][]string{{"google"}, {"microsoft"}, {"microsoft", "--app"}} {
			out := s.ok(append([]string{"signin", "guide"}, way...)...)
			var v struct {
				Steps []struct{ Title, Text string } `json:"steps"`
			}
			s.json(&v, append([]string{"signin", "guide"}, way...)...)
			if len(v.Steps) < 3 || !strings.Contains(out, signintest.Mailbox) || !strings.Contains(out, v.Steps[len(v.Steps)-1].Title) {
				t.Errorf("%v: %s", way, out)
			}
		}
	})
	t.Run("with --json the answer is one document, and the address stands apart", func(t *testing.T) {
		s := newTokenSchool(t)
		browser := signintest.NewBrowser(t)
		r, w := io.Pipe()
		go func() {
			for lines := bufio.NewScanner(r); lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "http") {
					_ = browser.Open(lines.Text())
				}
			}
		}()
		var out bytes.Buffer
		code := Main(context.WithoutCancel(t.Context()), []string{"--data", s.data, "--json", "signin", "microsoft", "--no-browser", "--user", signintest.Mailbox, "--client-id", signintest.ClientID, "--tenant", signintest.Tenant, "--signin-address", s.web.URL}, Streams{In: strings.NewReader(""), Out: &out, Err: w})
		_ = w.Close()
		var v signinView
		if err := json.Unmarshal(out.Bytes(), &v); code != exitOK || err != nil || !v.OK || v.User != signintest.Mailbox || v.Way != "microsoft" {
			t.Fatalf("%d %v %s", code, err, out.String())
		}
	})
}

func TestSigninKeepsMailMoving(t *testing.T) {
	t.Run("a revoked sign-in: the queue holds, one alarm, and signing in again goes on at once", func(t *testing.T) {
		s := newTokenSchool(t)
		s.web.Behave(func(r *signintest.Rules) { r.Life = 5 }) // each dial renews
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.post("First", "a@example.org")
		r := s.start().up()
		s.until("sent", func() bool { return len(s.mail.Messages()) == 1 })
		s.web.Revoke()
		auths := s.mail.Auths()
		for _, to := range []string{"b@example.org", "c@example.org"} {
			s.post("Waits", to)
		}
		for range 3 {
			s.run("once")
		}
		s.until("the trouble is told", func() bool {
			return strings.Contains(s.status().Trouble, "Google has ended the sign-in") || strings.Contains(s.status().Trouble, "sign")
		})
		if n := s.states(); n[data.Waiting] != 2 || n[data.Failed] != 0 || s.mail.Auths() != auths {
			t.Fatalf("%v, %d sign-ins at the mail server", n, s.mail.Auths()-auths)
		}
		if files := s.files(); len(files) != 0 {
			t.Errorf("in the folder: %v", files)
		}
		if !strings.Contains(s.status().Remedy, "smtp-gateway signin") {
			t.Errorf("%q", s.status().Remedy)
		}
		state, code := s.state()
		if code != exitNo || state.OK {
			t.Errorf("%d %+v", code, state)
		}
		if out := s.ok("status"); !strings.Contains(out, "Sign-in    "+state.Says+" "+state.Next) {
			t.Error(out)
		}
		if _, out, _ := s.run("doctor"); !strings.Contains(out, "NO  sign-in") || !strings.Contains(out, state.Says) {
			t.Error(out)
		}
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.until("sent again by itself", func() bool { return len(s.mail.Messages()) == 3 })
		s.until("the trouble is over", func() bool { return s.status().Trouble == "" })
		alarms := 0
		for drained := false; !drained; {
			select {
			case e := <-r.host.events:
				if strings.HasPrefix(e, "300 ") {
					alarms++
				}
			default:
				drained = true
			}
		}
		if alarms != 1 {
			t.Errorf("%d alarms", alarms)
		}
		if lines := strings.Count(s.ok("log"), state.Says); lines != 1 {
			t.Errorf("told %d times in the journal:\n%s", lines, s.ok("log"))
		}
	})

	t.Run("a sign-in made while the service was stopped ends the pause of before", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.web.Revoke()
		s.post("Waits", "a@example.org")
		s.run("once")
		if n := s.states(); n[data.Waiting] != 1 || !strings.Contains(s.status().Trouble, "no longer accepts") {
			t.Fatal(n, s.status().Trouble)
		}
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.start().up()
		s.until("sent", func() bool { return len(s.mail.Messages()) == 1 })
	})

	t.Run("a token that was withdrawn early: one refresh, one retry, sent", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		g := s.gateway(gateway.Options{})
		s.post("First", "a@example.org")
		s.check(g)
		s.web.ExpireAccess()
		s.post("Second", "b@example.org")
		before, asked := s.mail.Auths(), len(s.web.Forms())
		if r := s.check(g); r.Summary.Sent != 1 || r.Summary.Trouble != nil || s.mail.Auths() != before+2 || len(s.web.Forms()) != asked+1 {
			t.Fatalf("%+v, %d tries, %d renewals", r.Summary, s.mail.Auths()-before, len(s.web.Forms())-asked)
		}
		// The steps of a look at the server show how it ended, and none of them twice.
		s.web.ExpireAccess()
		a := g.Probe(t.Context(), 1, nil)
		seen := map[string]int{}
		for _, step := range a.Steps {
			if seen[step.Name]++; !step.OK || seen[step.Name] > 1 {
				t.Errorf("%+v", a.Steps)
			}
		}
		if !a.OK || seen["sign-in"] != 1 {
			t.Fatalf("%+v", a)
		}
	})

	t.Run("the mail server refuses every token: two tries at first, then one a check, and everything waits", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		g := s.gateway(gateway.Options{})
		s.post("First", "a@example.org")
		s.check(g)
		s.shut.Store(true)
		s.post("Second", "b@example.org")
		for _, tries := range []int{2, 1, 1} {
			before := s.mail.Auths()
			if r := s.check(g); r.Summary.Sent+r.Summary.Failed != 0 || r.Summary.Trouble == nil || r.Summary.Trouble.Advice != "browser" || s.mail.Auths() != before+tries {
				t.Fatalf("%+v, %d tries", r.Summary, s.mail.Auths()-before)
			}
		}
		if a := g.Probe(t.Context(), 1, nil); a.OK || len(a.Steps) == 0 || a.Steps[len(a.Steps)-1].OK || a.Steps[len(a.Steps)-1].Name != "sign-in" {
			t.Fatalf("%+v", a)
		}
	})

	for name, answer := range map[string]signintest.Answer{
		"is down (500)": {Status: 500, Body: `{"error":"server_error"}`}, "answers with a web page": {Status: 200, Type: "text/html", Body: "<html>Sign in to the school's network</html>"},
		"is throttled (429)": {Status: 429, Body: "{}"}, "says nothing": {Status: 200, Body: ""}, "is too slow": {Hang: true},
	} {
		t.Run("the sign-in service "+name+": temporary, nothing failed, and it goes on by itself", func(t *testing.T) {
			s := newTokenSchool(t)
			if code, out := s.google(); code != exitOK {
				t.Fatal(out)
			}
			s.web.Behave(func(r *signintest.Rules) { r.Answers, r.ForEver = []signintest.Answer{answer}, true })
			g := s.gateway(gateway.Options{SignIn: 500 * time.Millisecond})
			s.post("Overdue", "a@example.org")
			r := s.check(g)
			if r.Summary.Sent+r.Summary.Failed != 0 || r.Summary.Trouble == nil || r.Summary.Trouble.Pause != data.PauseShort || r.Summary.Trouble.Advice != "" || s.mail.Auths() != 0 {
				t.Fatalf("%+v", r.Summary)
			}
			if strings.Contains(r.Summary.Trouble.Sentence, "html") {
				t.Errorf("%q", r.Summary.Trouble.Sentence)
			}
			if state, code := s.state(); code != exitOK {
				t.Errorf("%d %+v", code, state)
			}
			s.web.Behave(func(r *signintest.Rules) { r.Answers = nil })
			if r := s.check(g); r.Summary.Sent != 1 {
				t.Fatalf("%+v", r.Summary)
			}
		})
	}

	t.Run("a stop does not wait for a sign-in service that does not answer", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		asked := len(s.web.Forms())
		s.web.Behave(func(r *signintest.Rules) { r.Answers, r.ForEver = []signintest.Answer{{Hang: true}}, true })
		s.post("Overdue", "a@example.org")
		// Without end both: only a stop that breaks the waiting off comes back at all.
		l := s.live(gateway.Options{SignIn: 24 * time.Hour, Grace: 24 * time.Hour})
		s.until("the sign-in service is asked", func() bool { return len(s.web.Forms()) > asked })
		l.stop()
		if err := <-l.ended; err != nil {
			t.Fatal(err)
		}
		if v := s.status(); v.Waiting != 1 || v.Trouble != "" {
			t.Fatalf("%+v", v)
		}
	})

	t.Run("other settings than those of the sign-in get no token", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.microsoft("--no-browser"); code != exitOK {
			t.Fatal(out)
		}
		asked := len(s.web.Forms())
		s.ok("settings", "set", "server1.host=localhost")
		s.post("Overdue", "a@example.org")
		code, out, errs := s.run("once")
		if code != exitNo || len(s.mail.Messages()) != 0 || len(s.web.Forms()) != asked || !strings.Contains(out+errs, "changed after somebody signed in") {
			t.Fatalf("%d %s%s", code, out, errs)
		}
	})

	t.Run("test and probe show the sign-in service as a step, with the sentence when it fails", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		var a gateway.Answer
		if code := s.json(&a, "probe"); code != exitOK || a.Steps[0].Name != "sign-in service" || !a.Steps[0].OK || !strings.Contains(a.Steps[0].Text, signintest.Mailbox) {
			t.Fatalf("%d %+v", code, a)
		}
		a = gateway.Answer{}
		if code := s.json(&a, "test"); code != exitOK || a.Steps[0].Name != "file" || a.Steps[1].Name != "sign-in service" {
			t.Fatalf("%d %+v", code, a)
		}
		s.web.Revoke()
		for _, what := range []string{"probe", "test"} {
			a = gateway.Answer{}
			if code := s.json(&a, what); code != exitNo || a.OK || a.Advice != "browser" || a.Outcome.Phase != data.PhaseAuth {
				t.Fatalf("%d %+v", code, a)
			}
			var at int
			for i, step := range a.Steps {
				if step.Name == "sign-in service" {
					at = i
				}
			}
			if step := a.Steps[at]; step.OK || step.Text != a.Result || step.Remedy == "" || step.Advice != "browser" {
				t.Errorf("%s: %+v", what, a.Steps)
			}
		}
	})

	t.Run("a sign-in that was forgotten keeps everything waiting", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		if out := s.ok("signin", "forget"); !strings.Contains(out, "myaccount.google.com") {
			t.Error(out)
		}
		s.post("Overdue", "a@example.org")
		if code, out, errs := s.run("once"); code != exitNo || !strings.Contains(out+errs, "Nobody is signed in") {
			t.Fatalf("%d %s%s", code, out, errs)
		}
		if n := s.states(); n[data.Waiting] != 1 {
			t.Fatal(n)
		}
	})
}

// TestNoTokenAnywhere: whatever the program writes or prints, no token, code or client secret is in it.
func TestNoTokenAnywhere(t *testing.T) {
	s := newTokenSchool(t)
	s.web.Behave(func(r *signintest.Rules) { r.Life = 5 })
	if code, out := s.google(); code != exitOK {
		t.Fatal(out)
	}
	say := func(args ...string) {
		_, out, errs := s.run(args...)
		s.said = append(s.said, out, errs)
	}
	r := s.start().up()
	s.post("One", "a@example.org")
	say("once")
	say("probe", "--json")
	say("test", "--json")
	s.web.ExpireAccess()
	// A server that repeats what it was sent.
	for _, answer := range []func(token string) signintest.Answer{
		func(token string) signintest.Answer {
			return signintest.Refusal("invalid_grant", "the token "+token+" is of no use")
		},
		func(token string) signintest.Answer {
			return signintest.Answer{Status: 500, Body: "crash: refresh_token=" + token}
		},
		func(token string) signintest.Answer {
			return signintest.Answer{Status: 200, Body: `{"access_token":"` + token + `"`}
		},
		func(token string) signintest.Answer { return signintest.Refusal(token, token) },
	} {
		s.post("More", "b@example.org")
		s.web.Behave(func(r *signintest.Rules) { r.Answers, r.ForEver = []signintest.Answer{{Status: 503}}, true })
		token := lastRefresh(s) // stays the last from here on
		s.web.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{answer(token)} })
		say("once", "--json")
		say("probe")
		say("test")
		say("status", "--json")
		say("signin", "status", "--json")
		s.web.Behave(func(r *signintest.Rules) { r.Answers = nil })
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
	}
	s.web.Revoke()
	say("once")
	say("status")
	say("status", "--json")
	say("signin", "status")
	say("settings", "show", "--json")
	say("settings", "export")
	say("doctor", "--json")
	say("log")
	say("log", "--json")
	say("queue", "list", "--json")
	for _, e := range s.all() {
		say("queue", "show", strconv.FormatInt(e.ID, 10), "--json")
		say("queue", "export", strconv.FormatInt(e.ID, 10))
	}
	backup := filepath.Join(t.TempDir(), "copy.db")
	say("backup", backup)
	r.end()
	for drained := false; !drained; {
		select {
		case e := <-r.host.events:
			s.said = append(s.said, e)
		default:
			drained = true
		}
	}
	secrets := s.web.Secrets()
	if len(secrets) < 10 {
		t.Fatalf("only %d tokens were made", len(secrets))
	}
	where := map[string]string{"what was printed": strings.Join(s.said, "\n")}
	for _, root := range []string{s.data, filepath.Dir(backup)} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			where[path] = string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := where[backup]; !ok || len(where) < 4 {
		t.Fatalf("looked at %d places only", len(where))
	}
	for place, text := range where {
		for _, secret := range secrets {
			for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))[:len(secret)]} {
				if strings.Contains(text, form) {
					t.Errorf("%s holds %s", place, form)
				}
			}
		}
	}
}

// lastRefresh is the refresh token in use.
func lastRefresh(s *tokenSchool) string {
	last := ""
	for _, one := range s.web.Secrets() {
		if strings.HasPrefix(one, "refresh-") {
			last = one
		}
	}
	return last
}
