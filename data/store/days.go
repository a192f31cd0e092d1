package store

import (
	"context"
	"database/sql"
	"time"

	"smtpgateway/data"
)

// dayEnded counts what ended between two times. It reads their part of history_changed, and of the rows themselves only
// the class: with the log mails, a day on which nothing else went would look like one with work. Left to itself SQLite
// reads everything that was ever sent, by its state.
const dayEnded = `SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'failed') FROM history INDEXED BY history_changed
	WHERE changed_at >= ? AND changed_at < ? AND state IN ('sent', 'failed') AND class <> ?`

// Days counts what was sent and what failed on each calendar day, log mails left out: so many days, the first being the
// day of from where from's clock hangs. A day on which the clocks are changed has 23 or 25 hours.
func (s *Store) Days(ctx context.Context, from time.Time, days int) ([]data.DayCount, error) {
	counts := make([]data.DayCount, 0, max(days, 0))
	for i := range days {
		c := data.DayCount{Day: data.Midnight(from, i)}
		// Each day has a snapshot of its own: one over all of them would keep the log of writes from being folded in.
		err := s.view(ctx, func(tx *sql.Tx) error {
			return tx.QueryRowContext(ctx, dayEnded, millis(c.Day), millis(data.Midnight(from, i+1)), int(data.ClassLog)).Scan(&c.Sent, &c.Failed)
		})
		if err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, nil
}
