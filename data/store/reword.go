package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"smtpgateway/data"
)

// AgedLetters gives the letters and notices that wait or are held and whose text was written before since, at most limit of
// them, oldest first; after is the last message of the page before. Practice copies may grow old, and what may have arrived
// already is left as it is: its second copy must look like the first.
func (s *Store) AgedLetters(ctx context.Context, since time.Time, after int64, limit int) ([]data.AgedLetter, error) {
	var all []data.AgedLetter
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, agedLetters, millis(since), after, min(max(limit, 1), 1000)) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, func(rows scanner) (a data.AgedLetter, err error) {
			var loans, open string
			err = rows.Scan(&a.Message, &a.Patron, &a.Run, &a.Letter, &a.Role, &loans, &open, &a.MessageID)
			if err == nil {
				err = json.Unmarshal([]byte(loans), &a.Loans)
			}
			if err == nil {
				err = json.Unmarshal([]byte(open), &a.Open)
			}
			return a, err
		})
		return err
	})
	return all, err
}

const agedLetters = `SELECT l.message, l.patron, l.run, l.letter, l.role, l.loans, json_group_array(d.recipient), m.message_id
	FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message CROSS JOIN message m ON m.id = d.message
	WHERE d.class IN (4, 6) AND d.message > ?2 AND max(m.queued_at, l.worded_at) < ?1 AND m.practice = 0
	GROUP BY d.message HAVING max(d.state = 'sending' OR d.uncertain > 0) = 0 ORDER BY d.message LIMIT ?3`

// RewordLetters gives letters that wait another text, in one transaction. Their deliveries stay as they are: recipient, tries
// and the time since the first. Those that left meanwhile, or may have, are passed over. It gives how many were changed.
func (s *Store) RewordLetters(ctx context.Context, all []data.Reworded) (n int, err error) {
	parcels := make([]*parcel, len(all))
	for i := range all {
		if parcels[i], err = pack(all[i].With); err != nil {
			return 0, err
		}
	}
	err = s.update(ctx, func(tx *work) error {
		n = 0
		for i := range all {
			ok, err := s.reword(tx, &all[i], parcels[i])
			if err != nil {
				return fmt.Errorf("letter %d: %w", all[i].Message, err)
			}
			if ok {
				n++
			}
		}
		return nil
	})
	return n, err
}

func (s *Store) reword(tx *work, r *data.Reworded, p *parcel) (bool, error) {
	id, now := r.Message, millis(s.now())
	known, err := changed(s.exec(tx, `UPDATE letter SET worded_at = ?2, disclosure = ?3, digest = ?4 WHERE message = ?1 AND EXISTS (SELECT 1 FROM delivery WHERE message = ?1)
		AND NOT EXISTS (SELECT 1 FROM delivery WHERE message = ?1 AND (state = 'sending' OR uncertain > 0))`, id, now, string(r.Disclosure), r.Digest))
	if err != nil || known == 0 {
		return false, err
	}
	_, err = s.exec(tx, `UPDATE message SET sender = ?2, subject = ?3, size = ?4, sha256 = ?5, eight_bit = ?6, utf8 = ?7 WHERE id = ?1`,
		id, p.Sender, p.Subject, p.size, p.sum[:], p.EightBit, p.UTF8)
	if err != nil {
		return false, err
	}
	if _, err := s.exec(tx, `DELETE FROM body WHERE message = ?`, id); err != nil {
		return false, err
	}
	if err := s.insertBody(tx, id, p); err != nil {
		return false, err
	}
	tx.findable(wording{message: id, subject: p.Subject, addresses: addresses(&p.Message, p.Recipients)})
	return true, nil
}
