package screen_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

const typedSecret = "hunter2-of-the-school"

// signingSchool has settings of a school at a mail service, with nobody signed in.
func signingSchool(t *testing.T, values map[string]string) (*screentest.Bench, *screen.Settings, *screen.SignIn) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Save(values)
	b.Look()
	form := screen.NewSettings(b.Desk)
	return b, form, screen.NewSignIn(b.Desk, form, 1)
}

func atGoogle() map[string]string {
	return map[string]string{"server1.host": "smtp.gmail.com", "server1.port": "465", "server1.security": "tls", "server1.allow_insecure": "false", "server1.user": "library@school.test"}
}

func atMicrosoft() map[string]string {
	return map[string]string{
		"server1.host": "smtp.office365.com", "server1.port": "587", "server1.security": "starttls", "server1.allow_insecure": "false", "server1.user": "library@school.test",
		"server1.signin": "microsoft", "server1.tenant": "school.test", "server1.client_id": "id", "proxy.url": "http://proxy.school.test:3128",
	}
}

func keptSignIn(t *testing.T, b *screentest.Bench) (data.SignIn, bool) {
	t.Helper()
	in, there, err := b.Store.SignIn(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return in, there
}

func TestSignIn(t *testing.T) {
	t.Run("it offers what the mail server takes", func(t *testing.T) {
		for host, want := range map[string]string{"smtp.gmail.com": "Sign in with Google", "smtp.office365.com": "Sign in with Microsoft", "smtp-relay.gmail.com": "", "mail.school.test": "", "": "Sign in with Google,Sign in with Microsoft"} {
			_, form, s := signingSchool(t, nil)
			form.Set("server1.host", host)
			var got []string
			for _, o := range s.Offers() {
				got = append(got, o.Words)
			}
			if strings.Join(got, ",") != want {
				t.Errorf("%s: %v", host, got)
			}
		}
	})
	t.Run("choosing a way fills in the server of the mail service, and leads to what only IT knows", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		form := screen.NewSettings(b.Desk)
		s := screen.NewSignIn(b.Desk, form, 1)
		form.Set("from.address", "library@school.test")
		form.Set("server1.auth", "login")
		var led string
		s.OnFocus = func(field string) { led = field }
		s.Choose(data.SignInMicrosoft)
		for name, want := range map[string]string{"server1.host": "smtp.office365.com", "server1.port": "587", "server1.user": "library@school.test", "server1.auth": "auto", "server1.recipients_per_day": "9000"} {
			if got := form.Value(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		if led != "server1.tenant" || strings.Join(s.Needs(), " ") != "server1.tenant server1.client_id" || !s.OffersCode() {
			t.Errorf("led to %q, needs %v", led, s.Needs())
		}
	})
	t.Run("what is missing is said and led to, and nobody is asked", func(t *testing.T) {
		b, form, s := signingSchool(t, atGoogle())
		var led string
		s.OnFocus = func(field string) { led = field }
		form.Set("server1.signin", "google")
		s.Begin(false)
		b.Settle()
		if e := s.End(); e.OK || e.Sentence != "Client ID is not filled in yet." || led != "server1.client_id" || len(b.SignIns.Asked()) != 0 {
			t.Fatalf("%+v, %q", e, led)
		}
		form.Set("server1.client_id", "id")
		s.Begin(false)
		if led != "server1.client_secret" || s.Running() {
			t.Fatalf("%q", led)
		}
	})
	t.Run("unsaved settings are saved first, the password goes, and the sign-in is sealed and bound", func(t *testing.T) {
		b, form, s := signingSchool(t, atGoogle())
		form.Set("server1.password", "an old password")
		form.Save(nil)
		b.Settle()
		form.Set("server1.signin", "google")
		form.Set("server1.client_id", "id")
		form.Set("server1.client_secret", typedSecret)
		if s.ButtonText() != "Save and sign in with Google" {
			t.Fatal(s.ButtonText())
		}
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		if storedValue(t, b, "server1.password") != "" || storedValue(t, b, "server1.signin") != "google" {
			t.Error("not saved")
		}
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		in, there := keptSignIn(t, b)
		if !there || in.Bound != b.Facts().Settings.Server1.SignInBound() || !strings.HasPrefix(in.Sealed, data.SealedPrefix) {
			t.Fatalf("%+v", in)
		}
		if standing, next := s.State(); standing.Mood != screen.MoodGood || next != "" || s.ButtonText() != "Sign in again" || !s.CanForget() {
			t.Fatalf("%+v %q %s", standing, next, s.ButtonText())
		}
	})
	t.Run("a secret that was saved in this window is known when it is needed again; another's is not", func(t *testing.T) {
		b, form, s := signingSchool(t, atGoogle())
		form.Set("server1.signin", "google")
		form.Set("server1.client_id", "id")
		form.Set("server1.client_secret", typedSecret)
		form.Save(nil)
		b.Settle()
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		if v := b.SignIns.Asked(); v[0].ClientSecret != typedSecret {
			t.Fatal("the secret is not known")
		}
		s.Cancel()
		b.Settle()
		form.Set("server1.client_secret", "a second one")
		form.Revert()
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		if v := b.SignIns.Asked(); v[1].ClientSecret != typedSecret {
			t.Fatal("what was never saved is taken")
		}
		s.Cancel()
		b.Settle()
	})
	t.Run("the proxy of the settings is gone through, and the answer to a sign-in that was stopped is dropped", func(t *testing.T) {
		b, _, s := signingSchool(t, atMicrosoft())
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		if b.SignIns.Proxy() != "http://proxy.school.test:3128" || !strings.Contains(s.Note(), "library@school.test") {
			t.Fatalf("%q %q", b.SignIns.Proxy(), s.Note())
		}
		s.Cancel()
		b.Settle()
		if _, there := keptSignIn(t, b); there || s.Running() || !strings.Contains(s.End().Sentence, "Nothing was changed") {
			t.Fatalf("%+v", s.End())
		}
	})
	t.Run("settings that others change meanwhile: nothing is kept", func(t *testing.T) {
		b, _, s := signingSchool(t, atMicrosoft())
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		b.Save(map[string]string{"server1.host": "mail.elsewhere.test"})
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		if _, there := keptSignIn(t, b); there || !strings.Contains(s.End().Sentence, "changed by somebody else") {
			t.Fatalf("%+v", s.End())
		}
	})
	t.Run("a permission that was not seen is named", func(t *testing.T) {
		b, _, s := signingSchool(t, atMicrosoft())
		s.Begin(false)
		b.SignIns.Answer(screen.Granted{User: "library@school.test", Missing: []string{"Send mail"}}, nil)
		b.Settle()
		if e := s.End(); !e.OK || !strings.Contains(e.Next, "Send mail") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("the state says in words what does not hold any more, and the overview asks for it", func(t *testing.T) {
		b, _, s := signingSchool(t, atMicrosoft())
		o := screen.NewOverview(b.Desk)
		b.Look()
		if standing, next := s.State(); standing.Mood != screen.MoodWarn || next != "Click Sign in." {
			t.Fatalf("%+v %q", standing, next)
		}
		needed := func() (screen.Need, bool) {
			for _, n := range o.Needs() {
				if n.Fix == screen.FixSignIn {
					return n, true
				}
			}
			return screen.Need{}, false
		}
		if n, ok := needed(); !ok || n.Press != "Sign in..." {
			t.Fatalf("%+v", o.Needs())
		}
		in := data.SignIn{Server: 1, Way: data.SignInMicrosoft, User: "library@school.test", At: b.Now(), Bound: b.Facts().Settings.Server1.SignInBound(), Trouble: "Microsoft no longer accepts the sign-in.", Remedy: "Open Settings and click Sign in again."}
		if err := b.Store.ReplaceSignIn(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: b.Now(), LastCheck: b.Now(), NextCheck: b.Now().Add(time.Minute), Trouble: in.Trouble, Remedy: in.Remedy}); err != nil {
			t.Fatal(err)
		}
		b.Look()
		if standing, next := s.State(); standing.Mood != screen.MoodBad || standing.Words != in.Trouble || next != "Click Sign in again." {
			t.Fatalf("%+v %q", standing, next)
		}
		n := 0
		for _, need := range o.Needs() {
			if strings.Contains(need.Words, in.Trouble) {
				n++
			}
		}
		if need, ok := needed(); n != 1 || !ok || need.Words != in.Trouble {
			t.Fatalf("told %d times: %+v", n, o.Needs())
		}
		in.Trouble, in.Remedy = "", ""
		if err := b.Store.ReplaceSignIn(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		b.Look()
		if _, ok := needed(); ok {
			t.Fatalf("%+v", o.Needs())
		}
	})
	t.Run("no screen, no clipboard and no field tells the secret or the token", func(t *testing.T) {
		b, form, s := signingSchool(t, atGoogle())
		form.Set("server1.signin", "google")
		form.Set("server1.client_id", "id")
		form.Set("server1.client_secret", typedSecret)
		s.Begin(false)
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		s.CopyGuide()
		screen.NewLog(b.Desk).CopyForIT(func(string) {})
		sheet := screen.NewITSheet(b.Desk)
		sheet.Load("")
		b.Settle()
		sheet.Copy()
		all := strings.Join(b.Desktop.Copied, "\n") + form.Value("server1.client_secret") + s.End().Sentence + s.End().Next + s.Note()
		for _, secret := range []string{typedSecret, "refresh-token-of-the-test"} {
			if strings.Contains(all, secret) || strings.Contains(storedValue(t, b, "server1.client_secret"), secret) {
				t.Errorf("%q is told", secret)
			}
		}
		if len(b.Desktop.Copied) != 3 {
			t.Errorf("%d texts were copied", len(b.Desktop.Copied))
		}
	})
}

func TestServerTestLeadsToSignIn(t *testing.T) {
	for advice, want := range map[string]string{"browser": "Sign in...", "it-sheet": "Request for IT..."} {
		t.Run(advice+" is one press away", func(t *testing.T) {
			s := newSchool(t, 1)
			s.uses(deadServer(t))
			s.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
			var led string
			s.test.OnSignIn = func() { led = "Sign in..." }
			s.test.OnSheet = func() { led = "Request for IT..." }
			s.test.Test()
			s.Until(func() bool { return s.test.Stage() == screen.TestWaiting })
			r, err := s.Store.TakeRequest(t.Context())
			if err != nil || r == nil {
				t.Fatal(r, err)
			}
			steps := []data.Step{{Name: "sign-in service", Text: "Nobody is signed in.", Advice: advice}}
			if err := s.Store.AnswerSteps(t.Context(), r.ID, steps); err != nil {
				t.Fatal(err)
			}
			if err := s.Store.FinishRequest(t.Context(), r.ID, false, "Nobody is signed in.", nil); err != nil {
				t.Fatal(err)
			}
			if ok, _, _ := s.ends(); ok {
				t.Fatal("it went well")
			}
			if got := s.test.Steps(); len(got) == 0 || got[0].Label != "Sign-in service" {
				t.Errorf("%+v", got)
			}
			s.repair(want)
			if led != want {
				t.Errorf("led to %q", led)
			}
		})
	}
}
