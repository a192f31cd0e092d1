package store

import (
	"context"
	"time"

	"smtpgateway/data"
)

// Pace is the budget of the running interval. Next counts in it.
func (s *Store) Pace(ctx context.Context) (data.Pace, error) {
	var start int64
	var p data.Pace
	err := s.r.QueryRowContext(ctx, `SELECT pace_at, pace_used FROM service`).Scan(&start, &p.Used)
	p.Start = moment(start)
	return p, mapError(err)
}

// StartInterval begins a new interval, with nothing used of its budget.
func (s *Store) StartInterval(ctx context.Context, start time.Time) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET pace_at = ?, pace_used = 0`, millis(start))
		return err
	})
}

// Running is the running clock: how long services have run on this database, in all, up to the last check. Nights
// off, sleep and a clock that jumps do not count.
func (s *Store) Running(ctx context.Context) (time.Duration, error) {
	var ms int64
	err := s.r.QueryRowContext(ctx, `SELECT running_ms FROM service`).Scan(&ms)
	return time.Duration(ms) * time.Millisecond, mapError(err)
}

// Checks is how many checks this database has seen. A database put back from a copy has seen fewer than the counter
// beside the key.
func (s *Store) Checks(ctx context.Context) (int64, error) {
	var n int64
	err := s.r.QueryRowContext(ctx, `SELECT checks FROM service`).Scan(&n)
	return n, mapError(err)
}

// EndCheck counts a check and adds ran to the running clock, to the millisecond; it gives the new count. Time that
// went backwards is not subtracted.
func (s *Store) EndCheck(ctx context.Context, ran time.Duration) (checks int64, err error) {
	err = s.update(ctx, func(tx *work) error {
		return s.row(tx, `UPDATE service SET running_ms = running_ms + ?, checks = checks + 1 RETURNING checks`,
			max(ran, 0).Milliseconds()).Scan(&checks)
	})
	return checks, err
}

// RaiseChecks sets the number of checks to n at least: a restored database goes on counting where the last run was,
// once what it holds was set aside.
func (s *Store) RaiseChecks(ctx context.Context, n int64) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET checks = max(checks, ?)`, n)
		return err
	})
}
