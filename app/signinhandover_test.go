package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/service/gateway"
	"smtpgateway/service/signin/signintest"
)

// memberWindow is the window of a librarian beside a running service: it may not read the service's private key. The client
// secret was saved before, by somebody else.
type memberWindow struct {
	*screentest.Bench

	t       *testing.T
	web     *signintest.Server
	form    *screen.Settings
	sign    *screen.SignIn
	service place.Place // the same data, with the whole key
	stop    func()
	log     lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func newMemberWindow(t *testing.T, way data.SignInWay) *memberWindow {
	t.Helper()
	b, web, form, _ := webSchool(t, way)
	b.Save(map[string]string{"minutes_between_checks": "60"})
	b.Look()
	form.Save(nil)
	b.Settle()
	m := &memberWindow{Bench: b, t: t, web: web, service: b.Place()}
	m.service.Key = filepath.Join(t.TempDir(), "key")
	if err := os.CopyFS(m.service.Key, os.DirFS(b.Place().Key)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(b.Place().Key, "private.key")); err != nil {
		t.Fatal(err)
	}
	b.Service.Done = func(order string) {
		if order == "start" {
			m.run()
		}
	}
	b.Look()
	m.form = screen.NewSettings(b.Desk)
	m.sign = screen.NewSignIn(b.Desk, m.form, 1)
	return m
}

type handoverHost struct{ ready chan struct{} }

func (h handoverHost) Ready()                  { close(h.ready) }
func (handoverHost) Status(string)             {}
func (handoverHost) Alive()                    {}
func (handoverHost) AliveEvery() time.Duration { return 0 }

// run starts the service. It ends with the test, or by stop.
func (m *memberWindow) run() {
	m.t.Helper()
	g := gateway.New(gateway.Options{Place: m.service, Version: "test", Log: slog.New(slog.NewTextHandler(&m.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err := g.Open(context.WithoutCancel(m.t.Context())); err != nil {
		m.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(m.t.Context()))
	h := handoverHost{make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := g.Run(ctx, h); err != nil {
			m.t.Error(err)
		}
	}()
	m.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
		if err := g.Close(); err != nil {
			m.t.Error(err)
		}
		m.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
	})
	m.t.Cleanup(m.stop)
	<-h.ready
	m.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
}

// signs lets the person sign in and gives the browser's last page.
func (m *memberWindow) signs() string {
	m.t.Helper()
	m.sign.Begin(false)
	m.Until(func() bool { return m.sign.Address() != "" || !m.sign.Running() })
	if !m.sign.Running() {
		m.t.Fatalf("%+v", m.sign.End())
	}
	page := make(chan string, 1)
	go func() { page <- signintest.NewBrowser(m.t).Get(m.sign.Address()) }()
	m.Settle()
	return <-page
}

func (m *memberWindow) kept() (data.SignIn, bool) {
	m.t.Helper()
	in, there, err := m.Store.SignIn(m.t.Context(), 1)
	if err != nil {
		m.t.Fatal(err)
	}
	return in, there
}

// holds looks whether the service could send with what is kept.
func (m *memberWindow) holds(in data.SignIn) {
	m.t.Helper()
	m.Look()
	v := m.Facts().Settings.Server1
	if in.Bound != v.SignInBound() {
		m.t.Errorf("%+v is not for %+v", in, v)
	}
	if token, err := house.OpenSignIn(m.service)(v, in.Sealed); err != nil || token == "" {
		m.t.Error(err)
	}
}

func TestMemberSignsInFromTheWindow(t *testing.T) {
	t.Run("Google, with no secret typed: window, browser, service, and the sign-in holds", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		page := m.signs()
		in, there := m.kept()
		if !there || in.User != signintest.Mailbox || !m.sign.End().OK || !strings.Contains(page, "You are signed in") {
			t.Fatalf("%v %+v %+v %s", there, in, m.sign.End(), page)
		}
		m.holds(in)
		// Again, as after a change of the password at Google.
		m.web.Revoke()
		m.signs()
		if again, _ := m.kept(); !m.sign.End().OK || again.Rotations <= in.Rotations || again.Sealed == in.Sealed {
			t.Fatalf("%+v %+v", again, m.sign.End())
		}
	})
	t.Run("the program as itself: the service fetches its first token when asked", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInMicrosoftApp)
		m.run()
		m.sign.Begin(false)
		m.Settle()
		if in, there := m.kept(); !there || in.Way != data.SignInMicrosoftApp || m.sign.End().Sentence != "Microsoft let the program in." {
			t.Fatalf("%+v %+v", in, m.sign.End())
		}
	})
	t.Run("unsaved settings are stored along with it", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		m.form.Set("from.name", "The library")
		m.signs()
		in, there := m.kept()
		if !there || !m.sign.End().OK || m.form.Edited("from.name") {
			t.Fatalf("%v %+v %+v", there, m.sign.End(), m.form.Said())
		}
		m.holds(in)
	})
	t.Run("a stopped service is started first", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.signs()
		if _, there := m.kept(); !there || !m.sign.End().OK || len(m.Service.Asked()) != 1 {
			t.Fatalf("%v %+v", m.Service.Asked(), m.sign.End())
		}
	})
	for name, c := range map[string]struct {
		rules func(*signintest.Rules)
		want  string
	}{
		"a missing permission": {func(r *signintest.Rules) { r.Scopes = []string{"openid"} }, "permission to send was not given"},
		"a code that is void": {func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_grant", "expired")}
		}, "came too late"},
		"a wrong secret":         {func(r *signintest.Rules) { r.Answers = []signintest.Answer{signintest.Refusal("invalid_client", "no")} }, "does not accept the client ID"},
		"a Cancel there":         {func(r *signintest.Rules) { r.Refuse = "access_denied" }, "Cancel"},
		"a service out of order": {func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Status: 500, Body: "{}"}} }, "answered with an error"},
	} {
		t.Run("in words, in window and browser, and nothing changed: "+name, func(t *testing.T) {
			m := newMemberWindow(t, data.SignInGoogle)
			m.run()
			before := maps.Clone(m.Facts().Stored)
			m.web.Behave(c.rules)
			page := m.signs()
			e := m.sign.End()
			_, there := m.kept()
			m.Look()
			if there || e.OK || e.Next == "" || !strings.Contains(e.Sentence+e.Next, c.want) || !strings.Contains(page, "That did not work") || !maps.Equal(before, m.Facts().Stored) {
				t.Fatalf("%v %+v %s", there, e, page)
			}
			// The next one works: nothing is left of it.
			m.web.Behave(func(r *signintest.Rules) { *r = signintest.Rules{} })
			if m.signs(); !m.sign.End().OK {
				t.Fatalf("%+v", m.sign.End())
			}
		})
	}
	t.Run("another account becomes the mailbox when the person says so", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		m.web.Behave(func(r *signintest.Rules) { r.User = "head@school.example" })
		m.signs()
		if text, _, _, ok := m.sign.AccountQuestion(); !ok || !strings.Contains(text, "head@school.example") {
			t.Fatalf("%q %+v", text, m.sign.End())
		}
		if _, there := m.kept(); there {
			t.Fatal("kept before it was said")
		}
		m.sign.UseOther()
		m.Settle()
		in, there := m.kept()
		if !there || in.User != "head@school.example" || !m.sign.End().OK {
			t.Fatalf("%+v %+v", in, m.sign.End())
		}
		m.holds(in)
	})
	t.Run("others change the mailbox while Google answers: it is not kept, and that is said", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		m.web.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() { m.Save(map[string]string{"server1.user": "other@school.example"}) }
		})
		m.signs()
		if _, there := m.kept(); there || !strings.Contains(m.sign.End().Sentence, "changed by somebody else") {
			t.Fatalf("%+v", m.sign.End())
		}
	})
	t.Run("others save something else while Google answers: both hold", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		m.web.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() { m.Save(map[string]string{"library.name": "Hill School"}) }
		})
		m.signs()
		in, there := m.kept()
		if !there || !m.sign.End().OK {
			t.Fatalf("%+v", m.sign.End())
		}
		m.holds(in)
	})
	t.Run("the service is told to stop while Google answers: what was under way is kept first", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		stopped := make(chan struct{})
		m.web.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() { go func() { defer close(stopped); m.stop() }() }
		})
		m.signs()
		<-stopped
		in, there := m.kept()
		if !there || !m.sign.End().OK {
			t.Fatalf("%v %+v", there, m.sign.End())
		}
		m.holds(in)
	})
	t.Run("the service is told to stop and Google never answers: it ends in words, and soon", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		stopped, release := make(chan struct{}), make(chan struct{})
		m.web.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() {
				go func() { defer close(stopped); m.stop() }()
				<-release
			}
		})
		m.signs()
		close(release)
		<-stopped
		if _, there := m.kept(); there || m.sign.End().OK || m.sign.End().Next == "" {
			t.Fatalf("%v %+v", there, m.sign.End())
		}
	})
	t.Run("no code, verifier, secret or token stands in log, database, copies, window or page", func(t *testing.T) {
		m := newMemberWindow(t, data.SignInGoogle)
		m.run()
		var all strings.Builder
		for _, rules := range []signintest.Rules{{}, {Scopes: []string{"openid"}}, {User: "head@school.example"}, {Answers: []signintest.Answer{signintest.Refusal("invalid_grant", "no")}}} {
			m.web.Behave(func(r *signintest.Rules) { *r = rules })
			all.WriteString(m.signs())
			all.WriteString(m.sign.End().Sentence + m.sign.End().Next + m.sign.Note())
			m.sign.Cancel()
			if err := m.Store.Backup(t.Context(), filepath.Join(m.service.Data, "copy"+string(rune('a'+len(m.web.Forms())))+".db")); err != nil {
				t.Fatal(err)
			}
		}
		err := filepath.WalkDir(m.service.Data, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			all.Write(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(m.log.String())
		secrets := m.web.Secrets()
		for _, f := range m.web.Forms() {
			for _, name := range []string{"code", "code_verifier", "client_secret"} {
				if f.Get(name) == "" {
					t.Errorf("%s was not sent", name)
				}
				secrets = append(secrets, f.Get(name), url.QueryEscape(f.Get(name)))
			}
		}
		if !strings.Contains(all.String(), data.SealedPrefix) || !strings.Contains(all.String(), "came to nothing") || len(secrets) < 12 {
			t.Fatal("what is searched does not hold what it should")
		}
		for _, secret := range secrets {
			if strings.Contains(all.String(), secret) {
				t.Errorf("%s... is told", secret[:4])
			}
		}
	})
}
