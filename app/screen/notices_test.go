package screen_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/mailing"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// noticesBench is a small school with the screen of automatic notices. Its clocks stand, the store's too.
type noticesBench struct {
	*screentest.Bench
	t    *testing.T
	n    *screen.Notices
	said []string
	undo func()
}

// noticesAt is a bench on a place, on which a clock stands.
func noticesAt(t *testing.T, change map[string]string) *noticesBench {
	t.Helper()
	at := place.At(filepath.Join(t.TempDir(), "data"))
	b := &noticesBench{Bench: screentest.NewAt(t, at), t: t}
	b.SetClock(schoolMorning)
	s, err := house.Open(t.Context(), at, true, store.Options{Now: b.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b.Store = s
	b.Configured()
	b.School(data.DateOf(schoolMorning))
	today := data.DateOf(schoolMorning)
	b.Lend("1001", data.Loan{Barcode: "30011", Title: "Knots", Due: today - 1})
	b.Lend("1002", data.Loan{Barcode: "30012", Title: "Ships", Due: today - 3})
	b.Lend("1004", data.Loan{Barcode: "30014", Title: "Bees", Due: today - 1})
	if change != nil {
		b.Save(change)
	}
	b.runs(true)
	b.n = screen.NewNotices(b.Desk)
	b.n.OnNotice = func(words string, undo func()) { b.said, b.undo = append(b.said, words), undo }
	b.look()
	return b
}

func on(more ...string) map[string]string {
	m := map[string]string{"overdue.enabled": "true"}
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

// runs makes the service run, with the settings there are, or stop.
func (b *noticesBench) runs(yes bool) {
	b.t.Helper()
	if !yes {
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
		return
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
	if err := b.Store.Beat(b.t.Context(), data.Heartbeat{Started: b.Now(), Revision: 99, InForce: b.Now()}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *noticesBench) look() {
	b.t.Helper()
	b.Look()
	b.n.Refresh(screen.Change{Store: true})
	b.Settle()
	if e := b.n.Problem(); e != nil {
		b.t.Fatal(e)
	}
}

func (b *noticesBench) last() string {
	if len(b.said) == 0 {
		return ""
	}
	return b.said[len(b.said)-1]
}

func (b *noticesBench) set() data.Settings {
	b.t.Helper()
	values, _, err := b.Store.Settings(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	s, _ := data.ParseSettings(values)
	return s
}

// run makes a run as the service does.
func (b *noticesBench) run() data.Run {
	b.t.Helper()
	set := b.set()
	run, err := mailing.New(mailing.Options{Store: b.Store, Now: b.Now}).Run(b.t.Context(), &set, mailing.Order{Day: data.DateOf(b.Now())})
	if err != nil {
		b.t.Fatal(err)
	}
	b.look()
	return run
}

func (b *noticesBench) waiting() int64 {
	b.t.Helper()
	c, err := b.Store.Counts(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return c[data.Waiting]
}

func wants(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q does not say %q", got, w)
		}
	}
}

func TestNoticesState(t *testing.T) {
	t.Run("off says so, on says when, and a run is told", func(t *testing.T) {
		b := noticesAt(t, nil)
		wants(t, b.n.State().Words, "Off. Nobody is reminded")
		b.Save(on())
		b.runs(true)
		b.look()
		wants(t, b.n.State().Words, "On. Every day at 06:30.", "A run is due now.")
		b.run()
		wants(t, b.n.State().Words, "Last run today at 10:42: 1 notice, 2 on paper.", "Next run tomorrow at 06:30.")
	})
	t.Run("the question says what will happen, when, from which day on, and that it is practice", func(t *testing.T) {
		b := noticesAt(t, nil)
		title, text := b.n.SwitchWords()
		wants(t, title+text, "Switch automatic notices on?", "Every day at 06:30", "3 days before, 1 day after and 3 days after the due date", "a first run right away", "Notices of earlier days are not sent",
			"practice for now", "it@school.test", "4 of 6")
		b.SetClock(schoolMorning.Add(-8 * time.Hour))
		_, text = b.n.SwitchWords()
		wants(t, text, "It begins today at 06:30.")
	})
	t.Run("switching on saves at once and counts from that day; off forgets it", func(t *testing.T) {
		b := noticesAt(t, nil)
		b.n.Switch(true)
		b.Settle()
		from, err := b.Store.NoticesFrom(t.Context())
		if s := b.set(); !s.Overdue.Enabled || from != data.DateOf(schoolMorning) || err != nil || !b.n.On() {
			t.Fatal(s.Overdue.Enabled, from, err, b.said)
		}
		wants(t, b.last(), "Automatic notices are on.")
		b.n.Switch(false)
		b.Settle()
		from, _ = b.Store.NoticesFrom(t.Context())
		if b.set().Overdue.Enabled || from != 0 || b.n.On() {
			t.Fatal(from, b.said)
		}
	})
	t.Run("without an address for practice it says what is missing", func(t *testing.T) {
		b := noticesAt(t, map[string]string{"test_to": ""})
		wants(t, b.n.Unready(), "Test to")
		b = noticesAt(t, nil)
		if why := b.n.Unready(); why != "" {
			t.Error(why)
		}
	})
	t.Run("a service that is stopped is told, and can be started", func(t *testing.T) {
		b := noticesAt(t, on())
		if said := b.n.Stopped(); said != "" {
			t.Error(said)
		}
		b.runs(false)
		b.look()
		wants(t, b.n.Stopped(), "nothing goes out by itself")
		if strings.Contains(b.n.State().Words, "Next run") {
			t.Error(b.n.State())
		}
		b.n.Start()
		b.Settle()
		if asked := b.Service.Asked(); !slices.Contains(asked, "start") {
			t.Error(asked)
		}
	})
	t.Run("the age of the loans is told, and that notices rest when they are old", func(t *testing.T) {
		b := noticesAt(t, on())
		if words, old := b.n.Fresh(); old || words != "The list of loans is of today, 10:42." {
			t.Error(words, old)
		}
		b.SetClock(schoolMorning.AddDate(0, 0, 4))
		b.look()
		words, old := b.n.Fresh()
		if !old {
			t.Error("not old")
		}
		wants(t, words, "4 days old", "Tue 24 Nov 2026", "notices rest until it is renewed")
	})
	t.Run("that no patron has them is told", func(t *testing.T) {
		b := noticesAt(t, on())
		if said := b.n.Nobody(); said != "" {
			t.Error(said)
		}
		off := false
		ids := []int64{b.PatronByKey("1001"), b.PatronByKey("1002"), b.PatronByKey("1004"), b.PatronByKey("1005")}
		if _, err := b.Store.ChangePatrons(t.Context(), ids, data.PatronChange{AutoOverdue: &off}); err != nil {
			t.Fatal(err)
		}
		b.look()
		wants(t, b.n.Nobody(), "off for every patron")
	})
	t.Run("practice says where it sends; approving ends it for good, practising begins it again", func(t *testing.T) {
		b := noticesAt(t, on())
		words, _ := b.n.Practice()
		wants(t, words, "practice", "it@school.test")
		_, text, _ := b.n.ApproveWords()
		wants(t, text, "the patrons and guardians themselves")
		b.n.Approve()
		b.Settle()
		at, err := b.Store.Approved(t.Context())
		words, _ = b.n.Practice()
		if b.set().PracticeLetters || !at.IsZero() || err != nil || words != "" {
			t.Fatal(b.set().PracticeLetters, at, words, b.said)
		}
		wants(t, b.last(), "for real from now on")
		b.n.Practise()
		b.Settle()
		if !b.set().PracticeLetters {
			t.Error(b.said)
		}
	})
}

func TestPracticeForEverything(t *testing.T) {
	t.Run("notices: nothing is approved that would not be so, and what ends it is said", func(t *testing.T) {
		b := noticesAt(t, on("practice", "true"))
		words, everything := b.n.Practice()
		wants(t, words, "Practice mode is on for everything", "Settings")
		title, text, yes := b.n.ApproveWords()
		if !everything || yes != "" {
			t.Error(everything, yes)
		}
		wants(t, title+text, "Practice mode is on for everything", "Switch it off under Settings")
		_, text = b.n.SwitchWords()
		wants(t, text, "before it is switched off under Settings")
	})
	t.Run("notices: it came on between question and yes, and the answer says so", func(t *testing.T) {
		b := noticesAt(t, on())
		b.Save(map[string]string{"practice": "true"})
		b.n.Approve()
		b.Settle()
		wants(t, b.last(), "practice mode is on for everything", "Settings")
		if strings.Contains(b.last(), "leave for real from now on") {
			t.Error(b.last())
		}
	})
	t.Run("letters: the same, and the list is not sent on", func(t *testing.T) {
		b, l := letterSchool(t)
		said := ""
		l.OnNotice = func(words string, _ func()) { said = words }
		made(t, b, l)
		b.Save(map[string]string{"practice": "true"})
		l.Approve(func() { t.Error("asked whether the list is to leave") })
		b.Settle()
		b.Look()
		wants(t, said, "practice mode is on for everything")
		p := l.Practice()
		if p.Approve || p.Setting != "practice" {
			t.Errorf("%+v", p)
		}
		if _, text, yes := l.ApproveWords(); yes != "" || !strings.Contains(text, "Switch it off under Settings") {
			t.Error(yes, text)
		}
		if p := l.Plan(); !strings.Contains(p.Title, "for practice") {
			t.Error(p.Title)
		}
	})
}

func TestNoticesWaiting(t *testing.T) {
	forReal := on("practice.letters", "false")
	t.Run("the first run for real waits for a yes and says what that means", func(t *testing.T) {
		b := noticesAt(t, forReal)
		run := b.run()
		w, ok := b.n.Waiting()
		if !ok || !w.Can || w.Number != run.ID || b.waiting() != 0 {
			t.Fatal(w, ok, run)
		}
		wants(t, w.Words+w.Means, "The first run for real", "1 notice", "the patrons and guardians themselves")
	})
	t.Run("a yes asks the service for this run and tells its answer", func(t *testing.T) {
		b := noticesAt(t, forReal)
		run := b.run()
		b.n.SendWaiting()
		b.Settle()
		r, err := b.Store.TakeRequest(t.Context())
		if err != nil || r == nil || r.Kind != data.RequestNotices || int64(r.Server) != run.ID {
			t.Fatal(r, err)
		}
		b.look()
		wants(t, b.n.Asked(), "looks through the loans")
		if w, _ := b.n.Waiting(); w.Can {
			t.Error("a second yes can be given")
		}
		if err := b.Store.FinishRequest(t.Context(), r.ID, true, "Notices of 2026-11-24: 1 queued, 2 to print, 3 left out.", nil); err != nil {
			t.Fatal(err)
		}
		b.look()
		if b.n.Asked() != "" || b.last() != "Notices of Tue 24 Nov 2026: 1 queued, 2 to print, 3 left out." {
			t.Error(b.n.Asked(), b.said)
		}
	})
	t.Run("a service that takes nothing is given up after a minute", func(t *testing.T) {
		b := noticesAt(t, forReal)
		b.run()
		b.n.SendWaiting()
		b.Settle()
		wants(t, b.n.Asked(), "Waiting for the service.")
		b.SetClock(schoolMorning.Add(2 * time.Minute))
		b.n.Refresh(screen.Change{Minute: true})
		if b.n.Asked() != "" {
			t.Error(b.n.Asked())
		}
		wants(t, b.last(), "did not answer")
	})
	t.Run("a no puts them aside for good", func(t *testing.T) {
		b := noticesAt(t, forReal)
		run := b.run()
		b.n.Refuse()
		b.Settle()
		got, err := b.Store.RunByID(t.Context(), run.ID)
		if err != nil || got.State != data.RunRefused || b.waiting() != 0 || b.last() != "1 notice is not sent." {
			t.Fatal(got, err, b.said)
		}
		if _, ok := b.n.Waiting(); ok {
			t.Error("it still waits")
		}
	})
	t.Run("with the service stopped no yes can be given", func(t *testing.T) {
		b := noticesAt(t, forReal)
		b.run()
		b.runs(false)
		b.look()
		if w, ok := b.n.Waiting(); !ok || w.Can {
			t.Error(w, ok)
		}
		b.n.SendWaiting()
		b.Settle()
		if r, err := b.Store.TakeRequest(t.Context()); r != nil || err != nil {
			t.Error(r, err)
		}
	})
	t.Run("a run that rests for old loans offers to send anyway", func(t *testing.T) {
		b := noticesAt(t, on())
		b.SetClock(schoolMorning.AddDate(0, 0, 4))
		b.run()
		w, ok := b.n.Waiting()
		if !ok || !w.Held || w.Yes != "Send anyway" {
			t.Fatal(w, ok)
		}
		wants(t, w.Words+w.Means, "4 days old", "books that are back already")
	})
	t.Run("the overview says so once, and leads there", func(t *testing.T) {
		b := noticesAt(t, forReal)
		run := b.run()
		if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: b.Now(), Revision: 99, Trouble: run.Why, Remedy: "Look at them under Automatic notices."}); err != nil {
			t.Fatal(err)
		}
		b.Look()
		needs := screen.NewOverview(b.Desk).Needs()
		if len(needs) != 1 || needs[0].Fix != screen.FixNotices || needs[0].Words != run.Why {
			t.Fatal(needs)
		}
		b.n.Refuse()
		b.Settle()
		b.runs(true)
		b.Look()
		if needs := screen.NewOverview(b.Desk).Needs(); len(needs) != 0 {
			t.Error(needs)
		}
	})
}
