package store

import (
	"context"
	"time"

	"smtpgateway/data"
)

// Reopen takes failures back: dispatch saw that several were refused alike, which is the server's fault and not
// theirs. Only failures that nobody was told of yet go back to waiting until due; the try is not charged. It gives
// their number.
func (s *Store) Reopen(ctx context.Context, deliveries []int64, due time.Time, reason, remedy string) (int, error) {
	n := 0
	err := s.update(ctx, func(tx *work) error {
		n = 0
		now := millis(s.now())
		for _, id := range deliveries {
			moved, err := changed(s.exec(tx, `INSERT INTO delivery (id, message, class, practice, recipient, state, due_at, deferred,
					attempts, first_ms, tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at)
				SELECT id, message, class, practice, recipient, 'waiting', ?, 1,
					max(0, attempts - 1), first_ms, tried_at, uncertain, bound, ?, ?, code, enhanced, line, ?
				FROM history WHERE id = ? AND state = 'failed' AND settled = 0`, millis(due), reason, remedy, now, id))
			if err != nil {
				return err
			}
			if moved == 0 {
				continue
			}
			n++
			if _, err := s.exec(tx, `DELETE FROM history WHERE id = ?`, id); err != nil {
				return err
			}
			_, err = s.exec(tx, `UPDATE attempt SET charged = 0 WHERE (message, delivery, number) =
				(SELECT message, delivery, number FROM attempt WHERE message = (SELECT message FROM delivery WHERE id = ?1)
					AND delivery = ?1 ORDER BY number DESC LIMIT 1)`, id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// revive moves a failed or cancelled delivery back to the queue, due now and with its whole time before it: a person
// wants it sent again. It says no when the text is no longer there.
func (s *Store) revive(tx *work, id, now int64, reason string, from ...data.State) (bool, error) {
	only := from[0]
	moved, err := changed(s.exec(tx, `INSERT INTO delivery (id, message, class, practice, recipient, state, due_at, deferred,
			attempts, first_ms, tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at)
		SELECT id, message, class, practice, recipient, 'waiting', ?, attempts > 0,
			attempts, -1, tried_at, 0, 0, ?, '', code, enhanced, line, ?
		FROM history h WHERE id = ? AND state IN (?, ?)
			AND EXISTS (SELECT 1 FROM body b WHERE b.message = h.message AND b.seq = 0)`,
		now, reason, now, id, string(only), string(from[len(from)-1])))
	if err != nil || moved == 0 {
		return false, err
	}
	_, err = s.exec(tx, `DELETE FROM history WHERE id = ?`, id)
	return err == nil, err
}
