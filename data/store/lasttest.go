package store

import (
	"context"
	"time"
)

// LastTest is when Test was last run to its end, whether it went well, and its answer in words; zero: never.
func (s *Store) LastTest(ctx context.Context) (at time.Time, ok bool, result string, err error) {
	var ms int64
	err = s.r.QueryRowContext(ctx, `SELECT tested_at, test_ok, test_result FROM service`).Scan(&ms, &ok, &result)
	return moment(ms), ok, result, mapError(err)
}

// SetLastTest keeps the end of a test.
func (s *Store) SetLastTest(ctx context.Context, at time.Time, ok bool, result string) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET tested_at = ?, test_ok = ?, test_result = ?`, millis(at), ok, result)
		return err
	})
}
