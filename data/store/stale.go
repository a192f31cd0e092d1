package store

import (
	"context"
	"database/sql"
	"slices"

	"smtpgateway/data"
)

// stalePage is how many letters are looked at in one snapshot.
const stalePage = 1000

// StaleLetters gives the letters and notices that wait or are held and no longer fit what is known on a day: a loan is
// back, has another due date, is held or is somebody else's by now; the patron is gone, left, is held, or (a notice of a run) was switched off; an
// address it has still to reach is not the patron's any more, or mail does not arrive there; the group gets no notices any
// more, or its guardians are told less than the letter says. What is being sent is passed over until the next time, and so
// are direct mails for good: a person wrote those. Once it has found nothing it does not look again before something is
// different: people, loans, addresses, the day, what guardians are told, or a letter more that waits.
func (s *Store) StaleLetters(ctx context.Context, today data.Date) ([]data.StaleLetter, error) {
	var now, before looked
	err := s.r.QueryRowContext(ctx, `SELECT revision, letters, looked, looked_day FROM library`).Scan(
		&now.revision, &now.letters, &before.revision, &before.day)
	if err != nil {
		return nil, mapError(err)
	}
	if now.day = today; before.revision == now.revision && before.day == today {
		return nil, nil
	}
	all, passed, err := s.lookThrough(ctx, today)
	if err != nil || len(all) > 0 || passed {
		return all, err
	}
	return nil, s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE library SET looked = ?, looked_day = ? WHERE letters = ?`, now.revision, int64(now.day), now.letters)
		return err
	})
}

// looked is up to where waiting letters were looked at.
type looked struct {
	revision, letters int64
	day               data.Date
}

// lookThrough looks at every letter that waits; passed: at least one of them was under way.
func (s *Store) lookThrough(ctx context.Context, today data.Date) (all []data.StaleLetter, passed bool, err error) {
	for last := int64(0); ; {
		var n int
		err := s.view(ctx, func(tx *sql.Tx) error {
			var high int64
			if err := tx.QueryRowContext(ctx, lettersWaiting, last, stalePage).Scan(&high, &n); err != nil || n == 0 {
				return err
			}
			rows, err := tx.QueryContext(ctx, staleWaiting, last, high, int64(today)) //nolint:rowserrcheck // collect looks at it
			doubtful, err := collect(rows, err, oneID)
			if err != nil {
				return err
			}
			tell, err := readTelling(ctx, tx)
			if err != nil {
				return err
			}
			telling, err := tell.doubtful(ctx, tx, last, high)
			if err != nil {
				return err
			}
			doubtful = append(doubtful, telling...)
			slices.Sort(doubtful)
			for _, message := range slices.Compact(doubtful) { // one for each recipient
				l, sending, err := staleOf(ctx, tx, message, today, tell)
				if err != nil {
					return err
				}
				if sending {
					passed = true
				} else if l != nil {
					all = append(all, *l)
				}
			}
			last = high
			return nil
		})
		if err != nil || n < stalePage {
			return all, passed, err
		}
	}
}

const (
	lettersWaiting = `SELECT coalesce(max(message), 0), count(*) FROM (SELECT message FROM delivery INDEXED BY delivery_letter
		WHERE class IN (4, 6) AND message > ?1 ORDER BY message LIMIT ?2)`
	// staleWaiting finds the letters worth a closer look. SQL knows addresses by their letters only: which of those it takes
	// for strange really are is for staleOf to say.
	staleWaiting = `SELECT d.message FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
			LEFT JOIN patron p ON p.id = l.patron
		WHERE d.class IN (4, 6) AND d.message > ?1 AND d.message <= ?2 AND (
			p.id IS NULL OR p.left_day <> 0 OR (p.hold_until <> 0 AND p.hold_until >= ?3) OR (l.run <> 0 AND p.auto_overdue = 0)
			OR (d.practice = 0 AND (
				CASE l.role WHEN 'guardian' THEN NOT EXISTS (SELECT 1 FROM guardian g
					WHERE g.patron = l.patron AND g.notices = 1 AND lower(g.email) = lower(d.recipient))
				ELSE lower(p.email) <> lower(d.recipient) END
				OR EXISTS (SELECT 1 FROM address a WHERE a.address = lower(d.recipient))))
			OR EXISTS (SELECT 1 FROM json_each(l.loans) j LEFT JOIN loan k ON k.key = j.value
				WHERE k.id IS NULL OR k.returned_at <> 0 OR k.patron <> l.patron OR (k.hold_until <> 0 AND k.hold_until >= ?3)
					OR k.due <> coalesce(nullif(json_extract(l.dues, '$[' || j.key || ']'), 0), k.due)))
		ORDER BY d.message`
)
