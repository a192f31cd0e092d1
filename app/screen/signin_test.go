package screen_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/secret"
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
	t.Run("what is unsaved is saved along with the sign-in, the password goes, and the sign-in is sealed and bound", func(t *testing.T) {
		b, form, s := signingSchool(t, atGoogle())
		form.Set("server1.password", "an old password")
		form.Save(nil)
		b.Settle()
		form.Set("server1.signin", "google")
		form.Set("server1.client_id", "id")
		form.Set("server1.client_secret", typedSecret)
		if s.ButtonText() != "Sign in with Google and save" {
			t.Fatal(s.ButtonText())
		}
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		if storedValue(t, b, "server1.password") == "" || storedValue(t, b, "server1.signin") != "" {
			t.Error("saved before anybody signed in")
		}
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		if storedValue(t, b, "server1.password") != "" || storedValue(t, b, "server1.signin") != "google" || form.Dirty() {
			t.Error("not saved")
		}
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
	for name, ends := range map[string]func(b *screentest.Bench, s *screen.SignIn){
		"given up": func(_ *screentest.Bench, s *screen.SignIn) { s.Cancel() },
		"refused": func(b *screentest.Bench, _ *screen.SignIn) {
			b.SignIns.Answer(screen.Granted{}, &data.Error{Code: data.CodeSignIn, Sentence: "The permission to send was not given.", Next: "Sign in again."})
		},
		"of another account, and not kept": func(b *screentest.Bench, s *screen.SignIn) {
			b.SignIns.Answer(screen.Granted{User: "head@school.test", Other: true}, &data.Error{Code: data.CodeSignIn, Sentence: "You signed in as head@school.test."})
			b.Until(func() bool { return s.Stage() == screen.SignInAsking })
			s.Cancel()
		},
	} {
		t.Run("a sign-in that is "+name+" leaves the password and everything else that is stored as it was", func(t *testing.T) {
			b, form, s := signingSchool(t, atGoogle())
			form.Set("server1.password", "that works")
			form.Save(nil)
			b.Settle()
			b.Look()
			before := b.Facts().Stored
			form.Set("server1.signin", "google")
			form.Set("server1.client_id", "id")
			form.Set("server1.client_secret", typedSecret)
			s.Begin(false)
			b.Until(func() bool { return s.Address() != "" })
			ends(b, s)
			b.Settle()
			b.Look()
			if !maps.Equal(before, b.Facts().Stored) || before["server1.password"] == "" || s.Running() || s.End().OK {
				t.Fatalf("%v became %v, %+v", before, b.Facts().Stored, s.End())
			}
			form.Set("server1.signin", "")
			if !form.CanForget("server1.password") {
				t.Error("the next Save takes the password away")
			}
		})
	}
	t.Run("settings that cannot be saved are told before the browser opens", func(t *testing.T) {
		b, form, s := signingSchool(t, atMicrosoft())
		form.Set("server1.port", "many")
		var led string
		form.OnFocus = func(field string) { led = field }
		s.Begin(false)
		b.Settle()
		if e := s.End(); e.OK || !strings.Contains(e.Sentence, "cannot be saved") || led != "server1.port" || len(b.SignIns.Asked()) != 0 {
			t.Fatalf("%+v, %q", e, led)
		}
	})
	t.Run("others save something else meanwhile: what was typed is not lost, and nothing is kept by half", func(t *testing.T) {
		b, form, s := signingSchool(t, atMicrosoft())
		form.Set("from.name", "The library")
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		b.Save(map[string]string{"library.name": "Hill School"})
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		if in, there := keptSignIn(t, b); there != s.End().OK || there && (in.Bound != b.Facts().Settings.Server1.SignInBound() || storedValue(t, b, "from.name") != "The library") {
			t.Fatalf("%v %+v %+v", there, s.End(), form.Said())
		}
		if form.Value("from.name") != "The library" || storedValue(t, b, "library.name") != "Hill School" {
			t.Fatal("lost")
		}
	})
	t.Run("what is being kept is no longer given up, and the second click does nothing", func(t *testing.T) {
		b, form, s := signingSchool(t, atMicrosoft())
		form.Set("from.name", "The library")
		s.Begin(false)
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		s.OnChange = func() {
			if s.Stage() == screen.SignInKeeping {
				s.Cancel()
			}
		}
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		if _, there := keptSignIn(t, b); !there || !s.End().OK || len(b.SignIns.Asked()) != 1 {
			t.Fatalf("%+v", s.End())
		}
	})
	t.Run("while one is being forgotten no other begins, so that it is not forgotten with it", func(t *testing.T) {
		b, _, s := signingSchool(t, atMicrosoft())
		s.Begin(false)
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		s.Forget()
		s.Begin(false)
		if s.Running() || s.CanForget() {
			t.Fatalf("%+v", s.End())
		}
		b.Settle()
		s.Begin(false)
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		if _, there := keptSignIn(t, b); !there || !s.End().OK {
			t.Fatalf("%+v", s.End())
		}
	})
	t.Run("a stored secret that nobody can open here is asked for, with why, before the browser opens", func(t *testing.T) {
		b, form, _ := signingSchool(t, atGoogle())
		form.Set("server1.signin", "google")
		form.Set("server1.client_id", "id")
		form.Set("server1.client_secret", typedSecret)
		form.Save(nil)
		b.Settle()
		if err := os.Remove(filepath.Join(b.Place().Key, "private.key")); err != nil {
			t.Fatal(err)
		}
		if err := secret.Make(b.Place().Key); err != nil { // as on another computer
			t.Fatal(err)
		}
		b.Look()
		later := screen.NewSettings(b.Desk) // a window that was opened later
		again := screen.NewSignIn(b.Desk, later, 1)
		var led string
		again.OnFocus = func(field string) { led = field }
		again.Begin(false)
		b.Settle()
		if e := again.End(); e.OK || led != "server1.client_secret" || !strings.Contains(e.Sentence, "another computer") || !strings.Contains(e.Next, "Paste it into Client secret") || len(b.SignIns.Asked()) != 0 {
			t.Fatalf("%+v, %q", e, led)
		}
		later.Set("server1.client_secret", typedSecret)
		again.Begin(false)
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		if _, there := keptSignIn(t, b); !there || !again.End().OK {
			t.Fatalf("%+v", again.End())
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
