package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// What a person reads at a letter that a list of patrons cancelled; a look at waiting letters gives the same reasons.
const (
	patronIsGone  = "The patron is no longer in the list of patrons."
	noticesAreOff = "Automatic notices were switched off for this patron."
)

// waitingLetter is a delivery that an import may end.
type waitingLetter struct {
	id     int64
	patron int64
	notice bool // of a run
}

// lettersOfPatrons are the letters that wait or are held, and who they are about.
const lettersOfPatrons = `SELECT d.id, l.patron, l.run <> 0 FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
	WHERE d.class IN (4, 6) AND d.state IN ('waiting', 'held') ORDER BY d.id`

func oneWaitingLetter(rows scanner) (l waitingLetter, err error) {
	err = rows.Scan(&l.id, &l.patron, &l.notice)
	return l, err
}

// endLetters cancels what waits or is held for a patron, or only the notices of runs. A look at waiting letters would cancel
// the same before anything leaves; done here, taking the list back lets them wait again.
func (im *importing) endLetters(patron int64, why string, noticesOnly bool) error {
	if im.letters == nil {
		if err := im.findLetters(); err != nil {
			return err
		}
	}
	for _, l := range im.letters[patron] {
		if noticesOnly && !l.notice {
			continue
		}
		b, ok, err := im.s.step(im.tx, StepCancel, l.id, im.now, why)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		im.record.Notices++
		if err := im.before("delivery", l.id, cancelledBefore(&b)); err != nil {
			return err
		}
	}
	return nil
}

// findLetters reads once who has a letter that waits: most of those a list changes have none.
func (im *importing) findLetters() error {
	rows, err := im.s.rows(im.tx, lettersOfPatrons)
	all, err := collect(rows, err, oneWaitingLetter)
	im.letters = make(map[int64][]waitingLetter, len(all))
	for _, l := range all {
		im.letters[l.patron] = append(im.letters[l.patron], l)
	}
	return err
}

// switchedOff reports whether a list ends the automatic notices of a patron.
func switchedOff(old, now *data.Patron) bool { return old.AutoOverdue && !now.AutoOverdue }

// endedFor counts the waiting and held letters that a list of patrons would cancel.
func (s *Store) endedFor(ctx context.Context, set *data.ChangeSet) (n int, err error) {
	gone, off := map[int64]bool{}, map[int64]bool{}
	for i := range set.Gone {
		if p := set.Gone[i].Before; p != nil {
			gone[p.ID] = true
		}
	}
	for i := range set.Changed {
		c := &set.Changed[i]
		if c.Before == nil || c.After == nil {
			continue
		}
		if p := merged(*c.Before, c.After, set.Batch.Known); switchedOff(c.Before, &p) {
			off[c.Before.ID] = true
		}
	}
	if len(gone)+len(off) == 0 {
		return 0, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, lettersOfPatrons) //nolint:rowserrcheck // collect looks at it
		all, err := collect(rows, err, oneWaitingLetter)
		n = 0
		for _, l := range all {
			if gone[l.patron] || l.notice && off[l.patron] {
				n++
			}
		}
		return err
	})
	return n, err
}

// patronUntold takes back from the ledger what a list cancelled because a patron seemed to be gone, or to want no notices:
// nobody was told.
const patronUntold = `DELETE FROM ledger WHERE message IN (SELECT message FROM letter INDEXED BY letter_patron WHERE patron = ?1 AND run <> 0)
	AND EXISTS (SELECT 1 FROM history h WHERE h.message = ledger.message AND h.state = 'cancelled' AND h.reason IN (?2, ?3))` + onlyCancelled
