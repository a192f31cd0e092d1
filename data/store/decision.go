package store

import (
	"context"
	"database/sql"
	"errors"

	"smtpgateway/data"
)

// decisionColumns are those oneDecision reads.
const decisionColumns = `run, at, patron, loan, title, due, stage, role, ruling, detail, message`

// SaveDecisions writes what a run decided, as a whole and in this order; what was saved of the run before is replaced. At
// is set where it is zero. Many of them are written in slices, so that others get their turn: a program that dies in
// between has written the first ones. CodeNotFound: the run is no longer kept.
func (s *Store) SaveDecisions(ctx context.Context, run int64, all []data.Decision) error {
	for first := 0; ; {
		some := all[first:min(first+2*slice, len(all))]
		err := s.update(ctx, func(tx *work) error { return s.putDecisions(tx, run, first, some, first+len(some) == len(all)) })
		if first += len(some); err != nil || first == len(all) {
			return err
		}
	}
}

// putDecisions writes those that come after the first so many; a row that is the same already is left alone.
func (s *Store) putDecisions(tx *work, run int64, first int, some []data.Decision, end bool) error {
	var one int
	switch err := s.row(tx, `SELECT 1 FROM run WHERE id = ?`, run).Scan(&one); {
	case errors.Is(err, sql.ErrNoRows):
		return noRun(run)
	case err != nil:
		return err
	}
	now := millis(s.now())
	for i := range some {
		d := &some[i]
		at := now
		if !d.At.IsZero() {
			at = millis(d.At)
		}
		_, err := s.exec(tx, `INSERT INTO decision (run, seq, at, patron, loan, title, due, stage, role, ruling, detail, message)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
			ON CONFLICT DO UPDATE SET at = ?3, patron = ?4, loan = ?5, title = ?6, due = ?7, stage = ?8, role = ?9, ruling = ?10,
				detail = ?11, message = ?12
			WHERE (patron, loan, title, due, stage, role, ruling, detail, message) <> (?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
			run, first+i+1, at, d.Patron, d.Loan, d.Title, int64(d.Due), d.Stage, string(d.Role), string(d.Ruling), d.Detail, d.Message)
		if err != nil {
			return err
		}
	}
	if !end {
		return nil
	}
	_, err := s.exec(tx, `DELETE FROM decision WHERE run = ? AND seq > ?`, run, first+len(some))
	return err
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
