package notices_test

import (
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/notices"
)

// morning is 2026-11-24 at 06:00, half an hour before notices are due.
var morning = time.Date(2026, 11, 24, 6, 0, 0, 0, time.Local)

// house is a library with one pupil and the duty.
type house struct {
	*storetest.Library
	*notices.Notices

	t   *testing.T
	set data.Settings
	ben int64
}

func newHouse(t *testing.T, settings ...string) *house {
	t.Helper()
	h := &house{Library: storetest.New(t, morning.AddDate(0, 0, -1)), t: t}
	values := map[string]string{
		"server1.host": "mail.example.org", "from.address": "library@example.org", "test_to": "me@example.org",
		"overdue.enabled": "true", "practice.letters": "false", "overdue.fresh_days": "1",
	}
	for i := 0; i < len(settings); i += 2 {
		values[settings[i]] = settings[i+1]
	}
	h.set, _ = data.ParseSettings(values)
	h.ben = h.Patron(data.Patron{Key: "B1", First: "Ben", Last: "Cole", Email: "ben@school.org", AutoOverdue: true})
	h.Notices = h.service()
	if err := h.Approve(t.Context(), morning); err != nil {
		t.Fatal(err)
	}
	return h
}

// service is a service that has just been started.
func (h *house) service() *notices.Notices {
	return notices.New(notices.Options{Store: h.Library, Now: h.Library.Now})
}

func (h *house) lent(days ...int) {
	h.t.Helper()
	loans := make([]data.Loan, len(days))
	for i, d := range days {
		due := data.DateOf(morning) + data.Date(d)
		loans[i] = data.Loan{Patron: h.ben, Key: "to " + due.String(), Title: "A book", Due: due}
	}
	h.Lent(loans...)
}

// daily sets the clock and does what is due.
func (h *house) daily(at time.Time) (data.Run, bool) {
	h.t.Helper()
	h.Set(at)
	r, ran, err := h.Daily(h.t.Context(), h.set)
	if err != nil {
		h.t.Fatal(err)
	}
	return r, ran
}

func (h *house) next(want time.Time) {
	h.t.Helper()
	if at, ok := h.Next(h.t.Context(), h.set); !ok || !at.Equal(want) {
		h.t.Fatalf("next at %v, %v; want %v", at, ok, want)
	}
}

func TestDaily(t *testing.T) {
	ctx := t.Context()
	due := morning.Add(30 * time.Minute)
	t.Run("once a day at its time, and not again", func(t *testing.T) {
		h := newHouse(t)
		h.lent(-1)
		h.daily(due.AddDate(0, 0, -1))
		if _, ran := h.daily(due.Add(-time.Second)); ran {
			t.Fatal("before its time")
		}
		h.next(due)
		r, ran := h.daily(due)
		if !ran || r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
		h.next(due.AddDate(0, 0, 1))
		if _, ran := h.daily(due.Add(12 * time.Hour)); ran {
			t.Fatal("twice")
		}
		h.Notices = h.service()
		if _, ran := h.daily(due.Add(13 * time.Hour)); ran {
			t.Fatal("again after a restart")
		}
	})
	t.Run("the computer was off: as soon as it is on, once for all the days", func(t *testing.T) {
		h := newHouse(t, "overdue.fresh_days", "9")
		h.lent(-1, 0)
		h.daily(due.AddDate(0, 0, -1))
		h.Notices = h.service()
		at := due.AddDate(0, 0, 2).Add(3 * time.Hour)
		r, ran := h.daily(at)
		if !ran || r.Day != data.DateOf(at) || r.From != data.DateOf(due) || len(h.Waiting()) != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	t.Run("a computer that is never on at that time runs the day before's when it is", func(t *testing.T) {
		h := newHouse(t, "overdue.at", "22:00", "overdue.fresh_days", "9")
		h.lent(-1)
		h.daily(morning)
		r, ran := h.daily(morning.AddDate(0, 0, 1))
		if !ran || r.Day != data.DateOf(morning) || r.Queued != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	t.Run("switched on, it speaks of nothing before; switched off it forgets since when", func(t *testing.T) {
		h := newHouse(t)
		h.lent(-1)
		h.daily(due)
		if from, err := h.NoticesFrom(ctx); err != nil || from != data.DateOf(due) {
			t.Fatal(from, err)
		}
		h.set.Overdue.Enabled = false
		if _, ran := h.daily(due.Add(time.Hour)); ran {
			t.Fatal("it is off")
		}
		if from, err := h.NoticesFrom(ctx); err != nil || from != 0 {
			t.Fatal(from, err)
		}
		if _, ok := h.Next(ctx, h.set); ok {
			t.Fatal("it is off")
		}
	})
	t.Run("held for old loans, it goes on when a new list is in, and not before", func(t *testing.T) {
		h := newHouse(t)
		h.Set(morning.AddDate(0, 0, -6))
		h.lent(-1)
		h.Set(due.AddDate(0, 0, -1))
		if err := h.SetNoticesFrom(ctx, data.DateOf(due)); err != nil {
			t.Fatal(err)
		}
		r, _ := h.daily(due)
		if r.State != data.RunHeld {
			t.Fatalf("%+v", r)
		}
		sentence, remedy, err := h.Waits(ctx, h.set)
		if err != nil || sentence != "The list of loans is 6 days old; 1 notice waits." || remedy == "" {
			t.Fatalf("%q %q %v", sentence, remedy, err)
		}
		if _, ran := h.daily(due.Add(time.Hour)); ran {
			t.Fatal("nothing is new")
		}
		h.next(due.AddDate(0, 0, 1))
		h.Set(due.Add(2 * time.Hour))
		h.lent(-1)
		h.next(h.Library.Now())
		if r, ran := h.daily(due.Add(2 * time.Hour)); !ran || r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
		if sentence, _, err := h.Waits(ctx, h.set); err != nil || sentence != "" {
			t.Fatal(sentence, err)
		}
	})
	t.Run("held for old loans, and the list comes in the night: the morning makes up for it, and nobody is woken", func(t *testing.T) {
		h := newHouse(t, "overdue.stages", "-3,+1,+2")
		h.Set(morning.AddDate(0, 0, -6))
		h.lent(-1)
		h.Set(due.AddDate(0, 0, -1))
		if err := h.SetNoticesFrom(ctx, data.DateOf(due)); err != nil {
			t.Fatal(err)
		}
		if r, _ := h.daily(due); r.State != data.RunHeld {
			t.Fatalf("%+v", r)
		}
		night, next := due.Add(17*time.Hour), due.AddDate(0, 0, 1)
		h.Set(night)
		h.lent(-1)
		for _, restarted := range []bool{false, true} {
			if restarted {
				h.Notices = h.service()
			}
			if r, ran := h.daily(night); ran {
				t.Fatalf("at half past eleven, restarted: %v: %+v", restarted, r)
			}
			h.next(next)
			if sentence, _, err := h.Waits(ctx, h.set); err != nil || sentence != "" {
				t.Fatal("the list is there: ", sentence, err)
			}
		}
		r, ran := h.daily(next)
		if !ran || r.State != data.RunDone || r.From != data.DateOf(due) || r.Day != data.DateOf(next) || r.Queued != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
		if ledger, err := h.Ledger(ctx, 0, 0); err != nil || len(ledger) != 1 {
			t.Fatal("more than the latest stage: ", ledger, err)
		}
	})
	t.Run("held for old loans, it goes on when a person says that older ones will do", func(t *testing.T) {
		h := newHouse(t)
		h.Set(due.AddDate(0, 0, -3))
		h.lent(-1)
		if err := h.SetNoticesFrom(ctx, data.DateOf(due)); err != nil {
			t.Fatal(err)
		}
		if r, _ := h.daily(due); r.State != data.RunHeld {
			t.Fatalf("%+v", r)
		}
		h.set.Overdue.FreshDays = 5
		if r, ran := h.daily(due.Add(time.Minute)); !ran || r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	t.Run("held where only the list of the day will do, it goes on at night: in the morning the list is old again", func(t *testing.T) {
		h := newHouse(t, "overdue.fresh_days", "0")
		h.Set(due.AddDate(0, 0, -1))
		h.lent(-1)
		if err := h.SetNoticesFrom(ctx, data.DateOf(due)); err != nil {
			t.Fatal(err)
		}
		if r, _ := h.daily(due); r.State != data.RunHeld {
			t.Fatalf("%+v", r)
		}
		h.Set(due.Add(17 * time.Hour))
		h.lent(-1)
		if r, ran := h.daily(due.Add(17 * time.Hour)); !ran || r.State != data.RunDone {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	t.Run("a run that waits for a yes is not made again on that day, and a yes lets it go", func(t *testing.T) {
		h := newHouse(t, "overdue.approve", "true")
		h.daily(due.AddDate(0, 0, -1).Add(-time.Hour))
		h.Set(morning)
		h.lent(-1)
		r, _ := h.daily(due)
		if r.State != data.RunAwaiting {
			t.Fatalf("%+v", r)
		}
		if _, ran := h.daily(due.Add(time.Hour)); ran {
			t.Fatal("nobody said anything")
		}
		if sentence, _, err := h.Waits(ctx, h.set); err != nil || sentence != "1 notice waits for your yes." {
			t.Fatal(sentence, err)
		}
		done, err := h.Notices.Now(ctx, h.set, r.ID)
		if err != nil || done.ID != r.ID || done.Queued != 1 {
			t.Fatalf("%+v %v", done, err)
		}
	})
	t.Run("put off, it is due again in a few minutes and not at once", func(t *testing.T) {
		h := newHouse(t)
		h.lent(-1)
		h.daily(due.AddDate(0, 0, -1))
		h.Set(due)
		h.PutOff()
		h.next(due.Add(5 * time.Minute))
		if _, ran := h.daily(due.Add(time.Minute)); ran {
			t.Fatal("at once")
		}
		if r, ran := h.daily(due.Add(5 * time.Minute)); !ran || r.State != data.RunDone {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	t.Run("what cannot be done is tried again in five minutes, or when the settings change", func(t *testing.T) {
		h := newHouse(t, "practice.letters", "true", "test_to", "")
		h.lent(-1)
		h.Set(due)
		if _, ran, err := h.Daily(ctx, h.set); !ran || data.CodeOf(err) != data.CodeNotConfigured {
			t.Fatal(ran, err)
		}
		if sentence, remedy, _ := h.Waits(ctx, h.set); sentence == "" || remedy == "" {
			t.Fatal("it does not say why")
		}
		h.next(due.Add(5 * time.Minute))
		if _, ran := h.daily(due.Add(time.Minute)); ran {
			t.Fatal("at once")
		}
		h.set.TestTo = "me@example.org"
		h.Again()
		if r, ran := h.daily(due.Add(time.Minute)); !ran || r.State != data.RunDone {
			t.Fatalf("%+v %v", r, ran)
		}
	})
	for promise, list := range map[string]bool{"with a list": true, "held": false} {
		t.Run("a clock that ran a year ahead does not silence the notices, "+promise, func(t *testing.T) {
			h := newHouse(t)
			h.lent(-1)
			h.Set(due.AddDate(1, 0, 0))
			if list {
				h.lent(-1)
			}
			h.daily(due.AddDate(1, 0, 0))
			h.Set(due)
			h.lent(-1)
			if r, ran := h.daily(due); !ran || r.Day != data.DateOf(due) || r.Queued != 1 {
				t.Fatalf("%+v %v", r, ran)
			}
		})
	}
}

func TestChanged(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.lent(-1)
	if changed, err := h.Changed(ctx); err != nil || changed {
		t.Fatal("nobody looked yet", err)
	}
	if _, err := h.Recheck(ctx, h.set); err != nil {
		t.Fatal(err)
	}
	if changed, err := h.Changed(ctx); err != nil || changed {
		t.Fatal("nothing changed", err)
	}
	h.lent()
	if changed, err := h.Changed(ctx); err != nil || !changed {
		t.Fatal("a book is back", err)
	}
}
