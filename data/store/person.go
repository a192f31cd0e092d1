package store

import (
	"context"

	"smtpgateway/data"
)

// slice is how many deliveries of a large request change in one transaction: dispatch gets its turn in between.
const slice = 1000

// Hold takes waiting deliveries out of the queue until a person releases them; nil: all that wait. Deliveries in
// another state are passed over; the number of those changed comes back, as from the three that follow.
func (s *Store) Hold(ctx context.Context, deliveries []int64, reason string) (int64, error) {
	return s.each(ctx, deliveries, []data.State{data.Waiting}, func(tx *work, id, now int64) (bool, error) {
		return s.hold(tx, id, now, reason, "")
	})
}

// Release lets held deliveries go; nil: all that are held. They are due now, but one that may have arrived waits for
// its own time, and stays bound to its server.
func (s *Store) Release(ctx context.Context, deliveries []int64, reason string) (int64, error) {
	return s.each(ctx, deliveries, []data.State{data.Held}, func(tx *work, id, now int64) (bool, error) {
		return s.letGo(tx, id, now, reason)
	})
}

// Cancel ends deliveries that wait or are held; nil: all of them.
func (s *Store) Cancel(ctx context.Context, deliveries []int64, reason string) (int64, error) {
	return s.each(ctx, deliveries, []data.State{data.Waiting, data.Held}, func(tx *work, id, now int64) (bool, error) {
		return s.finish(tx, id, ending{state: data.Cancelled, at: now, outcome: data.Outcome{Sentence: reason}})
	})
}

// Retry sends again: failed, waiting, held and cancelled deliveries become due now, with their whole time before them
// and free to use either server. nil: everything that failed or waits; what is held or was cancelled must be named,
// and so must what may have arrived already. A message whose text is no longer kept is passed over.
func (s *Store) Retry(ctx context.Context, deliveries []int64, reason string) (int64, error) {
	all := deliveries == nil
	return s.each(ctx, deliveries, []data.State{data.Waiting, data.Failed}, func(tx *work, id, now int64) (bool, error) {
		n, err := changed(s.exec(tx, `UPDATE delivery SET state = 'waiting', due_at = min(due_at, ?), first_ms = -1, uncertain = 0, bound = 0,
				reason = ?, remedy = '', changed_at = CASE WHEN state = 'waiting' THEN changed_at ELSE ? END
			WHERE id = ? AND (state = 'waiting' OR (state = 'held' AND NOT ?)) AND NOT (uncertain > 0 AND ?)`,
			now, reason, now, id, all, all))
		switch {
		case err != nil || n > 0:
			return n > 0, err
		case all:
			return s.revive(tx, id, now, reason, data.Failed)
		}
		return s.revive(tx, id, now, reason, data.Failed, data.Cancelled)
	})
}

// HoldFile holds what waits of one message: its dropped file was taken away.
func (s *Store) HoldFile(ctx context.Context, message int64, reason, remedy string) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE delivery SET state = 'held', reason = ?, remedy = ?, changed_at = ?
			WHERE message = ? AND state = 'waiting'`, reason, remedy, millis(s.now()), message)
		return err
	})
}

// HoldAll holds everything that waits: the database is older than the last run, so some of it may have gone. Called
// again after a crash it goes on where it stopped.
func (s *Store) HoldAll(ctx context.Context, reason, remedy string) (int64, error) {
	return s.each(ctx, nil, []data.State{data.Waiting}, func(tx *work, id, now int64) (bool, error) {
		return s.hold(tx, id, now, reason, remedy)
	})
}

func (s *Store) hold(tx *work, id, now int64, reason, remedy string) (bool, error) {
	n, err := changed(s.exec(tx, `UPDATE delivery SET state = 'held', reason = ?, remedy = ?, changed_at = ?
		WHERE id = ? AND state = 'waiting'`, reason, remedy, now, id))
	return n > 0, err
}

func (s *Store) letGo(tx *work, id, now int64, reason string) (bool, error) {
	n, err := changed(s.exec(tx, `UPDATE delivery SET state = 'waiting', reason = ?, remedy = '', changed_at = ?,
			due_at = CASE WHEN uncertain = 1 THEN max(due_at, ?) ELSE ? END
		WHERE id = ? AND state = 'held'`, reason, now, now, now, id))
	return n > 0, err
}

// each does one thing to the deliveries given, or to all in some states as they are met in the order of their
// numbers, a slice at a time.
func (s *Store) each(ctx context.Context, deliveries []int64, all []data.State, do func(tx *work, id, now int64) (bool, error)) (int64, error) {
	var done int64
	if deliveries != nil {
		for len(deliveries) > 0 {
			some := deliveries[:min(slice, len(deliveries))]
			n, err := s.some(ctx, do, func(*work) ([]int64, error) { return some, nil })
			if err != nil {
				return done, err
			}
			done += n
			deliveries = deliveries[len(some):]
		}
		return done, nil
	}
	for _, state := range all {
		for last, more := int64(0), true; more; {
			n, err := s.some(ctx, do, func(tx *work) ([]int64, error) {
				rows, err := s.rows(tx, `SELECT id FROM `+table(state)+` WHERE state = ? AND id > ? ORDER BY id LIMIT ?`,
					string(state), last, slice)
				ids, err := collect(rows, err, oneID)
				if more = len(ids) == slice; more {
					last = ids[len(ids)-1]
				}
				return ids, err
			})
			if err != nil {
				return done, err
			}
			done += n
		}
	}
	return done, nil
}

func (s *Store) some(ctx context.Context, do func(tx *work, id, now int64) (bool, error), which func(*work) ([]int64, error)) (int64, error) {
	var n int64
	err := s.update(ctx, func(tx *work) error {
		n = 0
		ids, err := which(tx)
		if err != nil {
			return err
		}
		now := millis(s.now())
		for _, id := range ids {
			ok, err := do(tx, id, now)
			if err != nil {
				return err
			}
			if ok {
				n++
			}
		}
		return nil
	})
	return n, err
}

// table is where deliveries of a state are kept.
func table(state data.State) string {
	if state.Live() {
		return "delivery"
	}
	return "history"
}

// ending is how a delivery ends that is not under way.
type ending struct {
	state   data.State
	at      int64
	server  int
	outcome data.Outcome
}

// finish moves a waiting or held delivery to the history. A cancelled one without a file is settled with it.
func (s *Store) finish(tx *work, id int64, e ending) (bool, error) {
	o := &e.outcome
	n, err := changed(s.exec(tx, `INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms,
			tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at, server, settled)
		SELECT d.id, d.message, d.class, d.practice, d.recipient, ?1, d.attempts, d.first_ms,
			d.tried_at, d.uncertain, d.bound, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?1 = 'cancelled' AND m.file = ''
		FROM delivery d JOIN message m ON m.id = d.message WHERE d.id = ?9 AND d.state IN ('waiting', 'held')`,
		string(e.state), o.Sentence, o.Remedy, o.Code, o.Enhanced, o.Line, e.at, e.server, id))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.exec(tx, `DELETE FROM delivery WHERE id = ?`, id)
	return err == nil, err
}
