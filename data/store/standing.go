package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// Standing is where one delivery stands: what has to be known of very many of them before a person is asked.
type Standing struct {
	ID, Message int64
	State       data.State
	Uncertain   bool // it may have arrived already
}

// Standings tells where deliveries stand, in the order asked for; those forgotten meanwhile are left out.
func (s *Store) Standings(ctx context.Context, deliveries []int64) ([]Standing, error) {
	var all []Standing
	for len(deliveries) > 0 {
		some := deliveries[:min(slice, len(deliveries))]
		deliveries = deliveries[len(some):]
		err := s.view(ctx, func(tx *sql.Tx) error {
			st, err := tx.PrepareContext(ctx, `SELECT id, message, state, uncertain > 0 FROM delivery WHERE id = ?1
				UNION ALL SELECT id, message, state, uncertain > 0 FROM history WHERE id = ?1`)
			if err != nil {
				return err
			}
			defer func() { _ = st.Close() }()
			for _, id := range some {
				rows, err := st.QueryContext(ctx, id) //nolint:rowserrcheck // collect looks at it
				found, err := collect(rows, err, oneStanding)
				if err != nil {
					return err
				}
				all = append(all, found...)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// StandingIn is a page of deliveries in one state, newest first, with numbers smaller than before (0: from the newest).
// It is quicker than List where only the numbers are wanted: for doing one thing to all of them.
func (s *Store) StandingIn(ctx context.Context, state data.State, before int64, limit int) ([]Standing, error) {
	if before <= 0 {
		before = always
	}
	//nolint:gosec // one of two names
	query := `SELECT id, message, state, uncertain > 0 FROM ` + table(state) + ` WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?`
	var all []Standing
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, string(state), before, limit) //nolint:rowserrcheck // collect looks
		all, err = collect(rows, err, oneStanding)
		return err
	})
	return all, err
}

func oneStanding(rows scanner) (s Standing, err error) {
	err = rows.Scan(&s.ID, &s.Message, &s.State, &s.Uncertain)
	return s, err
}
