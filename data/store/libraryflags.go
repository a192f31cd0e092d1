package store

import (
	"context"
	"time"

	"smtpgateway/data"
)

// NoticesFrom is the first day automatic notices may speak of: the day they were switched on. 0: never.
func (s *Store) NoticesFrom(ctx context.Context) (data.Date, error) {
	var day data.Date
	err := s.r.QueryRowContext(ctx, `SELECT notices_from FROM library`).Scan(&day)
	return day, mapError(err)
}

// SetNoticesFrom keeps the first day automatic notices may speak of.
func (s *Store) SetNoticesFrom(ctx context.Context, day data.Date) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE library SET notices_from = ?`, int64(day))
		return err
	})
}

// Approved is when a person first let letters and notices go out for real; zero: not yet.
func (s *Store) Approved(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.r.QueryRowContext(ctx, `SELECT approved_at FROM library`).Scan(&at)
	return moment(at), mapError(err)
}

// Approve keeps when a person first let letters and notices go out for real; a later one changes nothing, the zero time
// takes it back.
func (s *Store) Approve(ctx context.Context, at time.Time) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE library SET approved_at = ?1 WHERE approved_at = 0 OR ?1 = 0`, millis(at))
		return err
	})
}
