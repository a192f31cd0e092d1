package store

import (
	"context"

	"smtpgateway/data"
)

// ReplaceLetter cancels what waits or is held of a letter that no longer fits, for the reason why, and queues another in
// its place; with nil: nothing. Both happen, or neither. The notices of the new letter move to it in the ledger. Of the
// others those stay told whose loan is still out and due on the same day; those of a loan that is back, was renewed or is somebody else's are
// forgotten, so that it can be told of anew. A new letter of which another message told a notice meanwhile is not queued.
// CodeConflict: the letter is on its way or has ended; nothing is changed then.
func (s *Store) ReplaceLetter(ctx context.Context, message int64, with *data.Letter, why string) (err error) {
	var p *parcel
	if with != nil {
		defer func() {
			if err != nil {
				rewind([]data.Letter{*with})
			}
		}()
		if p, err = packLetter(with); err != nil {
			return err
		}
	}
	return s.update(ctx, func(tx *work) error {
		if err := s.cancelLetter(tx, message, why); err != nil {
			return err
		}
		if with != nil {
			if _, err := s.queueLetter(tx, p, with, message); err != nil {
				return err
			}
		}
		_, err := s.exec(tx, forgetTold, message)
		return err
	})
}

// forgetTold removes from the ledger what a message told of loans that are not as it said.
const forgetTold = `DELETE FROM ledger WHERE message = ?1 AND message <> 0
	AND NOT EXISTS (SELECT 1 FROM loan k WHERE k.key = ledger.loan AND k.returned_at = 0 AND k.due = ledger.due
		AND k.patron = coalesce((SELECT l.patron FROM letter l WHERE l.message = ?1), k.patron))`

// cancelLetter ends all that is left of a message, if nothing of it is under way.
func (s *Store) cancelLetter(tx *work, message int64, why string) error {
	type open struct {
		id    int64
		state data.State
	}
	rows, err := s.rows(tx, `SELECT id, state FROM delivery WHERE message = ? ORDER BY id`, message)
	left, err := collect(rows, err, func(rows scanner) (o open, err error) {
		err = rows.Scan(&o.id, &o.state)
		return o, err
	})
	if err != nil {
		return err
	}
	if len(left) == 0 {
		return &data.Error{Code: data.CodeConflict, Sentence: "Nothing of this letter waits any more.", Next: "Look at it in the queue."}
	}
	now := millis(s.now())
	for _, o := range left {
		if o.state == data.Sending {
			return &data.Error{Code: data.CodeConflict, Sentence: "This letter is being sent just now.", Next: "Nothing to do: it is looked at again at the next check."}
		}
		if _, err := s.finish(tx, o.id, ending{state: data.Cancelled, at: now, outcome: data.Outcome{Sentence: why}}); err != nil {
			return err
		}
	}
	return nil
}
