package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// looks takes pictures of what is shown, light and dark, in a usual window and a small one, and inspects each.
func looks(t *testing.T, w *Window, name string, at fyne.CanvasObject) {
	t.Helper()
	for _, v := range []struct {
		end, theme string
		size       fyne.Size
	}{{"", screen.ThemeLight, fyne.NewSize(1100, 700)}, {"-dark", screen.ThemeDark, fyne.NewSize(1100, 700)}, {"-small", screen.ThemeLight, fyne.NewSize(900, 600)}, {"-large", screen.ThemeLight, fyne.NewSize(1500, 1300)}} {
		w.appearance.SetTheme(v.theme)
		w.setLook()
		w.window.Resize(v.size)
		arrange(w)
		if at != nil {
			intoSight(at)
		}
		shot(t, w, name+v.end)
		inspect(t, w, name+v.end)
	}
	w.appearance.SetTheme(screen.ThemeLight)
	w.setLook()
	w.window.Resize(fyne.NewSize(1100, 700))
	arrange(w)
}

// googleSchool has settings of a school on Google, with its app registration filled in and nobody signed in.
func googleSchool(t *testing.T) (*screentest.Bench, *Window, *settingsPage) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Save(map[string]string{"server1.host": "smtp.gmail.com", "server1.port": "465", "server1.security": "tls", "server1.allow_insecure": "false", "server1.user": "library@school.test"})
	return settingsOn(t, b)
}

func fillGoogle(t *testing.T, w *Window) {
	t.Helper()
	press(t, w, "Sign in with Google")
	typeIn(t, w, "Client ID", "id-of-the-school")
	typeIn(t, w, "Client secret", "hunter2-of-the-school")
}

func TestSignInCard(t *testing.T) {
	t.Run("from the first click to signed in, and no secret is shown", func(t *testing.T) {
		b, w, p := googleSchool(t)
		card := p.signIns[0]
		looks(t, w, "signin-offered", card.object)
		press(t, w, "Sign in with Google")
		if w.window.Canvas().Focused() != p.fields["server1.client_id"].control {
			t.Fatal("the keyboard is not where the client ID goes")
		}
		looks(t, w, "signin-needs", card.object)
		typeIn(t, w, "Client ID", "id-of-the-school")
		typeIn(t, w, "Client secret", "hunter2-of-the-school")
		if p.fields["server1.password"].object.Visible() {
			t.Error("a password is asked for")
		}
		press(t, w, "Save and sign in with Google")
		b.Until(func() bool { return strings.Contains(shownWords(w), "Your browser shows Google's page now.") })
		if got := b.Desktop.Opened; len(got) != 1 || got[0] != screentest.AuthPage {
			t.Fatalf("opened %v", got)
		}
		looks(t, w, "signin-browser", nil)
		tabOrder(t, w, "signing in")
		rings(t, w, "signing in")
		press(t, w, "Copy the address")
		if got := b.Desktop.Copied; len(got) != 1 || got[0] != screentest.AuthPage {
			t.Fatalf("copied %v", got)
		}
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		if said := words(w); !strings.Contains(said, "Signed in as library@school.test.") || !strings.Contains(said, "Signed in as library@school.test since") || len(w.layers) != 0 || strings.Contains(said, "hunter2") {
			t.Fatal(said)
		}
		if b.Desktop.Raised != 1 {
			t.Errorf("the window came back to the front %d times", b.Desktop.Raised)
		}
		if v := b.SignIns.Asked(); len(v) != 1 || v[0].ClientSecret != "hunter2-of-the-school" || v[0].ClientID != "id-of-the-school" {
			t.Fatalf("%d sign-ins", len(v))
		}
		looks(t, w, "signin-done", card.object)
		press(t, w, "Forget the sign-in...")
		looks(t, w, "signin-forget", nil)
		press(t, w, "Forget")
		b.Settle()
		b.Look()
		if said := words(w); !strings.Contains(said, "The sign-in is forgotten.") || !strings.Contains(said, "Nobody is signed in") {
			t.Fatal(said)
		}
	})
	t.Run("Escape gives it up, and says so", func(t *testing.T) {
		b, w, _ := googleSchool(t)
		fillGoogle(t, w)
		press(t, w, "Save and sign in with Google")
		b.Until(func() bool { return strings.Contains(shownWords(w), "Your browser shows") })
		w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		b.Settle()
		if said := words(w); !strings.Contains(said, "The sign-in was stopped. Nothing was changed.") || len(w.layers) != 0 {
			t.Fatal(said)
		}
	})
	t.Run("a browser that cannot be opened leaves the address to copy", func(t *testing.T) {
		b, w, _ := googleSchool(t)
		b.Desktop.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "No browser."}
		fillGoogle(t, w)
		press(t, w, "Save and sign in with Google")
		b.Until(func() bool { return strings.Contains(shownWords(w), "No browser could be opened.") })
		if !strings.Contains(words(w), screentest.AuthPage) {
			t.Fatal(words(w))
		}
		press(t, w, "Cancel")
		b.Settle()
	})
	t.Run("a refusal is one sentence and what to do", func(t *testing.T) {
		b, w, p := googleSchool(t)
		fillGoogle(t, w)
		press(t, w, "Save and sign in with Google")
		b.SignIns.Answer(screen.Granted{}, &data.Error{Code: data.CodeSignIn, Sentence: "The permission to send was not given: \"Send mail\".", Next: "Sign in again and tick every box on Google's page."})
		b.Settle()
		if said := words(w); !strings.Contains(said, "The permission to send was not given") || !strings.Contains(said, "tick every box") {
			t.Fatal(said)
		}
		looks(t, w, "signin-refused", p.signIns[0].end.object)
	})
	for answer, want := range map[string]string{"Keep nothing": "", "head@school.test may send for it": "library@school.test", "Send as head@school.test": "head@school.test"} {
		t.Run("another account is asked about: "+answer, func(t *testing.T) {
			b := screentest.New(t)
			b.Configured()
			b.Save(map[string]string{"server1.host": "smtp.office365.com", "server1.port": "587", "server1.security": "starttls", "server1.user": "library@school.test", "server1.signin": "microsoft", "server1.tenant": "school.test", "server1.client_id": "id"})
			_, w, _ := settingsOn(t, b)
			press(t, w, "Sign in with Microsoft")
			b.SignIns.Answer(screen.Granted{User: "head@school.test", Other: true}, &data.Error{Code: data.CodeSignIn, Sentence: "You signed in as head@school.test, but the mailbox in the settings is library@school.test."})
			b.Settle()
			looks(t, w, "signin-other", nil)
			tabOrder(t, w, "another account")
			press(t, w, answer)
			b.Settle()
			b.Look()
			in, there, err := b.Store.SignIn(t.Context(), 1)
			if err != nil || there != (want != "") || len(w.layers) != 0 {
				t.Fatalf("%v %v %s", there, err, words(w))
			}
			if want != "" && (stored(t, b, "server1.user") != want || in.User != "head@school.test") {
				t.Fatalf("%+v", in)
			}
		})
	}
	t.Run("a code for another device stands in large letters", func(t *testing.T) {
		b := screentest.New(t)
		b.Configured()
		b.Save(map[string]string{"server1.host": "smtp.office365.com", "server1.port": "587", "server1.security": "starttls", "server1.user": "library@school.test", "server1.signin": "microsoft", "server1.tenant": "school.test", "server1.client_id": "id"})
		_, w, _ := settingsOn(t, b)
		press(t, w, "Sign in with a code")
		b.Until(func() bool { return strings.Contains(shownWords(w), "GX7-QRT9") })
		looks(t, w, "signin-code", nil)
		press(t, w, "Copy the code")
		if got := b.Desktop.Copied; len(got) != 1 || got[0] != "GX7-QRT9" {
			t.Fatalf("copied %v", got)
		}
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		if !strings.Contains(words(w), "Signed in as library@school.test.") {
			t.Fatal(words(w))
		}
	})
	t.Run("the guide has every step, with each line to copy", func(t *testing.T) {
		b, w, _ := googleSchool(t)
		press(t, w, "Sign in with Google")
		press(t, w, "What IT has to do...")
		if said := words(w); !strings.Contains(said, "Do this for library@school.test.") || !strings.Contains(said, "Set-Mailbox -Identity library@school.test") {
			t.Fatal(said)
		}
		looks(t, w, "signin-guide", nil)
		tabOrder(t, w, "guide")
		press(t, w, "Open")
		b.Settle()
		press(t, w, "Copy the whole guide")
		if len(b.Desktop.Opened) != 1 || len(b.Desktop.Copied) != 1 || !strings.Contains(b.Desktop.Copied[0], "1. Register the program") {
			t.Fatalf("%v %v", b.Desktop.Opened, b.Desktop.Copied)
		}
	})
	t.Run("the starting question's answer leads to the sign-in", func(t *testing.T) {
		_, w, p := settingsOn(t, screentest.New(t))
		p.start.address.SetText("library@school.test")
		press(t, w, "Fill in")
		press(t, w, "Microsoft 365 (people read their mail in Outlook)")
		if f, ok := w.window.Canvas().Focused().(*button); !ok || f.text != "Sign in with the browser" {
			t.Errorf("the keyboard is on %T", w.window.Canvas().Focused())
		}
		shot(t, w, "signin-start")
		press(t, w, "Sign in with the browser")
		if p.s.Value("server1.signin") != "microsoft" || p.s.Value("server1.host") != "smtp.office365.com" || w.window.Canvas().Focused() != p.fields["server1.tenant"].control {
			t.Fatal(words(w))
		}
	})
	t.Run("server 2 has its own", func(t *testing.T) {
		b, w, p := settingsShown(t)
		press(t, w, "Show the second server")
		p.s.Set("server2.host", "smtp.gmail.com")
		p.s.Set("server2.port", "465")
		p.s.Set("server2.security", "tls")
		p.s.Set("server2.user", "backup@school.test")
		fillGoogleIn(p.s, "server2.")
		arrange(w)
		test.Tap(p.signIns[1].begin)
		b.SignIns.Answer(screen.Granted{User: "backup@school.test"}, nil)
		b.Settle()
		if in, there, err := b.Store.SignIn(t.Context(), 2); err != nil || !there || in.User != "backup@school.test" {
			t.Fatalf("%+v %v %s", in, err, words(w))
		}
	})
	t.Run("what needs a person leads from the overview to the sign-in, which begins", func(t *testing.T) {
		b, w, _ := googleSchool(t)
		fillGoogle(t, w)
		press(t, w, "Save")
		b.Settle()
		b.Look()
		w.show("overview")
		relook(b)
		shot(t, w, "signin-overview")
		if !strings.Contains(words(w), "Nobody is signed in for server 1 yet.") && !strings.Contains(words(w), "Nobody is signed in") {
			t.Fatal(words(w))
		}
		press(t, w, "Sign in...")
		b.Until(func() bool { return strings.Contains(shownWords(w), "Your browser shows") })
		b.SignIns.Answer(screen.Granted{User: "library@school.test"}, nil)
		b.Settle()
		b.Look()
		w.show("overview")
		relook(b)
		if strings.Contains(words(w), "Sign in...") {
			t.Fatal(words(w))
		}
	})
}

func fillGoogleIn(s *screen.Settings, pre string) {
	s.Set(pre+"signin", "google")
	s.Set(pre+"client_id", "id")
	s.Set(pre+"client_secret", "hunter2")
}
