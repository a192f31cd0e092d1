package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// NextDue is the earliest time at which something that waits is due; false: nothing waits. It may lie in the past.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	earliest := always
	err := s.view(ctx, func(tx *sql.Tx) error {
		for class := -1; ; {
			err := tx.QueryRowContext(ctx, nextClass, class).Scan(&class)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			if err != nil {
				return err
			}
			for deferred := range 2 {
				var due int64
				err := tx.QueryRowContext(ctx, earliestDue, class, deferred).Scan(&due)
				if errors.Is(err, sql.ErrNoRows) {
					continue
				}
				if err != nil {
					return err
				}
				earliest = min(earliest, due)
			}
		}
	})
	if err != nil || earliest == always {
		return time.Time{}, false, err
	}
	return time.UnixMilli(earliest).UTC(), true, nil
}

const earliestDue = `SELECT due_at FROM delivery INDEXED BY delivery_due
	WHERE state = 'waiting' AND class = ? AND deferred = ? ORDER BY due_at LIMIT 1`

// Hasten makes due what waits for longer than after: a clock that ran ahead had put it there. It gives their number.
func (s *Store) Hasten(ctx context.Context, after, due time.Time) (int64, error) {
	var sum int64
	for more := true; more; {
		err := s.update(ctx, func(tx *work) error {
			more = false
			for class := -1; ; {
				err := s.row(tx, nextClass, class).Scan(&class)
				if errors.Is(err, sql.ErrNoRows) {
					return nil
				}
				if err != nil {
					return err
				}
				for deferred := range 2 {
					n, err := changed(s.exec(tx, hasten, millis(due), class, deferred, millis(after), slice))
					if err != nil {
						return err
					}
					sum += n
					more = more || n == slice
				}
			}
		})
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

const hasten = `UPDATE delivery SET due_at = ? WHERE id IN (SELECT id FROM delivery INDEXED BY delivery_due
	WHERE state = 'waiting' AND class = ? AND deferred = ? AND due_at > ? LIMIT ?)`
