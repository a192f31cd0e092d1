package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"smtpgateway/data"
)

const runColumns = `id, day, from_day, began_at, ended_at, state, why, practice, planned, queued, print, skipped, unwritten`

// BeginRun writes a new run of automatic notices and gives it back with its number. Began is set when it is zero, an empty
// state is RunPlanned.
func (s *Store) BeginRun(ctx context.Context, r data.Run) (data.Run, error) {
	if r.Began.IsZero() {
		r.Began = s.now()
	}
	if r.State == "" {
		r.State = data.RunPlanned
	}
	r.Began = moment(millis(r.Began))
	err := s.update(ctx, func(tx *work) error {
		return s.row(tx, `INSERT INTO run (day, from_day, began_at, ended_at, state, why, practice, planned, queued, print, skipped, unwritten)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, runValues(&r)...).Scan(&r.ID)
	})
	return r, err
}

func runValues(r *data.Run) []any {
	return []any{
		int64(r.Day), int64(r.From), millis(r.Began), millis(r.Ended), string(r.State), r.Why, r.Practice,
		r.Planned, r.Queued, r.Print, r.Skipped, r.Unwritten,
	}
}

// SaveRun writes how far a run is. CodeNotFound: it is no longer kept.
func (s *Store) SaveRun(ctx context.Context, r data.Run) error {
	return s.update(ctx, func(tx *work) error {
		n, err := changed(s.exec(tx, `UPDATE run SET day = ?, from_day = ?, began_at = ?, ended_at = ?, state = ?, why = ?,
			practice = ?, planned = ?, queued = ?, print = ?, skipped = ?, unwritten = ? WHERE id = ?`, append(runValues(&r), r.ID)...))
		if err == nil && n == 0 {
			err = noRun(r.ID)
		}
		return err
	})
}

// Runs gives the last runs, newest first.
func (s *Store) Runs(ctx context.Context, limit int) ([]data.Run, error) {
	var all []data.Run
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+runColumns+` FROM run ORDER BY id DESC LIMIT ?`, min(max(limit, 1), 1000)) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneRun)
		return err
	})
	return all, err
}

// RunByID reads one run; CodeNotFound: it is no longer kept.
func (s *Store) RunByID(ctx context.Context, id int64) (data.Run, error) {
	r, err := oneRun(s.r.QueryRowContext(ctx, `SELECT `+runColumns+` FROM run WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, noRun(id)
	}
	return r, mapError(err)
}

// Usual is the median of the mails of the last 20 finished runs that had any, and how many such runs there are: what a
// flood is held against. Practice does not count: it sends only some of its mails.
func (s *Store) Usual(ctx context.Context) (median, runs int, err error) {
	var queued []int
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT queued FROM run WHERE state = 'done' AND practice = 0 AND queued > 0 ORDER BY id DESC LIMIT 20`) //nolint:rowserrcheck // collect looks at it
		queued, err = collect(rows, err, func(rows scanner) (n int, err error) {
			err = rows.Scan(&n)
			return n, err
		})
		return err
	})
	if err != nil || len(queued) == 0 {
		return 0, 0, err
	}
	slices.Sort(queued)
	middle := len(queued) / 2
	median = queued[middle]
	if len(queued)%2 == 0 {
		median = (queued[middle-1] + median) / 2
	}
	return median, len(queued), nil
}

func oneRun(rows scanner) (data.Run, error) {
	var r data.Run
	var began, ended int64
	err := rows.Scan(&r.ID, &r.Day, &r.From, &began, &ended, &r.State, &r.Why, &r.Practice, &r.Planned, &r.Queued, &r.Print, &r.Skipped, &r.Unwritten)
	r.Began, r.Ended = moment(began), moment(ended)
	return r, err
}

func noRun(id int64) error {
	return &data.Error{
		Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no run number %d of automatic notices any more.", id),
		Next: "Look at the list of runs again.",
	}
}
