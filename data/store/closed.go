package store

import (
	"context"
	"database/sql"
	"fmt"

	"smtpgateway/data"
)

// ClosedDays gives all spans of days on which the library is closed, earliest first.
func (s *Store) ClosedDays(ctx context.Context) ([]data.Closed, error) {
	var all []data.Closed
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		all, err = closedDays(ctx, tx)
		return err
	})
	return all, err
}

func closedDays(ctx context.Context, tx *sql.Tx) ([]data.Closed, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, first, last, name, source FROM closed ORDER BY first, id`) //nolint:rowserrcheck // collect looks at it
	return collect(rows, err, func(rows scanner) (c data.Closed, err error) {
		err = rows.Scan(&c.ID, &c.First, &c.Last, &c.Name, &c.Source)
		return c, err
	})
}

// longestClosed is how many days a person may enter at once.
const longestClosed = 366

// SaveClosed writes one span; ID 0: a new one. Errors: CodeUsage no day, the last before the first, or more than a year; CodeNotFound it was
// deleted meanwhile.
func (s *Store) SaveClosed(ctx context.Context, c data.Closed) error {
	if err := checkClosed(&c); err != nil {
		return err
	}
	if c.Last-c.First >= longestClosed { // a year mistyped would silence notices for as long
		return &data.Error{
			Code: data.CodeUsage, Sentence: fmt.Sprintf("%s to %s is more than a year.", c.First, c.Last), Next: "Look at the years; enter a longer time in parts.",
		}
	}
	return s.update(ctx, func(tx *work) error {
		if c.ID == 0 {
			return s.insertClosed(tx, &c)
		}
		n, err := changed(s.exec(tx, `UPDATE closed SET first = ?, last = ?, name = ?, source = ? WHERE id = ?`,
			int64(c.First), int64(c.Last), c.Name, c.Source, c.ID))
		if err == nil && n == 0 {
			err = &data.Error{Code: data.CodeNotFound, Sentence: "These closed days were deleted meanwhile.", Next: "Enter them anew."}
		}
		return err
	})
}

// DeleteClosed removes one span; that it is gone already is no error.
func (s *Store) DeleteClosed(ctx context.Context, id int64) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `DELETE FROM closed WHERE id = ?`, id)
		return err
	})
}

// ReplaceClosed puts all spans of a calendar file in the place of those that came from a file of this name before; what was
// entered by hand stays. CodeUsage: no name, or a span that is none; nothing is changed then.
func (s *Store) ReplaceClosed(ctx context.Context, source string, all []data.Closed) error {
	if source == "" {
		return &data.Error{Code: data.CodeUsage, Sentence: "The calendar has no name."}
	}
	for i := range all {
		if err := checkClosed(&all[i]); err != nil {
			return err
		}
	}
	return s.update(ctx, func(tx *work) error {
		if _, err := s.exec(tx, `DELETE FROM closed WHERE source = ?`, source); err != nil {
			return err
		}
		for _, c := range all {
			c.Source = source
			if err := s.insertClosed(tx, &c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) insertClosed(tx *work, c *data.Closed) error {
	_, err := s.exec(tx, `INSERT INTO closed (first, last, name, source) VALUES (?, ?, ?, ?)`, int64(c.First), int64(c.Last), c.Name, c.Source)
	return err
}

func checkClosed(c *data.Closed) error {
	if c.First == 0 || c.Last < c.First {
		return &data.Error{
			Code: data.CodeUsage, Sentence: fmt.Sprintf("%s to %s are no days in a row.", c.First, c.Last),
			Next: "Enter the first and the last day, the earlier one first.",
		}
	}
	return nil
}
