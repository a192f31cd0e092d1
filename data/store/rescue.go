package store

import (
	"context"
	"time"

	"smtpgateway/data"
)

// crashesHeld is how often the program may die with a message in its hands before a person has to look at it.
const crashesHeld = 3

const (
	diedSending  = "The program stopped while this was being sent; it may have arrived."
	willWait     = "Nothing to do: it is tried once more after a while."
	crashed      = "The program stopped three times while it had this message in its hands."
	crashedNext  = "Look at the message and release it, or cancel it; it may be what stops the program."
	diedSentence = "The program stopped before the server's answer was known."
)

// Rescue is called at start, before anything is claimed: whatever is still sending belongs to a program that died. It
// may have arrived, so it waits until due for its one retry through the same server; the second time, and after three
// crashes with the same message, it is held for a person. It gives the number of deliveries found.
func (s *Store) Rescue(ctx context.Context, due time.Time) (int, error) {
	n := 0
	err := s.update(ctx, func(tx *work) error {
		rows, err := s.rows(tx, `SELECT `+deliveryColumns+` FROM delivery d WHERE d.state = 'sending' ORDER BY d.id`)
		lost, err := collect(rows, err, oneDelivery)
		if err != nil {
			return err
		}
		n = len(lost)
		crashes := map[int64]int{}
		for i := range lost {
			m := lost[i].Message
			if _, seen := crashes[m]; !seen {
				var c int
				err := s.row(tx, `UPDATE message SET crashes = crashes + 1 WHERE id = ? RETURNING crashes`, m).Scan(&c)
				if err != nil {
					return err
				}
				crashes[m] = c
			}
			if err := s.rescue(tx, &lost[i], crashes[m], due); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func (s *Store) rescue(tx *work, d *data.Delivery, crashes int, due time.Time) error {
	now := millis(s.now())
	state, reason, remedy := data.Waiting, diedSending, willWait
	switch {
	case crashes >= crashesHeld:
		state, reason, remedy = data.Held, crashed, crashedNext
	case d.Uncertain > 0:
		state, reason, remedy = data.Held, secondUncertain, askFirst
	}
	_, err := s.exec(tx, `UPDATE delivery SET state = ?, reason = ?, remedy = ?, due_at = ?, attempts = attempts + 1,
			deferred = 1, uncertain = uncertain + 1, bound = CASE WHEN bound = 0 THEN server ELSE bound END, server = 0,
			code = 0, enhanced = '', line = '', changed_at = ? WHERE id = ? AND state = 'sending'`,
		string(state), reason, remedy, millis(due), now, d.ID)
	if err != nil {
		return err
	}
	_, err = s.exec(tx, `UPDATE attempt SET ended_at = ?, charged = 1, kind = ?, phase = ?, sentence = ?, remedy = ?
		WHERE message = ? AND delivery = ? AND ended_at = 0`,
		now, string(data.KindUncertain), string(data.PhaseDot), diedSentence, remedy, d.Message, d.ID)
	return err
}
