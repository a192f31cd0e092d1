package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func TestDayOfTheLibrary(t *testing.T) {
	t.Run("letters and notices that were sent, and what waits for a yes, are counted", func(t *testing.T) {
		l := newLibrary(t)
		l.patron(1)
		for _, k := range []string{"a", "b", "c", "d"} {
			l.loan(k, 1, l.today)
		}
		rehearsed := notice(1, l.today, "b")
		rehearsed.Message.Practice = true
		l.post(notice(1, l.today, "a"), rehearsed, letterTo(1, "c"))
		l.accept()
		for range 4 {
			l.record(l.claim(), data.Sent, data.KindSent)
		}
		l.post(notice(1, l.today, "d"))
		for _, r := range []data.Run{{Day: l.today - 1, State: data.RunAwaiting, Planned: 37}, {Day: l.today, State: data.RunDone, Planned: 5}} {
			_, err := l.BeginRun(t.Context(), r)
			ok(t, err)
		}
		ok(t, l.SaveClosed(t.Context(), data.Closed{First: l.today, Last: l.today + 3, Name: "Holidays"}))
		d, err := l.Day(t.Context(), l.now.Add(-time.Hour), l.now.Add(time.Hour))
		ok(t, err)
		wantEqual(t, "sent", d.Sent, 4)
		wantEqual(t, "letters", d.Letters, 1)
		wantEqual(t, "notices", d.Notices, 2)
		wantEqual(t, "practice", d.Practice, 1)
		wantEqual(t, "awaiting", d.Awaiting, 37)
		wantEqual(t, "closed", len(d.Closed), 1)
		wantEqual(t, "no list of loans", d.Loans.IsZero(), true)
	})
	t.Run("the list of loans is as old as the last one that stands", func(t *testing.T) {
		l, all, _ := lent(t)
		made := l.now
		l.pass(24 * time.Hour)
		l.lend(loanOf(&all[0], "b9", "Rasmus", november))
		_, err := l.UndoImport(t.Context(), data.RosterLoans)
		ok(t, err)
		d, err := l.Day(t.Context(), l.now.Add(-time.Hour), l.now)
		ok(t, err)
		wantEqual(t, "made", d.Loans.Equal(made), true)
	})
}
