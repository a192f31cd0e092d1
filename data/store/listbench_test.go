package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// What the window asks of a queue of SMTP_GATEWAY_BENCH_QUEUED messages (1000000 takes minutes to fill; with
// SMTP_GATEWAY_BENCH_DIR it is kept there for the next run): a page each time, in every way a person can move. Nine in
// ten are sent; of the rest some wait, failed, are held or cancelled. Beside the mean the slowest of each is reported.
func BenchmarkWindow(b *testing.B) {
	n := 100_000
	if given, err := strconv.Atoi(os.Getenv("SMTP_GATEWAY_BENCH_QUEUED")); err == nil {
		n = given
	}
	s := windowStore(b, n)
	ctx := b.Context()
	middle := int64(n) / 2
	entry, err := s.Entry(ctx, middle)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		q    data.ListQuery
	}{
		{"first page", data.ListQuery{}},
		{"middle, older", data.ListQuery{Before: middle}},
		{"middle, newer", data.ListQuery{After: middle}},
		{"middle, again", data.ListQuery{After: middle, Before: middle + 501, Limit: 500}},
		{"date", data.ListQuery{QueuedBy: entry.Letter.Queued}},
		{"date, failed", data.ListQuery{QueuedBy: entry.Letter.Queued, States: []data.State{data.Failed}}},
		{"waiting", data.ListQuery{States: []data.State{data.Waiting}}},
		{"sending", data.ListQuery{States: []data.State{data.Sending}}},
		{"failed", data.ListQuery{States: []data.State{data.Failed}}},
		{"failed, middle", data.ListQuery{States: []data.State{data.Failed}, Before: middle}},
		{"held", data.ListQuery{States: []data.State{data.Held}}},
		{"sent", data.ListQuery{States: []data.State{data.Sent}}},
		{"sent, middle, newer", data.ListQuery{States: []data.State{data.Sent}, After: middle}},
		{"cancelled", data.ListQuery{States: []data.State{data.Cancelled}}},
		{"search one", data.ListQuery{Search: "reader" + strconv.FormatInt(middle, 10) + "@school"}},
		{"search some", data.ListQuery{Search: "books " + strconv.FormatInt(middle/100, 10)}},
		{"search all", data.ListQuery{Search: "school.org"}},
		{"search all, middle", data.ListQuery{Search: "school.org", Before: middle}},
		{"search all, failed", data.ListQuery{Search: "school.org", States: []data.State{data.Failed}}},
		{"search all, waiting", data.ListQuery{Search: "school.org", States: []data.State{data.Waiting}}},
		{"search one, sent", data.ListQuery{Search: "reader" + strconv.FormatInt(middle, 10) + "@school", States: []data.State{data.Sent}}},
		{"search one, waiting", data.ListQuery{Search: "reader" + strconv.FormatInt(middle, 10) + "@school", States: []data.State{data.Waiting}}},
		{"search all, date", data.ListQuery{Search: "school.org", QueuedBy: entry.Letter.Queued}},
		{"search three letters", data.ListQuery{Search: "ver"}},
		{"search nothing", data.ListQuery{Search: "nowhere"}},
		{"search nothing of known letters", data.ListQuery{Search: "books reader"}},
		{"search nothing, failed", data.ListQuery{Search: "nowhere", States: []data.State{data.Failed}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			if c.q.Limit == 0 {
				c.q.Limit = 100
			}
			took := make([]time.Duration, 0, b.N)
			rows := 0
			for range b.N {
				begin := time.Now()
				page, err := s.List(ctx, c.q)
				if err != nil {
					b.Fatal(err)
				}
				took, rows = append(took, time.Since(begin)), len(page)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms/p95")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/max")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

func windowStore(b *testing.B, n int) *store.Store {
	b.Helper()
	dir := os.Getenv("SMTP_GATEWAY_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := store.Create(b.Context(), filepath.Join(dir, "gateway.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if c, err := s.Counts(b.Context()); err != nil || c[data.Sent] > 0 {
		return s
	}
	if _, err := s.Accept(b.Context(), benchMessage(bodyOf(100))(0)); err != nil {
		b.Fatal(err)
	}
	if err := s.FillFast(b.Context(), n-1); err != nil {
		b.Fatal(err)
	}
	// What ended lies among what is live, as in a school where every day some of it is left over.
	for at := 0; at < n; at += 20_000 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for _, query := range []string{
				`INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms, tried_at, uncertain, bound, reason,
					remedy, code, enhanced, line, changed_at, server, settled)
				SELECT id, message, class, practice, recipient, CASE id % 100 WHEN 7 THEN 'failed' WHEN 8 THEN 'cancelled' ELSE 'sent' END, 1, 0,
					due_at, 0, 0, 'The server took it.', '', 250, '2.0.0', '2.0.0 Ok: queued as 4F1A2B3C', due_at + 60000, 1, 1
				FROM delivery WHERE id > ?1 AND id <= ?2 AND id % 10 <> 3`,
				`DELETE FROM delivery WHERE id > ?1 AND id <= ?2 AND id % 10 <> 3`,
				`UPDATE delivery SET state = 'held', reason = 'Held by a person.' WHERE id > ?1 AND id <= ?2 AND id % 1000 = 13`,
			} {
				if _, err := tx.ExecContext(context.Background(), query, at, at+20_000); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}
