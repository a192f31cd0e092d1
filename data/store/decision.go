package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// decisionColumns are those oneDecision reads.
const decisionColumns = `run, at, patron, loan, title, due, stage, role, ruling, detail, message`

// SaveDecisions adds to what a run decided. They are kept in the order given; At is set where it is zero. Many of them are
// written in slices, so that others get their turn: a program that dies in between has written the first ones.
func (s *Store) SaveDecisions(ctx context.Context, run int64, all []data.Decision) error {
	for len(all) > 0 {
		some := all[:min(2*slice, len(all))]
		all = all[len(some):]
		if err := s.update(ctx, func(tx *work) error { return s.insertDecisions(tx, run, some) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) insertDecisions(tx *work, run int64, all []data.Decision) error {
	var seq int64
	if err := s.row(tx, `SELECT coalesce(max(seq), 0) FROM decision WHERE run = ?`, run).Scan(&seq); err != nil {
		return err
	}
	now := millis(s.now())
	for i := range all {
		d := &all[i]
		at := now
		if !d.At.IsZero() {
			at = millis(d.At)
		}
		seq++
		_, err := s.exec(tx, `INSERT INTO decision (run, seq, at, patron, loan, title, due, stage, role, ruling, detail, message)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, run, seq, at, d.Patron, d.Loan, d.Title, int64(d.Due), d.Stage,
			string(d.Role), string(d.Ruling), d.Detail, d.Message)
		if err != nil {
			return err
		}
	}
	return nil
}

// Decisions gives what a run decided in the order it was saved, beyond the first after of them and at most limit, 1 .. 5000.
func (s *Store) Decisions(ctx context.Context, run int64, after, limit int) ([]data.Decision, error) {
	var all []data.Decision
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, decisionsOf, run, after, min(max(limit, 1), 5000)) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneDecision)
		return err
	})
	return all, err
}

const decisionsOf = `SELECT ` + decisionColumns + ` FROM decision WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`

func oneDecision(rows scanner) (data.Decision, error) {
	var d data.Decision
	var at int64
	err := rows.Scan(&d.Run, &at, &d.Patron, &d.Loan, &d.Title, &d.Due, &d.Stage, &d.Role, &d.Ruling, &d.Detail, &d.Message)
	d.At = moment(at)
	return d, err
}
