package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// Counts is how many deliveries stand in each state; every state is in it.
func (s *Store) Counts(ctx context.Context) (data.Counts, error) {
	counts := data.Counts{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		for _, state := range data.States() {
			var n int64
			// An equality on the leading column of an index: counted in the index alone.
			err := tx.QueryRowContext(ctx, `SELECT count(*) FROM `+table(state)+` WHERE state = ?`, string(state)).Scan(&n)
			if err != nil {
				return err
			}
			counts[state] = n
		}
		return nil
	})
	return counts, err
}
