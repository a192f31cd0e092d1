package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// whole is a window at its Overview, on a bench that is set up.
func whole(t *testing.T) (*screentest.Bench, *Window) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	w := open(t, b)
	relook(b)
	return b, w
}

// relook lets the desk look, and the screens ask what they ask then.
func relook(b *screentest.Bench) {
	b.Settle()
	b.Look()
	b.Settle()
}

func runs(t *testing.T, b *screentest.Bench, trouble string) {
	t.Helper()
	now := time.Now()
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
	err := b.Store.Beat(t.Context(), data.Heartbeat{
		Started: now.Add(-3 * time.Hour), LastCheck: now.Add(-2 * time.Minute), NextCheck: now.Add(time.Minute), Trouble: trouble, Remedy: "Ask IT for the right name of the server.",
	})
	if err != nil {
		t.Fatal(err)
	}
	relook(b)
}

// mailed takes messages to their end: so many sent, so many failed.
func mailed(t *testing.T, b *screentest.Bench, sent, failed int) {
	t.Helper()
	now := time.Now()
	var r *data.Result
	for i := range sent + failed + 1 {
		if i < sent+failed {
			b.Message("Overdue", "ann@school.test")
		}
		want := &data.Want{Now: now, Server: 1, Horizon: now.Add(time.Hour), TriedLast: now.Add(time.Hour), Lease: now.Add(time.Hour), Recipients: 100, Counted: true}
		if i == sent+failed {
			want = nil
		}
		c, err := b.Store.Next(t.Context(), r, want)
		if err != nil || (c == nil) != (want == nil) {
			t.Fatal(c, err)
		}
		if c == nil {
			return
		}
		state, kind := data.Sent, data.KindSent
		if i >= sent {
			state, kind = data.Failed, data.KindPermanent
		}
		r = &data.Result{Claim: c, Host: "mail.school.test:25", Ended: now, Handed: true, Verdicts: []data.Verdict{{Delivery: c.Deliveries[0].ID, State: state, Charged: true, Outcome: data.Outcome{Kind: kind}}}}
	}
}

func has(t *testing.T, w *Window, sentences ...string) {
	t.Helper()
	all := words(w)
	for _, s := range sentences {
		if !strings.Contains(all, s) {
			t.Errorf("%q is not shown in\n%s", s, all)
		}
	}
}

func TestOverviewControls(t *testing.T) {
	asked := func(t *testing.T, b *screentest.Bench, want string) {
		t.Helper()
		relook(b)
		if got := strings.Join(b.Service.Asked(), ", "); got != want {
			t.Errorf("the service was asked to %q, not %q", got, want)
		}
	}
	t.Run("Start starts the service, and shows that it runs", func(t *testing.T) {
		b, w := whole(t)
		has(t, w, "The service is stopped")
		press(t, w, "Start")
		asked(t, b, "start")
		has(t, w, "The service is running")
	})
	t.Run("Stop asks first, and stops", func(t *testing.T) {
		b, w := whole(t)
		runs(t, b, "")
		press(t, w, "Stop")
		asked(t, b, "")
		press(t, w, "Stop") // of the question
		asked(t, b, "stop")
		has(t, w, "The service is stopped")
	})
	t.Run("Restart stops and starts", func(t *testing.T) {
		b, w := whole(t)
		runs(t, b, "")
		press(t, w, "Restart")
		asked(t, b, "stop, start")
	})
	t.Run("Start with the computer is ordered, and a refusal puts the tick back", func(t *testing.T) {
		b, w := whole(t)
		tick := func() *check {
			arrange(w)
			for _, c := range find[*check](w) {
				if c.text == "Start with the computer" {
					return c
				}
			}
			t.Fatal("there is no such box")
			return nil
		}
		b.Service.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "You said no.", Next: "Nothing was changed."}
		tick().toggle()
		asked(t, b, "startup auto")
		has(t, w, "You said no. Nothing was changed.")
		if tick().Checked {
			t.Error("the tick stays")
		}
		b.Service.Fail = nil
		tick().toggle()
		asked(t, b, "startup auto, startup auto")
		if !tick().Checked {
			t.Error("the tick is not there")
		}
	})
	t.Run("Set up the gateway leads to the settings", func(t *testing.T) {
		b, w := whole(t)
		b.Save(map[string]string{"server1.host": "", "from.address": ""})
		relook(b)
		press(t, w, "Set up the gateway")
		if w.current != "settings" {
			t.Errorf("it leads to %s", w.current)
		}
	})
	t.Run("numbers lead to what they count", func(t *testing.T) {
		for i, state := range []string{"Waiting (", "Failed (", "Held ("} {
			b, w := whole(t)
			mailed(t, b, 0, 1)
			b.Message("Overdue", "ann@school.test")
			relook(b)
			arrange(w)
			var links []*button
			for _, l := range find[*button](w) {
				if l.text == "Show them" {
					links = append(links, l)
				}
			}
			if len(links) != 3 {
				t.Fatalf("%d links", len(links))
			}
			links[i].press()
			relook(b)
			if w.current != "queue" || !strings.Contains(words(w), state) {
				t.Errorf("link %d leads to %s:\n%s", i, w.current, words(w))
			}
		}
	})
	t.Run("Sent today leads to the log", func(t *testing.T) {
		_, w := whole(t)
		press(t, w, "Show the log")
		if w.current != "log" {
			t.Errorf("it leads to %s", w.current)
		}
	})
	t.Run("Send now asks the running service, and shows its answer", func(t *testing.T) {
		b, w := whole(t)
		runs(t, b, "")
		press(t, w, "Send now")
		relook(b)
		has(t, w, "The service was asked.")
		r, err := b.Store.TakeRequest(t.Context())
		if err != nil || r == nil || r.Kind != data.RequestCheck {
			t.Fatal(r, err)
		}
		if err := b.Store.FinishRequest(t.Context(), r.ID, true, "Check.", []byte(`{"queue":{"sent":3},"waiting":0}`)); err != nil {
			t.Fatal(err)
		}
		relook(b)
		has(t, w, "3 were sent.")
	})
	t.Run("Send now offers to start a stopped service", func(t *testing.T) {
		b, w := whole(t)
		b.Message("Overdue", "ann@school.test")
		relook(b)
		press(t, w, "Send now")
		press(t, w, "Start and send")
		asked(t, b, "start")
		if r, err := b.Store.TakeRequest(t.Context()); r == nil || err != nil {
			t.Error("nothing was asked of it", err)
		}
	})
	t.Run("mail that waits for a stopped service has a button for it", func(t *testing.T) {
		b, w := whole(t)
		b.Message("Overdue", "ann@school.test")
		relook(b)
		has(t, w, "1 message waits until it runs again.")
		press(t, w, "Start the service")
		asked(t, b, "start")
	})
	t.Run("a card that says the same keeps the keyboard", func(t *testing.T) {
		b, w := whole(t)
		b.Message("Overdue", "ann@school.test")
		relook(b)
		var before *button
		for _, l := range find[*button](w) {
			if l.text == "Start the service" {
				before = l
			}
		}
		w.window.Canvas().Focus(before)
		relook(b)
		if w.window.Canvas().Focused() != fyne.Focusable(before) {
			t.Error("the keyboard is elsewhere")
		}
	})
}

func TestTroubleIsAnnounced(t *testing.T) {
	b, w := whole(t)
	runs(t, b, "")
	w.show("settings")
	runs(t, b, "The server does not take mail from library@school.test.")
	has(t, w, "The mail gateway has trouble. The server does not take mail from library@school.test.")
	if n := b.Desktop.Notified; len(n) != 1 || strings.Contains(n[0], "@") {
		t.Errorf("the desktop was told %q", n)
	}
}

func TestOverviewPictures(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, b *screentest.Bench)
		shows   []string
	}{
		"empty": {func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			b.Save(map[string]string{"server1.host": "", "from.address": ""})
			relook(b)
		}, []string{"The gateway is not set up yet.", "Nothing was sent in the last 30 days.", "go out with the next check"}},
		"busy": {func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			b.Save(map[string]string{"server1.recipients_per_day": "450"})
			mailed(t, b, 143, 3)
			for range 12 {
				b.Message("Overdue", "ann@school.test")
			}
			if err := b.Store.SetLogTold(t.Context(), time.Now().Add(-3*time.Hour)); err != nil {
				t.Fatal(err)
			}
			runs(t, b, "")
		}, []string{"143", "All sent by about", "143 of 450 today", "143 sent and 3 failed in the last 30 days.", "Most: 143 on"}},
		"trouble": {func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			mailed(t, b, 20, 1)
			b.Message("Overdue", "ann@school.test")
			b.Message("Reminder", "joe@school.test")
			if _, err := b.Store.Hold(t.Context(), []int64{22}, "By hand."); err != nil {
				t.Fatal(err)
			}
			if err := b.Store.SetLogTold(t.Context(), time.Now().Add(-30*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if err := b.Store.SaveServerState(t.Context(), data.ServerState{Server: 1, Until: time.Now().Add(8 * time.Minute), Pause: data.PauseShort, Since: time.Now(), Outcome: data.Outcome{Sentence: "There is no server called mail.school.test."}}); err != nil {
				t.Fatal(err)
			}
			runs(t, b, "There is no server called mail.school.test.")
		}, []string{"There is no server called mail.school.test.", "Ask IT for the right name", "is left alone until", "1 message is held", "one is missing"}},
		"stopped": {func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			mailed(t, b, 2, 0)
			b.Message("Overdue", "ann@school.test")
			relook(b)
		}, []string{"1 message waits until it runs again.", "No check while the service does not run."}},
	} {
		for _, width := range []float32{760, 1100, 1400} {
			t.Run(name+" is whole at any width", func(t *testing.T) {
				b, w := whole(t)
				w.window.Resize(fyne.NewSize(width, 860))
				c.prepare(t, b)
				has(t, w, c.shows...)
				shot(t, w, "overview-"+name+"-"+map[float32]string{760: "760", 1100: "1100", 1400: "1400"}[width])
			})
		}
	}
}
