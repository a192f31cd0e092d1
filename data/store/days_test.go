package store_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zones here:", err)
	}
	// Sunday 25 October 2026: the clocks go back, the day has 25 hours.
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.October, day, hour, minute, 0, 0, zone)
	}
	s := made(t)
	post(t, s,
		letter{state: data.Sent, changed: at(24, 23, 59)},
		letter{state: data.Sent, changed: at(25, 0, 0)},
		letter{state: data.Sent, changed: at(25, 23, 59)},
		letter{state: data.Failed, changed: at(25, 12, 0), class: data.ClassLetter},
		letter{state: data.Sent, changed: at(25, 7, 0), class: data.ClassLog},
		letter{state: data.Failed, changed: at(25, 7, 0), class: data.ClassLog},
		letter{state: data.Cancelled, changed: at(25, 12, 0)},
		letter{state: data.Waiting, changed: at(25, 12, 0)},
		letter{state: data.Failed, changed: at(26, 0, 0)},
	)
	days, err := s.Days(t.Context(), at(24, 15, 0), 4)
	ok(t, err)

	t.Run("each ended delivery counts on the day it ended where I am", func(t *testing.T) {
		want := []data.DayCount{{Day: at(24, 0, 0), Sent: 1}, {Day: at(25, 0, 0), Sent: 2, Failed: 1}, {Day: at(26, 0, 0), Failed: 1}, {Day: at(27, 0, 0)}}
		for i, w := range want {
			if i >= len(days) || !days[i].Day.Equal(w.Day) || days[i].Sent != w.Sent || days[i].Failed != w.Failed {
				t.Fatalf("days are %+v", days)
			}
		}
		wantEqual(t, "days", len(days), 4)
	})
	t.Run("a day is found by its time and not by looking through everything", func(t *testing.T) {
		plan, err := s.Plan(t.Context(), store.DayEnded)
		ok(t, err)
		if !strings.Contains(plan, "SEARCH history USING INDEX history_changed (changed_at>? AND changed_at<?)") ||
			strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP") {
			t.Error(plan)
		}
	})
	t.Run("no days is no question", func(t *testing.T) {
		none, err := s.Days(t.Context(), at(24, 0, 0), 0)
		ok(t, err)
		wantEqual(t, "days", len(none), 0)
	})
}

// BenchmarkDays asks for thirty days with half a million ended deliveries in them, and for the last of them.
func BenchmarkDays(b *testing.B) {
	s := benchStore(b)
	from := time.Date(2026, time.October, 25, 0, 0, 0, 0, time.UTC)
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		if _, err := postOne(b.Context(), tx, letter{state: data.Sent, changed: from, octets: 1}); err != nil {
			return err
		}
		_, err := tx.ExecContext(b.Context(), `WITH RECURSIVE generate (value) AS (SELECT 2 UNION ALL SELECT value + 1 FROM generate WHERE value < 500000)
			INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms, tried_at,
			uncertain, reason, remedy, code, enhanced, line, changed_at, settled) SELECT value, message, class, 0, 'reader' || value || '@school.test', state, 1, 0, 0, 0,
			'The server took it.', '', 250, '2.0.0', '250 2.0.0 Ok: queued as 4F1B2C', changed_at + value * 5184, 1 FROM history, generate WHERE id = 1`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, days := range map[string]int{"30 days": 30, "1 day": 1} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Days(b.Context(), from, days); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
