package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestTimeline(t *testing.T) {
	start := func(t *testing.T) *library {
		t.Helper()
		l := newLibrary(t)
		l.patron(1)
		l.patron(2)
		return l
	}
	event := func(l *library, patron int, kind, text string) {
		l.exec(`INSERT INTO patron_event (patron, at, kind, text) VALUES (?, ?, ?, ?)`, patron, l.now.UnixMilli(), kind, text)
	}
	read := func(l *library, patron int64, limit int) []string {
		t.Helper()
		lines, err := l.Timeline(l.t.Context(), patron, limit)
		ok(l.t, err)
		var all []string
		for _, line := range lines {
			what := line.Text
			switch {
			case line.Decision != nil:
				what = string(line.Decision.Ruling)
			case line.Entry != nil:
				what = string(line.Entry.State) + ": " + line.Text
			}
			all = append(all, line.Kind+" "+what)
		}
		return all
	}
	t.Run("decisions, mails as they stand and events, newest first, of this patron only", func(t *testing.T) {
		l := start(t)
		event(l, 1, "import", "New in the list.")
		event(l, 2, "import", "Somebody else.")
		l.pass(time.Hour)
		run, err := l.BeginRun(t.Context(), data.Run{Day: l.today})
		ok(t, err)
		all := decisions(2) // of patrons 1 and 2
		ok(t, l.SaveDecisions(t.Context(), run.ID, all))
		l.pass(time.Hour)
		l.post(letterTo(1), letterTo(2))
		l.record(l.claim(), data.Failed, data.KindPermanent)
		l.pass(time.Hour)
		l.post(letterTo(1))
		got := read(l, 1, 100)
		want := []string{"mail waiting: ", "mail failed: The server said permanent.", "notice off", "import New in the list."}
		wantEqual(t, "timeline", strings.Join(got, "\n"), strings.Join(want, "\n"))
	})
	t.Run("a mail that waits without a word says what its last try said", func(t *testing.T) {
		l := start(t)
		id := l.post(letterTo(1))[0]
		l.record(l.claim(), data.Waiting, data.KindTemporary)
		l.exec(`UPDATE delivery SET reason = '' WHERE message = ?`, id)
		wantEqual(t, "timeline", fmt.Sprint(read(l, 1, 10)), "[mail waiting: The server said temporary.]")
	})
	t.Run("it is cut at its limit", func(t *testing.T) {
		l := start(t)
		for i := range 700 {
			l.exec(`INSERT INTO patron_event (patron, at, kind, text) VALUES (1, ?, 'person', ?)`, i, fmt.Sprint(i))
		}
		got := read(l, 1, 3)
		wantEqual(t, "newest", strings.Join(got, " "), "person 699 person 698 person 697")
		wantEqual(t, "at most", len(read(l, 1, 10_000)), 500)
	})
}
