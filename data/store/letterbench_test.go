package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// benchLetters are notices as they leave the composer, of 6 KB, about three loans each.
func benchLetters(first, n int) []data.Letter {
	body := strings.Repeat("0123456789abcde\r\n", 350)
	letters := make([]data.Letter, n)
	for i := range letters {
		k := first + i
		letters[i] = notice(k, 20_000, fmt.Sprint("a", k), fmt.Sprint("b", k), fmt.Sprint("c", k))
		letters[i].Message.Subject = "From your library"
		letters[i].Message.To = fmt.Sprintf("Reader %d", k)
		letters[i].Message.Body = strings.NewReader(body)
	}
	return letters
}

func benchQueue(b *testing.B, s *store.Store, first, n, call int) {
	b.Helper()
	for done := 0; done < n; done += call {
		letters := benchLetters(first+done, min(call, n-done))
		if _, err := s.QueueLetters(b.Context(), letters); err != nil {
			b.Fatal(err)
		}
	}
}

// One letter through QueueLetters, with three notices, 100 a call.
func BenchmarkQueueLetters(b *testing.B) {
	s := benchStore(b)
	b.ResetTimer()
	benchQueue(b, s, 0, b.N, 100)
}

// The whole of a large run into the queue.
func BenchmarkQueueTenThousand(b *testing.B) {
	for range b.N {
		benchQueue(b, benchStore(b), 0, 10_000, 100)
	}
}

func benchPeople(b *testing.B, s *store.Store, n int) {
	b.Helper()
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		for _, query := range []string{
			`INSERT INTO patron (id, key, folded, sort, email, auto_overdue, changed_at) SELECT i + 1, 'P' || i, 'p' || i, i, 'reader' || i || '@school.org', 1, 1 FROM n`,
			`INSERT INTO loan (patron, key, due) SELECT i + 1, k || i, 20000 FROM n, (SELECT 'a' AS k UNION ALL SELECT 'b' UNION ALL SELECT 'c')`,
			`UPDATE letter SET patron = patron + 1`,
		} {
			if strings.Contains(query, "FROM n") {
				query = fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, n-1) + query
			}
			if _, err := tx.Exec(query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// A look at the waiting letters: with nothing new, after a change with 100,000 other messages waiting, and after a change
// with 10,000 letters waiting of which none or a tenth no longer fit.
func BenchmarkStaleLetters(b *testing.B) {
	look := func(b *testing.B, s *store.Store, before string, want int) {
		b.Helper()
		for range b.N {
			if before != "" {
				b.StopTimer()
				if err := s.Update(b.Context(), func(tx *store.Tx) error { _, err := tx.Exec(before); return err }); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			all, err := s.StaleLetters(b.Context(), 20_001)
			if err != nil || len(all) != want {
				b.Fatal(len(all), err)
			}
		}
	}
	const raise = `UPDATE library SET revision = revision + 1`
	b.Run("100000 other messages", func(b *testing.B) {
		s := queueOf(b, 100_000, 100)
		b.Run("nothing new", func(b *testing.B) { look(b, s, "", 0) })
		b.Run("after a change", func(b *testing.B) { look(b, s, raise, 0) })
	})
	b.Run("10000 letters", func(b *testing.B) {
		s := benchStore(b)
		benchQueue(b, s, 0, 10_000, 200)
		benchPeople(b, s, 10_000)
		b.Run("nothing new", func(b *testing.B) { look(b, s, "", 0) })
		b.Run("after a change", func(b *testing.B) { look(b, s, raise, 0) })
		if err := s.Update(b.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE loan SET returned_at = 1 WHERE key LIKE 'a%5'`)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		b.Run("a tenth stale", func(b *testing.B) { look(b, s, raise, 1000) })
	})
}

// What a run of 50,000 decisions costs: written, written again with the messages, read; patrons in the order of their
// numbers, and in none.
func BenchmarkDecisions(b *testing.B) {
	const n = 50_000
	for name, step := range map[string]int{"ordered": 1, "mixed": 7919} {
		b.Run(name, func(b *testing.B) {
			s := benchStore(b)
			all := decisions(n)
			for i := range all {
				all[i].Patron = int64(i * step % n)
			}
			var took [3]time.Duration
			for range b.N {
				r, err := s.BeginRun(b.Context(), data.Run{Day: 1})
				if err != nil {
					b.Fatal(err)
				}
				for part, do := range []func() error{
					func() error { return s.SaveDecisions(b.Context(), r.ID, all) },
					func() error { return s.SaveDecisions(b.Context(), r.ID, all) },
					func() (err error) {
						for i := 0; i < n && err == nil; i += 500 {
							_, err = s.Decisions(b.Context(), r.ID, i, 500)
						}
						return err
					},
				} {
					begin := time.Now()
					if err := do(); err != nil {
						b.Fatal(err)
					}
					took[part] += time.Since(begin)
				}
			}
			for part, what := range []string{"ms/write", "ms/again", "ms/read"} {
				b.ReportMetric(float64(took[part].Milliseconds())/float64(b.N), what)
			}
		})
	}
}

// The ledger of a year: 50,000 rows.
func BenchmarkLedger(b *testing.B) {
	s := benchStore(b)
	keys := make([]data.NoticeKey, 50_000)
	for i := range keys {
		keys[i] = data.NoticeKey{Loan: fmt.Sprint("p", i%9000, "\x1f", i), Due: data.Date(20_000 + i%365), Stage: "+1", Role: data.RolePatron}
	}
	if err := s.EnterLedger(b.Context(), keys, 0); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		if all, err := s.Ledger(b.Context(), 0, 0); err != nil || len(all) != len(keys) {
			b.Fatal(len(all), err)
		}
	}
}

// A patron with a full history.
func BenchmarkTimeline(b *testing.B) {
	s := benchStore(b)
	benchQueue(b, s, 0, 2000, 200)
	r, err := s.BeginRun(b.Context(), data.Run{Day: 1})
	if err != nil {
		b.Fatal(err)
	}
	all := decisions(7000)
	if err := s.SaveDecisions(b.Context(), r.ID, all); err != nil {
		b.Fatal(err)
	}
	if err := s.Update(b.Context(), func(tx *store.Tx) error { _, err := tx.Exec(`UPDATE letter SET patron = 1`); return err }); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		if lines, err := s.Timeline(b.Context(), 1, 100); err != nil || len(lines) != 100 {
			b.Fatal(len(lines), err)
		}
	}
}
