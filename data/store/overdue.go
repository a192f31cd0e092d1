package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"smtpgateway/data"
)

// Stamp is for a server in trouble: up to n due messages that would have gone now and do not say so yet get its
// outcome as their reason, and their give-up time begins. No try is counted and nothing else about them changes.
func (s *Store) Stamp(ctx context.Context, w data.Want, n int, o data.Outcome) error {
	return s.update(ctx, func(tx *work) error {
		ids, err := s.unstamped(tx, w, n, o.Sentence)
		if err != nil {
			return err
		}
		for _, id := range ids {
			_, err := s.exec(tx, `UPDATE delivery SET first_ms = CASE WHEN first_ms < 0 THEN ? ELSE first_ms END,
					reason = ?, remedy = ?, code = ?, enhanced = ?, line = ? WHERE id = ? AND state = 'waiting'`,
				w.Running.Milliseconds(), o.Sentence, o.Remedy, o.Code, o.Enhanced, o.Line, id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// unstamped gives the deliveries of the next n messages in the order of the queue. What may have arrived keeps its own
// reason, and its time is running already.
func (s *Store) unstamped(tx *work, w data.Want, n int, reason string) ([]int64, error) {
	l := limitsOf(&w)
	var found few
	for class := -1; !found.enough(n); {
		err := s.row(tx, nextClass, class).Scan(&class)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return nil, err
		}
		for deferred := range 2 {
			args := append([]any{class, deferred}, l.args()...)
			rows, err := s.rows(tx, `SELECT id, message FROM delivery INDEXED BY delivery_due WHERE class = ? AND deferred = ? AND`+
				allowed+`AND uncertain = 0 AND (first_ms < 0 OR reason <> ?) ORDER BY due_at, id`, append(args, reason)...)
			if err := found.add(rows, err, n); err != nil {
				return nil, err
			}
		}
	}
	return found.ids, nil
}

// Overdue gives up on deliveries that are due, could not go because of the server's trouble, and were first tried at
// least limit ago on the running clock: at most those of n messages. They become failed, with the outcome as the
// reason; the numbers of the deliveries come back.
func (s *Store) Overdue(ctx context.Context, w data.Want, n int, limit time.Duration, o data.Outcome) ([]int64, error) {
	var found few
	err := s.update(ctx, func(tx *work) error {
		found = few{}
		l := limitsOf(&w)
		args := append([]any{(w.Running - limit).Milliseconds()}, l.args()...)
		rows, err := s.rows(tx, `SELECT id, message FROM delivery INDEXED BY delivery_first WHERE first_ms >= 0 AND first_ms <= ? AND`+
			allowed+`ORDER BY first_ms, id`, args...)
		if err := found.add(rows, err, n); err != nil {
			return err
		}
		for _, id := range found.ids {
			if err := s.giveUp(tx, id, w.Server, l.now, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found.ids, nil
}

func (s *Store) giveUp(tx *work, id int64, server int, now int64, o data.Outcome) error {
	_, err := s.exec(tx, `INSERT INTO attempt (message, delivery, number, server, started_at, ended_at, kind, phase, code,
			enhanced, line, sentence, remedy, blame)
		SELECT d.message, d.id, (SELECT coalesce(max(number), 0) + 1 FROM attempt a WHERE a.message = d.message AND a.delivery = d.id),
			?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM delivery d WHERE d.id = ?`,
		server, now, now, string(o.Kind), string(o.Phase), o.Code, o.Enhanced, o.Line, o.Sentence, o.Remedy, string(o.Blame), id)
	if err != nil {
		return err
	}
	_, err = s.finish(tx, id, ending{state: data.Failed, at: now, server: server, outcome: o})
	return err
}

// few gathers deliveries until they belong to more messages than wanted.
type few struct {
	ids      []int64
	messages map[int64]struct{}
}

func (f *few) enough(n int) bool { return len(f.messages) >= n }

func (f *few) add(rows cursor, err error, n int) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if f.messages == nil {
		f.messages = map[int64]struct{}{}
	}
	for rows.Next() {
		var id, message int64
		if err := rows.Scan(&id, &message); err != nil {
			return err
		}
		if _, known := f.messages[message]; !known {
			if f.enough(n) {
				break
			}
			f.messages[message] = struct{}{}
		}
		f.ids = append(f.ids, id)
	}
	return rows.Err()
}
