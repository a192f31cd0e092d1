package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// Attempts gives every try of one delivery, the oldest first.
func (s *Store) Attempts(ctx context.Context, delivery int64) ([]data.Attempt, error) {
	var all []data.Attempt
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, attemptsOf, delivery) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneAttempt)
		return err
	})
	return all, err
}

const attemptsOf = `SELECT number, delivery, server, host, started_at, ended_at, charged, kind, phase, code,
			enhanced, line, sentence, remedy, blame FROM attempt WHERE message = (SELECT message FROM delivery WHERE id = ?1 UNION ALL
				SELECT message FROM history WHERE id = ?1) AND delivery = ?1 ORDER BY number`

func oneAttempt(rows scanner) (data.Attempt, error) {
	var a data.Attempt
	var started, ended int64
	o := &a.Outcome
	err := rows.Scan(&a.ID, &a.Delivery, &a.Server, &a.Host, &started, &ended, &a.Charged, &o.Kind, &o.Phase, &o.Code,
		&o.Enhanced, &o.Line, &o.Sentence, &o.Remedy, &o.Blame)
	a.Started, a.Ended = moment(started), moment(ended)
	return a, err
}
