package store

import (
	"context"
	"database/sql"
	"time"

	"smtpgateway/data"
)

// Used is how many recipients were handed to a server since then, in whole minutes: what its cap in a sliding window
// is held against. Recipients under way count.
func (s *Store) Used(ctx context.Context, server int, since time.Time) (int64, error) {
	var n int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(sum(recipients), 0) FROM usage WHERE server = ? AND minute >= ?`,
			server, minute(millis(since))).Scan(&n)
	})
	return n, err
}

// minute is the row of usage that a time in milliseconds falls in.
func minute(ms int64) int64 { return ms / time.Minute.Milliseconds() }

// spend counts a claim against the cap of its server and the budget of the interval. It does so before anyone is
// dialled, so that no crash grants more.
func (s *Store) spend(tx *work, w *data.Want, recipients int) error {
	_, err := s.exec(tx, `INSERT INTO usage (server, minute, recipients) VALUES (?, ?, ?)
		ON CONFLICT (server, minute) DO UPDATE SET recipients = recipients + excluded.recipients`,
		w.Server, minute(millis(w.Now)), recipients)
	if err != nil || !w.Counted {
		return err
	}
	_, err = s.exec(tx, `UPDATE service SET pace_used = pace_used + 1`)
	return err
}

// refund takes back what a claim was counted for and the server never got: recipients that were refused or not
// offered, and the message when it was not handed over. An interval that began after the claim owes it nothing.
func (s *Store) refund(tx *work, r *data.Result, recipients int) error {
	if recipients > 0 {
		_, err := s.exec(tx, `UPDATE usage SET recipients = max(0, recipients - ?) WHERE server = ? AND minute = ?`,
			recipients, r.Claim.Server, minute(millis(r.Claim.Started)))
		if err != nil {
			return err
		}
	}
	if !r.Claim.Counted || r.Handed {
		return nil
	}
	_, err := s.exec(tx, `UPDATE service SET pace_used = max(0, pace_used - 1) WHERE pace_at <= ?`, millis(r.Claim.Started))
	return err
}
