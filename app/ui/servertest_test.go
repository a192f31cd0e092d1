package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

const shownCertificate = "certificate for mail.school.test, issued by CN=School, valid until 2027-03-01, SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// testShown opens the settings at a running service, which answer plays.
func testShown(t *testing.T) (*screentest.Bench, *Window, *settingsPage) {
	t.Helper()
	b, w, p := settingsShown(t)
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
	// Whatever is saved, this service works with it.
	if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: time.Now(), InForce: time.Now(), Revision: 1000}); err != nil {
		t.Fatal(err)
	}
	b.Look()
	return b, w, p
}

// answering plays the service for one request: it takes it, tells steps, and ends it when told.
type answering struct {
	t  *testing.T
	b  *screentest.Bench
	id int64
}

func take(t *testing.T, b *screentest.Bench, w *Window) answering {
	t.Helper()
	var r *data.Request
	for r == nil && t.Context().Err() == nil {
		drain(b)
		var err error
		if r, err = b.Store.TakeRequest(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	arrange(w)
	return answering{t, b, r.ID}
}

// drain lets the window's goroutine run what is posted, without waiting for work to end.
func drain(b *screentest.Bench) {
	b.LookOnce() // posts something in any case
	asked := 0
	b.Until(func() bool { asked++; return asked > 1 })
}

func (a answering) steps(steps ...data.Step) {
	a.t.Helper()
	if err := a.b.Store.AnswerSteps(a.t.Context(), a.id, steps); err != nil {
		a.t.Fatal(err)
	}
}

func (a answering) end(ok bool, result, remedy, advice string) {
	a.t.Helper()
	details, err := json.Marshal(map[string]string{"remedy": remedy, "advice": advice})
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.b.Store.SetLastTest(a.t.Context(), time.Now(), ok, result); err != nil {
		a.t.Fatal(err)
	}
	if err := a.b.Store.FinishRequest(a.t.Context(), a.id, ok, result, details); err != nil {
		a.t.Fatal(err)
	}
	a.b.Settle()
	a.b.Look()
}

func says(w *Window, what string) func() bool {
	return func() bool { return strings.Contains(shownWords(w), what) }
}

func goneWell() []data.Step {
	return []data.Step{
		{Name: "file", OK: true, Text: "The test message lies in the folder as test-20261124-104200.TMP."},
		{Name: "name", OK: true, Text: "127.0.0.1 is an internet address."},
		{Name: "connection", OK: true, Text: "Something answers at 127.0.0.1:2525.", Took: 340 * time.Millisecond},
		{Name: "greeting", OK: true, Text: "The mail server greets.", Detail: "mail.school.test ESMTP"},
		{Name: "protection", OK: true, Text: "The connection is encrypted with TLS 1.3, the server proved who it is.", Detail: shownCertificate, Took: 120 * time.Millisecond},
		{Name: "sign-in", OK: true, Text: "No sign-in is set."},
		{Name: "sender", OK: true, Text: "The server takes mail from library@school.test."},
		{Name: "message", OK: true, Text: "The server took the message.", Detail: "250 2.0.0 Ok: queued as 4F2A", Took: 1200 * time.Millisecond},
		{Name: "file", OK: true, Text: "test-20261124-104200.TMP is gone from the folder."},
	}
}

func untrusted() []data.Step {
	return append(goneWell()[:4:4],
		data.Step{Name: "protection", Text: "The identity of 127.0.0.1 could not be confirmed: this computer does not know who issued its certificate.", Detail: shownCertificate, Took: 120 * time.Millisecond},
		data.Step{Name: "file", Text: "test-20261124-104200.TMP is now a .BAD file, with the reason beside it."})
}

func TestServerTestShown(t *testing.T) {
	t.Run("steps appear as they happen, then one sentence, and when it was", func(t *testing.T) {
		b, w, _ := testShown(t)
		press(t, w, "Test")
		if !says(w, "Asking the service.")() {
			t.Fatal(words(w))
		}
		a := take(t, b, w)
		a.steps(goneWell()[:3]...)
		b.Until(says(w, "Something answers at 127.0.0.1:2525."))
		for _, want := range []string{"Server name", "Connection", "Greeting", "running", "0.3 s"} {
			if !strings.Contains(words(w), want) {
				t.Errorf("%q is missing: %s", want, words(w))
			}
		}
		showTest(w)
		shot(t, w, "test-running")
		a.steps(goneWell()...)
		a.end(true, "The mail server accepted the test message for it@school.test. Look whether it arrives.", "", "")
		for _, want := range []string{"Message accepted", "accepted the test message", "1.2 s", "today at ", "Last test result"} {
			if !strings.Contains(words(w), want) {
				t.Errorf("%q is missing: %s", want, words(w))
			}
		}
		showTest(w)
		shot(t, w, "test-ok")
	})
	t.Run("the detail is one click away", func(t *testing.T) {
		b, w, _ := testShown(t)
		press(t, w, "Test")
		a := take(t, b, w)
		a.steps(untrusted()...)
		a.end(false, "The identity of 127.0.0.1 could not be confirmed.", "Do not switch protection off before asking IT.", "trust")
		if strings.Contains(words(w), "SHA-256 0123") {
			t.Fatal("shown before it is asked for")
		}
		var details []*button
		for _, one := range find[*button](w) {
			if one.text == "Details" {
				details = append(details, one)
			}
		}
		test.Tap(details[len(details)-1])
		if !strings.Contains(words(w), "SHA-256 0123") {
			t.Fatal("not shown")
		}
		showTest(w)
		shot(t, w, "test-details")
		press(t, w, "Hide details")
		if strings.Contains(words(w), "SHA-256 0123") {
			t.Fatal("not hidden")
		}
	})
	t.Run("trust shows the certificate, asks, saves it and tests again", func(t *testing.T) {
		b, w, p := testShown(t)
		p.s.Set("server1.user", "library")
		p.s.Set("server1.password", "swordfish")
		p.s.Save(nil)
		b.Settle()
		b.Look()
		press(t, w, "Test")
		a := take(t, b, w)
		a.steps(untrusted()...)
		a.end(false, "The identity of 127.0.0.1 could not be confirmed.", "Ask IT.", "trust")
		press(t, w, "Trust this server...")
		said := words(w)
		for _, want := range []string{"mail.school.test", "CN=School", "0123 4567 89AB", "Mon 1 Mar 2027"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing: %s", want, said)
			}
		}
		shot(t, w, "test-trust")
		press(t, w, "Trust it, save and test")
		if !strings.Contains(words(w), "the password is needed") {
			t.Fatal(words(w))
		}
		press(t, w, "OK")
		press(t, w, "Trust this server...")
		typeIn(t, w, "Password again", "swordfish")
		press(t, w, "Trust it, save and test")
		a = take(t, b, w)
		if got := stored(t, b, "server1.certificate"); !strings.HasPrefix(got, "0123456789abcdef") {
			t.Fatalf("stored %q", got)
		}
		a.steps(goneWell()...)
		a.end(true, "The mail server accepted the test message.", "", "")
		if strings.Contains(words(w), "swordfish") {
			t.Error("tells the password")
		}
	})
	t.Run("the repair that fits is one press, and tests again", func(t *testing.T) {
		b, w, _ := testShown(t)
		press(t, w, "Test")
		a := take(t, b, w)
		a.end(false, "127.0.0.1 is protected from the first byte on port 2525.", "Choose tls as the protection.", "tls")
		press(t, w, "Use TLS and test again")
		a = take(t, b, w)
		if got := stored(t, b, "server1.security"); got != "tls" {
			t.Fatalf("stored %q", got)
		}
		a.end(true, "The mail server accepted the test message.", "", "")
		if !strings.Contains(words(w), "accepted the test message") {
			t.Fatal(words(w))
		}
	})
	t.Run("a missing address leads to its field", func(t *testing.T) {
		b, w, p := testShown(t)
		b.Save(map[string]string{"test_to": ""})
		b.Look()
		press(t, w, "Test")
		b.Settle()
		showTest(w)
		shot(t, w, "test-missing")
		press(t, w, "Go to the field")
		if w.window.Canvas().Focused() != p.fields["test_to"].control {
			t.Error("the keyboard is not there")
		}
	})
	t.Run("unsaved changes make it Save and test", func(t *testing.T) {
		b, w, _ := testShown(t)
		typeIn(t, w, "Port", "2626")
		press(t, w, "Save and test")
		a := take(t, b, w)
		if got := stored(t, b, "server1.port"); got != "2626" {
			t.Fatalf("stored %q", got)
		}
		a.end(true, "The mail server accepted the test message.", "", "")
	})
	t.Run("it can be left alone", func(t *testing.T) {
		b, w, _ := testShown(t)
		press(t, w, "Test")
		a := take(t, b, w)
		a.steps(goneWell()[:7]...)
		b.Until(says(w, "Message accepted"))
		press(t, w, "Stop waiting")
		if !strings.Contains(words(w), "The service goes on with the test.") {
			t.Fatal(words(w))
		}
		b.Settle()
		a.end(true, "The mail server accepted the test message.", "", "")
		if !strings.Contains(words(w), "accepted the test message") {
			t.Fatal("the result is not shown", words(w))
		}
	})
	for label, want := range map[string]string{"Start with the computer": "startup auto", "Not now": ""} {
		t.Run("after a success: "+label, func(t *testing.T) {
			b, w, _ := testShown(t)
			press(t, w, "Test")
			a := take(t, b, w)
			a.steps(goneWell()...)
			a.end(true, "The mail server accepted the test message.", "", "")
			var mine *button
			for _, one := range find[*button](w) {
				if one.text == label {
					mine = one
				}
			}
			if mine == nil {
				t.Fatal(words(w))
			}
			test.Tap(mine)
			b.Settle()
			b.Look()
			if got := strings.Join(b.Service.Asked(), " "); got != want || strings.Contains(words(w), "It works. Shall") {
				t.Fatalf("asked %q", got)
			}
		})
	}
	t.Run("the keyboard starts it, and server 2 is looked at", func(t *testing.T) {
		b, w, p := testShown(t)
		b.Save(map[string]string{"server2.host": "127.0.0.1"})
		b.Look()
		p.server2.open(true)
		arrange(w)
		all := find[*button](w)
		i := slices.IndexFunc(all, func(one *button) bool { return one.text == "Look at server 2" })
		if i < 0 {
			t.Fatal(words(w))
		}
		w.window.Canvas().Focus(all[i])
		all[i].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		a := take(t, b, w)
		r, err := b.Store.Request(t.Context(), a.id)
		if err != nil || r.Kind != data.RequestProbe || r.Server != 2 {
			t.Fatalf("%+v %v", r, err)
		}
		a.end(false, "Nothing answers at 127.0.0.1 port 25.", "Try port 587.", "port-587")
		if !strings.Contains(words(w), "Try port 587") {
			t.Fatal(words(w))
		}
	})
}

// showTest scrolls to the end of what the test shows.
func showTest(w *Window) {
	arrange(w)
	for _, one := range find[*button](w) {
		if one.text == "Show more settings" {
			intoSight(one)
		}
	}
	arrange(w)
}
