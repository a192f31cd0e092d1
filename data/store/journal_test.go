package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestJournal(t *testing.T) {
	s := made(t)
	for i := 1; i <= 10; i++ {
		ok(t, s.Note(t.Context(), data.JournalLine{
			At: noon.Add(time.Duration(i) * time.Second), Kind: data.JournalIntake, Event: 100 + i, Message: int64(i), Text: fmt.Sprint("line ", i),
		}))
	}
	for _, c := range []struct {
		promise       string
		before, after int64
		limit         int
		want          []int64
	}{
		{"the newest come first", 0, 0, 3, []int64{10, 9, 8}},
		{"the next page goes on where the first ended", 8, 0, 3, []int64{7, 6, 5}},
		{"who follows gets the nearest, so that none is missed", 0, 2, 3, []int64{5, 4, 3}},
		{"who has seen all gets none", 0, 10, 3, nil},
		{"between two", 9, 5, 10, []int64{8, 7, 6}},
		{"a page is never without a bound", 0, 0, 0, []int64{10}},
	} {
		t.Run(c.promise, func(t *testing.T) {
			lines, err := s.Journal(t.Context(), c.before, c.after, c.limit)
			ok(t, err)
			var got []int64
			for _, l := range lines {
				got = append(got, l.ID)
			}
			wantEqual(t, "lines", fmt.Sprint(got), fmt.Sprint(c.want))
		})
	}
	t.Run("a line comes back as it was noted", func(t *testing.T) {
		lines, err := s.Journal(t.Context(), 0, 0, 1)
		ok(t, err)
		wantEqual(t, "line", lines[0], data.JournalLine{
			ID: 10, At: noon.Add(10 * time.Second), Kind: data.JournalIntake, Event: 110, Message: 10, Text: "line 10",
		})
	})
	t.Run("a line without a time happened now", func(t *testing.T) {
		ok(t, s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: "now"}))
		ok(t, s.Note(t.Context()))
		lines, err := s.Journal(t.Context(), 0, 0, 1)
		ok(t, err)
		wantEqual(t, "time", lines[0].At, noon)
	})
}
