package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// stalePage is how many letters are looked at in one snapshot.
const stalePage = 1000

// StaleLetters gives the letters and notices that wait or are held and no longer fit what is known on a day: a loan is
// back, has another due date or is held; the patron is gone, left, is held, or (a notice of a run) was switched off; an
// address it has still to reach is not the patron's any more, or mail does not arrive there. What is being sent is passed
// over, and so are direct mails: a person wrote those. Where nothing waits it costs next to nothing.
func (s *Store) StaleLetters(ctx context.Context, today data.Date) ([]data.StaleLetter, error) {
	var counter int64
	if err := s.r.QueryRowContext(ctx, `SELECT letters FROM library`).Scan(&counter); err != nil {
		return nil, mapError(err)
	}
	var all []data.StaleLetter
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
			var before int64
			for _, message := range doubtful {
				if message == before { // another recipient of it
					continue
				}
				before = message
				stale, err := staleOf(ctx, tx, message, today)
				if err != nil {
					return err
				}
				if stale != nil {
					all = append(all, *stale)
				}
			}
			last = high
			return nil
		})
		if err != nil {
			return nil, err
		}
		if n < stalePage {
			s.looked.Store(counter)
			return all, nil
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
		WHERE d.class IN (4, 6) AND d.message > ?1 AND d.message <= ?2 AND d.state <> 'sending' AND (
			p.id IS NULL OR p.left_day <> 0 OR (p.hold_until <> 0 AND p.hold_until >= ?3) OR (l.run <> 0 AND p.auto_overdue = 0)
			OR (d.practice = 0 AND (
				CASE l.role WHEN 'guardian' THEN NOT EXISTS (SELECT 1 FROM guardian g
					WHERE g.patron = l.patron AND g.notices = 1 AND lower(g.email) = lower(d.recipient))
				ELSE lower(p.email) <> lower(d.recipient) END
				OR EXISTS (SELECT 1 FROM address a WHERE a.address = lower(d.recipient))))
			OR EXISTS (SELECT 1 FROM json_each(l.loans) j LEFT JOIN loan k ON k.key = j.value
				WHERE k.id IS NULL OR k.returned_at <> 0 OR (k.hold_until <> 0 AND k.hold_until >= ?3)
					OR k.due <> coalesce(nullif(json_extract(l.dues, '$[' || j.key || ']'), 0), k.due)))
		ORDER BY d.message`
)

// LettersLooked is the revision of the roster and the day up to which waiting letters were looked at. -1: a letter has begun
// to wait since, or they never were.
func (s *Store) LettersLooked(ctx context.Context) (revision int64, day data.Date, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT looked, looked_day FROM library`).Scan(&revision, &day)
	return revision, day, mapError(err)
}

// SetLettersLooked keeps up to where waiting letters were looked at: the revision the roster had before StaleLetters was
// asked. A letter that began to wait since StaleLetters was asked by this program makes it nothing: it is looked at next time.
func (s *Store) SetLettersLooked(ctx context.Context, revision int64, day data.Date) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE library SET looked = ?, looked_day = ? WHERE letters = ?`, revision, int64(day), s.looked.Load())
		return err
	})
}
