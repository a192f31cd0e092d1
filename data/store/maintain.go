package store

import (
	"context"
	"fmt"
	"time"

	"smtpgateway/data"
)

// How long things are kept that no setting speaks of.
const (
	keepUsage    = 48 * time.Hour // twice the window of the cap
	keepOrigins  = 30 * 24 * time.Hour
	keepRequests = 24 * time.Hour
)

// A slice of the retention is one transaction: so many rows, and so many octets of bodies, that nobody who waits for
// the database waits long.
const (
	sliceRows   = 200
	sliceOctets = 16 << 20
)

// breath is how long the retention leaves the database to others between two slices.
const breath = 20 * time.Millisecond

// Maintain removes what has been kept long enough: the bytes of messages that ended longer than bodies ago, all that
// is known of those that ended longer than history ago, the journal as old, files gone for 30 days, requests of
// yesterday; and of the library's side runs, returned loans, and people who left, see maintainlibrary.go. A message with a delivery that is still live, or whose end was not carried home yet, stays whole. It
// works in small slices and stops between two of them when ctx ends.
func (s *Store) Maintain(ctx context.Context, bodies, history time.Duration) (data.Maintained, error) {
	var m data.Maintained
	now := s.now()
	for _, job := range []struct {
		count *int64
		do    func() (int64, error)
	}{
		{&m.Messages, func() (int64, error) { return s.dropMessages(ctx, now.Add(-history)) }},
		{&m.Bodies, func() (int64, error) { return s.dropBodies(ctx, now.Add(-bodies)) }},
		{&m.Lines, func() (int64, error) {
			return s.dropRows(ctx, `DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE at < ? LIMIT ?)`,
				millis(now.Add(-history)))
		}},
		{&m.Origins, func() (int64, error) {
			return s.dropRows(ctx, `DELETE FROM origin WHERE key IN
				(SELECT key FROM origin WHERE gone_at <> 0 AND gone_at < ? LIMIT ?)`, millis(now.Add(-keepOrigins)))
		}},
		{&m.Requests, func() (int64, error) {
			return s.dropRows(ctx, `DELETE FROM request WHERE id IN
				(SELECT id FROM request WHERE max(done_at, asked_at) < ? LIMIT ?)`, millis(now.Add(-keepRequests)))
		}},
		{new(int64), func() (int64, error) {
			return s.dropRows(ctx, `DELETE FROM usage WHERE (server, minute) IN
				(SELECT server, minute FROM usage WHERE minute < ? LIMIT ?)`, millis(now.Add(-keepUsage))/60000)
		}},
	} {
		n, err := job.do()
		*job.count = n
		if err != nil {
			return m, err
		}
	}
	return m, s.maintainLibrary(ctx, &m, now, now.Add(-history))
}

// dropRows runs a DELETE that takes a bound and a number of rows until nothing is left for it.
func (s *Store) dropRows(ctx context.Context, query string, bound int64) (int64, error) {
	return s.slices(ctx, func(tx *work) (n int64, more bool, err error) {
		res, err := s.exec(tx, query, bound, sliceRows)
		if err != nil {
			return 0, false, err
		}
		n, err = res.RowsAffected()
		return n, n == sliceRows, err
	})
}

// ended is the condition that message m has ended before ?1, wholly, and was carried home.
const ended = `m.queued_at < ?1
	AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = m.id)
	AND NOT EXISTS (SELECT 1 FROM history h WHERE h.message = m.id AND (h.changed_at >= ?1 OR h.settled = 0))`

// dropMessages forgets messages. What hangs on one goes with it by foreign key, but for the search index.
func (s *Store) dropMessages(ctx context.Context, before time.Time) (int64, error) {
	var at, last int64 // where the slice before ended
	return s.slices(ctx, func(tx *work) (int64, bool, error) {
		chosen, more, err := s.choose(tx, `SELECT m.id, m.size, m.queued_at, `+ended+` FROM message m
			WHERE m.queued_at < ?1 AND (m.queued_at, m.id) > (?2, ?3) ORDER BY m.queued_at, m.id LIMIT ?4`,
			&at, &last, before)
		if err != nil {
			return 0, false, err
		}
		for _, id := range chosen {
			if _, err := s.exec(tx, `DELETE FROM words WHERE rowid = ?`, id); err != nil {
				return 0, false, err
			}
			if _, err := s.exec(tx, `DELETE FROM message WHERE id = ?`, id); err != nil {
				return 0, false, err
			}
		}
		return int64(len(chosen)), more, nil
	})
}

// dropBodies deletes bytes. It goes through the bodies, not the messages: those without one are most of the archive.
func (s *Store) dropBodies(ctx context.Context, before time.Time) (int64, error) {
	var at, last int64
	return s.slices(ctx, func(tx *work) (int64, bool, error) {
		chosen, more, err := s.choose(tx, `SELECT m.id, m.size, m.queued_at, `+ended+` FROM message m
			WHERE m.id IN (SELECT message FROM body WHERE seq = 0 AND message > ?3 ORDER BY message LIMIT ?4)
			ORDER BY m.id`, &at, &last, before)
		if err != nil {
			return 0, false, err
		}
		for _, id := range chosen {
			if _, err := s.exec(tx, `DELETE FROM body WHERE message = ?`, id); err != nil {
				return 0, false, err
			}
		}
		return int64(len(chosen)), more, nil
	})
}

// choose reads one slice of candidates, (number, size, time, whether it may go), beyond (at, last), which it moves on,
// and gives those that may go. The last ones are left for the next slice when the octets are many.
func (s *Store) choose(tx *work, query string, at, last *int64, before time.Time) (chosen []int64, more bool, err error) {
	rows, err := s.rows(tx, query, millis(before), *at, *last, sliceRows)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	var seen, old int
	var octets int64
	for rows.Next() {
		var id, size, queued int64
		var may bool
		if err := rows.Scan(&id, &size, &queued, &may); err != nil {
			return nil, false, err
		}
		if may {
			if octets += size; octets > sliceOctets && len(chosen) > 0 {
				return chosen, true, rows.Err()
			}
			chosen = append(chosen, id)
		}
		seen++
		if queued < millis(before) {
			old++
		}
		*at, *last = queued, id
	}
	// A whole slice of younger ones: numbers are given out in the order of time, so the rest is younger too.
	return chosen, seen == sliceRows && old > 0, rows.Err()
}

// slices runs f in a transaction of its own until there is no more for it, and gives the sum.
func (s *Store) slices(ctx context.Context, f func(tx *work) (n int64, more bool, err error)) (int64, error) {
	var sum int64
	for {
		var n int64
		var more bool
		err := s.update(ctx, func(tx *work) (err error) {
			n, more, err = f(tx)
			return err
		})
		if err != nil {
			return sum, fmt.Errorf("retention: %w", err)
		}
		sum += n
		if !more {
			return sum, nil
		}
		select {
		case <-ctx.Done():
			return sum, ctx.Err()
		case <-time.After(breath):
		}
	}
}
