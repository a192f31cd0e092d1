package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestRuns(t *testing.T) {
	t.Run("a run is read as it was written", func(t *testing.T) {
		l := newLibrary(t)
		r, err := l.BeginRun(t.Context(), data.Run{Day: l.today, From: l.today - 2, Practice: true, Planned: 3})
		ok(t, err)
		wantEqual(t, "state", r.State, data.RunPlanned)
		wantEqual(t, "began", r.Began, l.now)
		r.State, r.Why, r.Ended, r.Queued, r.Print, r.Skipped = data.RunHeld, "The loans are 4 days old.", l.now.Add(time.Minute), 4, 5, 6
		ok(t, l.SaveRun(t.Context(), r))
		got, err := l.RunByID(t.Context(), r.ID)
		ok(t, err)
		wantEqual(t, "run", got, r)
	})
	t.Run("the newest come first", func(t *testing.T) {
		l := newLibrary(t)
		for i := range 3 {
			_, err := l.BeginRun(t.Context(), data.Run{Day: l.today + data.Date(i)})
			ok(t, err)
		}
		all, err := l.Runs(t.Context(), 2)
		ok(t, err)
		if len(all) != 2 || all[0].Day != l.today+2 || all[1].Day != l.today+1 {
			t.Errorf("got %v", all)
		}
	})
	t.Run("a run that is not kept is told apart", func(t *testing.T) {
		l := newLibrary(t)
		_, err := l.RunByID(t.Context(), 7)
		wantCode(t, err, data.CodeNotFound)
		wantCode(t, l.SaveRun(t.Context(), data.Run{ID: 7, State: data.RunDone}), data.CodeNotFound)
		wantCode(t, l.SaveDecisions(t.Context(), 7, []data.Decision{{Loan: "a"}}), data.CodeNotFound)
	})
	t.Run("what is usual is the median of finished runs with mails", func(t *testing.T) {
		l := newLibrary(t)
		usual := func(median, runs int) {
			t.Helper()
			m, n, err := l.Usual(t.Context())
			ok(t, err)
			wantEqual(t, "usual", fmt.Sprint(m, n), fmt.Sprint(median, runs))
		}
		run := func(state data.RunState, queued int) {
			t.Helper()
			r, err := l.BeginRun(t.Context(), data.Run{Day: l.today})
			ok(t, err)
			r.State, r.Queued = state, queued
			ok(t, l.SaveRun(t.Context(), r))
		}
		usual(0, 0)
		run(data.RunDone, 10)
		usual(10, 1)
		run(data.RunDone, 0)
		run(data.RunAwaiting, 1000)
		run(data.RunRefused, 1000)
		practised, err := l.BeginRun(t.Context(), data.Run{Day: l.today, Practice: true, State: data.RunDone, Queued: 50})
		ok(t, err)
		wantEqual(t, "state", practised.State, data.RunDone)
		run(data.RunDone, 21)
		usual(15, 2)
		run(data.RunDone, 500)
		usual(21, 3)
		for range 20 {
			run(data.RunDone, 3)
		}
		usual(3, 20)
	})
	t.Run("a person may ask for notices, for all or for one run", func(t *testing.T) {
		l := newLibrary(t)
		for _, run := range []int{0, 12345} {
			id, err := l.Ask(t.Context(), data.Request{Kind: data.RequestNotices, Server: run})
			ok(t, err)
			r, err := l.TakeRequest(t.Context())
			ok(t, err)
			if r == nil || r.ID != id || r.Kind != data.RequestNotices || r.Server != run {
				t.Errorf("took %v", r)
			}
		}
	})
}

func decisions(n int) []data.Decision {
	all := make([]data.Decision, n)
	for i := range all {
		all[i] = data.Decision{
			Patron: int64(i%7 + 1), Loan: fmt.Sprint("k", i), Title: "Title", Due: 20, Stage: "+1", Role: data.RolePatron, Ruling: data.RulingOff, Detail: "x",
		}
	}
	return all
}

func TestDecisions(t *testing.T) {
	start := func(t *testing.T) (*library, int64) {
		t.Helper()
		l := newLibrary(t)
		r, err := l.BeginRun(t.Context(), data.Run{Day: l.today})
		ok(t, err)
		return l, r.ID
	}
	t.Run("they come back in their order, page by page", func(t *testing.T) {
		l, run := start(t)
		want := decisions(4500)
		want[4].At = l.now.Add(-time.Hour)
		ok(t, l.SaveDecisions(t.Context(), run, want))
		var got []data.Decision
		for {
			page, err := l.Decisions(t.Context(), run, len(got), 2000)
			ok(t, err)
			if got = append(got, page...); len(page) < 2000 {
				break
			}
		}
		wantEqual(t, "decisions", len(got), len(want))
		for i := range want {
			if want[i].Run = run; want[i].At.IsZero() {
				want[i].At = l.now
			}
			if got[i] != want[i] {
				t.Fatalf("decision %d is %v, want %v", i, got[i], want[i])
			}
		}
	})
	t.Run("saved again they replace those before, and what is the same keeps its time", func(t *testing.T) {
		l, run := start(t)
		ok(t, l.SaveDecisions(t.Context(), run, decisions(10)))
		began := l.now
		l.pass(time.Hour)
		again := decisions(6)
		again[2].Message = 9
		ok(t, l.SaveDecisions(t.Context(), run, again))
		got, err := l.Decisions(t.Context(), run, 0, 100)
		ok(t, err)
		wantEqual(t, "decisions", len(got), 6)
		wantEqual(t, "message", got[2].Message, 9)
		wantEqual(t, "when", got[2].At, l.now)
		wantEqual(t, "when the others were", got[3].At, began)
		ok(t, l.SaveDecisions(t.Context(), run, nil))
		got, err = l.Decisions(t.Context(), run, 0, 100)
		ok(t, err)
		wantEqual(t, "after none were saved", len(got), 0)
	})
}
