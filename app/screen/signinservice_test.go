package screen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
)

// memberSchool is a window that may not open the client secret that is stored, and a service that runs.
type memberSchool struct {
	*screentest.Bench

	t       *testing.T
	form    *screen.Settings
	sign    *screen.SignIn
	private []byte // the service's key
	notes   []string
}

func newMemberSchool(t *testing.T, more map[string]string) *memberSchool {
	t.Helper()
	b, form, _ := signingSchool(t, atGoogle())
	for name, value := range map[string]string{"server1.signin": "google", "server1.client_id": "id", "server1.client_secret": typedSecret} {
		form.Set(name, value)
	}
	for name, value := range more {
		form.Set(name, value)
	}
	form.Save(nil)
	b.Settle()
	m := &memberSchool{Bench: b, t: t}
	path := filepath.Join(b.Place().Key, "private.key")
	var err error
	if m.private, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
	b.Look()
	m.form = screen.NewSettings(b.Desk) // a window that was opened later
	m.sign = screen.NewSignIn(b.Desk, m.form, 1)
	m.sign.Hasty()
	m.sign.OnChange = func() { m.notes = append(m.notes, m.sign.Note()) }
	return m
}

// takes waits as the service does for what the window hands over.
func (m *memberSchool) takes() *data.Request {
	m.t.Helper()
	var r *data.Request
	m.Until(func() bool { return strings.Contains(m.sign.Note(), "The service finishes") })
	for r == nil && m.t.Context().Err() == nil {
		var err error
		if r, err = m.Store.TakeRequest(m.t.Context()); err != nil {
			m.t.Fatal(err)
		}
	}
	return r
}

// opens is what the service reads of it.
func (m *memberSchool) opens(r *data.Request) data.SignInHandover {
	m.t.Helper()
	p := m.Place()
	p.Key = m.t.TempDir()
	if err := os.WriteFile(filepath.Join(p.Key, "private.key"), m.private, 0o600); err != nil {
		m.t.Fatal(err)
	}
	h, err := house.OpenHandover(p, m.Facts().Settings.Server1, r.Sealed)
	if err != nil {
		m.t.Fatal(err)
	}
	return h
}

func (m *memberSchool) answers(r *data.Request, sentence string, a data.SignInAnswer) {
	m.t.Helper()
	details, err := json.Marshal(a)
	if err == nil {
		err = m.Store.FinishRequest(m.t.Context(), r.ID, a.Code == "", sentence, details)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	m.Settle()
}

func TestSignInByService(t *testing.T) {
	t.Run("a secret that is saved is not asked for again: the service gets what the browser brought, sealed", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		if m.sign.ButtonText() != "Sign in with Google" {
			t.Fatal(m.sign.ButtonText())
		}
		m.sign.Begin(false)
		r := m.takes()
		h := m.opens(r)
		if r.Server != 1 || h.Code != "code-of-the-test" || h.Verifier != "verifier-of-the-test" || h.Nonce != "nonce-of-the-test" || h.Redirect == "" || h.User != "library@school.test" || !h.Keep {
			t.Fatalf("%+v %+v", r, h)
		}
		if strings.Contains(r.Sealed, "code-of") || len(m.SignIns.Asked()) != 1 || m.SignIns.Asked()[0].ClientSecret != "" {
			t.Error("told in the clear")
		}
		if m.sign.CanCancel() {
			t.Error("it can be given up while the service may have stored it")
		}
		m.answers(r, "The sign-in worked.", data.SignInAnswer{User: "library@school.test", Kept: true, Missing: []string{"Send mail"}})
		if e := m.sign.End(); !e.OK || !strings.Contains(e.Next, "Send mail") || m.sign.Running() || m.sign.Note() != "" {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("unsaved settings: the service gives the sign-in back sealed, and both are stored in one go", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.form.Set("from.name", "The library")
		m.sign.Begin(false)
		r := m.takes()
		if m.opens(r).Keep || storedValue(t, m.Bench, "from.name") != "" {
			t.Fatal("stored before it has worked")
		}
		bound := m.Facts().Settings.Server1.SignInBound()
		m.answers(r, "The sign-in worked.", data.SignInAnswer{User: "library@school.test", Scopes: []string{"mail"}, Sealed: map[string]string{bound: data.SealedPrefix + "x"}})
		in, there := keptSignIn(t, m.Bench)
		if !there || !m.sign.End().OK || in.Sealed != data.SealedPrefix+"x" || in.Bound != bound || storedValue(t, m.Bench, "from.name") != "The library" {
			t.Fatalf("%v %+v %+v", there, in, m.sign.End())
		}
		if left, err := m.Store.Request(t.Context(), r.ID); err != nil || len(left.Details) != 0 {
			t.Errorf("%s is still in the request, %v", left.Details, err)
		}
	})
	t.Run("settings that others change meanwhile: what came back sealed is not kept", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.form.Set("from.name", "The library")
		m.sign.Begin(false)
		r := m.takes()
		bound := m.Facts().Settings.Server1.SignInBound()
		m.Save(map[string]string{"server1.host": "mail.elsewhere.test"})
		m.answers(r, "The sign-in worked.", data.SignInAnswer{User: "library@school.test", Sealed: map[string]string{bound: data.SealedPrefix + "x"}})
		if _, there := keptSignIn(t, m.Bench); there || m.sign.End().OK || m.sign.End().Sentence == "" {
			t.Fatalf("%v %+v", there, m.sign.End())
		}
	})
	t.Run("another account is asked about, and taken as the mailbox without a second trip", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.sign.Begin(false)
		r := m.takes()
		own := m.Facts().Settings.Server1
		own.User = "head@school.test"
		m.answers(r, "You signed in as head@school.test, but the mailbox in the settings is library@school.test.", data.SignInAnswer{
			Code: data.CodeSignIn, Next: "Sign in again.", User: "head@school.test", Other: true, Sealed: map[string]string{own.SignInBound(): data.SealedPrefix + "head"},
		})
		if text, _, use, ok := m.sign.AccountQuestion(); !ok || !strings.Contains(text, "head@school.test") || !strings.Contains(use, "head@school.test") {
			t.Fatalf("%q %q %+v", text, use, m.sign.End())
		}
		m.sign.UseOther()
		m.Settle()
		in, there := keptSignIn(t, m.Bench)
		if !there || in.Sealed != data.SealedPrefix+"head" || storedValue(t, m.Bench, "server1.user") != "head@school.test" || !m.sign.End().OK {
			t.Fatalf("%v %+v %+v", there, in, m.sign.End())
		}
	})
	t.Run("a secret that the service cannot open either is asked for", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		var led string
		m.sign.OnFocus = func(field string) { led = field }
		m.sign.Begin(false)
		m.answers(m.takes(), "The service cannot open the client secret that is stored.", data.SignInAnswer{Code: data.CodeBadSecret, Next: "Paste it."})
		if e := m.sign.End(); e.OK || led != "server1.client_secret" || e.Next != "Paste it." {
			t.Fatalf("%+v %q", e, led)
		}
	})
	t.Run("a service that is stopped is started before anybody signs in", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
		m.sign.Begin(false)
		r := m.takes()
		if asked := m.Service.Asked(); len(asked) != 1 || asked[0] != "start" || !strings.Contains(strings.Join(m.notes, "\n"), "Starting it first") {
			t.Fatalf("%v %q", asked, m.notes)
		}
		m.answers(r, "The sign-in worked.", data.SignInAnswer{Kept: true})
		if !m.sign.End().OK {
			t.Fatalf("%+v", m.sign.End())
		}
	})
	t.Run("a service that cannot be started: that is said, and no browser opens", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
		m.Service.Fail = &data.Error{Code: data.CodeNoAccess, Sentence: "You may not start the service.", Next: "Ask IT."}
		m.sign.Begin(false)
		m.Settle()
		if e := m.sign.End(); e.OK || e.Sentence != "You may not start the service." || e.Next != "Ask IT." || len(m.SignIns.Asked()) != 0 || m.sign.Running() {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a service that stops before it has the code never gets it", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.sign.Begin(false)
		m.Until(func() bool { return strings.Contains(m.sign.Note(), "The service finishes") })
		m.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed, Reason: "The disk is full."})
		m.Settle()
		if e := m.sign.End(); e.OK || !strings.Contains(e.Sentence, "does not answer") || !strings.Contains(e.Next, "The disk is full.") {
			t.Fatalf("%+v", e)
		}
		if r, err := m.Store.TakeRequest(t.Context()); err != nil || r != nil {
			t.Fatalf("%+v %v", r, err)
		}
	})
	t.Run("a service that runs and does not answer is not waited for longer than the code lives", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.sign.HastyMute()
		m.sign.Begin(false)
		m.Settle()
		if e := m.sign.End(); e.OK || !strings.Contains(e.Sentence, "does not answer") || e.Next == "" {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a service that stops, or is killed and comes back, in the middle: that is said", func(t *testing.T) {
		for name, happens := range map[string]func(m *memberSchool){
			"stopped": func(m *memberSchool) { m.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped}) },
			"killed": func(m *memberSchool) {
				now := m.Now().Add(1e9)
				if err := m.Store.Beat(m.t.Context(), data.Heartbeat{Started: now, LastCheck: now}); err != nil {
					m.t.Fatal(err)
				}
			},
		} {
			t.Run(name, func(t *testing.T) {
				m := newMemberSchool(t, nil)
				m.sign.Begin(false)
				m.takes()
				happens(m)
				m.Settle()
				if e := m.sign.End(); e.OK || !strings.Contains(e.Sentence, "in the middle") || !strings.Contains(e.Next, "sign in again") {
					t.Fatalf("%+v", e)
				}
				if _, there := keptSignIn(t, m.Bench); there {
					t.Error("kept")
				}
			})
		}
	})
	t.Run("the program as itself is tried by the service, without a browser", func(t *testing.T) {
		m := newMemberSchool(t, map[string]string{"server1.signin": "microsoft-app", "server1.tenant": "school.test", "server1.host": "smtp.office365.com"})
		m.sign.Begin(false)
		r := m.takes()
		if h := m.opens(r); h.Code != "" || !h.Keep || len(m.SignIns.Asked()) != 0 {
			t.Fatalf("%+v", h)
		}
		m.answers(r, "The sign-in worked.", data.SignInAnswer{Kept: true})
		if e := m.sign.End(); !e.OK || e.Sentence != "Microsoft let the program in." {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("another app registration wants its own secret, and nobody is sent to a browser for nothing", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		m.form.Set("server1.client_id", "another")
		m.sign.Begin(false)
		m.Settle()
		if e := m.sign.End(); e.OK || len(m.SignIns.Asked()) != 0 {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a window that may open the secret does it all itself", func(t *testing.T) {
		m := newMemberSchool(t, nil)
		if err := os.WriteFile(filepath.Join(m.Place().Key, "private.key"), m.private, 0o600); err != nil {
			t.Fatal(err)
		}
		m.sign.Begin(false)
		m.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		m.Settle()
		if _, there := keptSignIn(t, m.Bench); !there || !m.sign.End().OK || m.SignIns.Asked()[0].ClientSecret != typedSecret {
			t.Fatalf("%+v", m.sign.End())
		}
	})
}
