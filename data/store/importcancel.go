package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"smtpgateway/data"
)

// loanIsBack is what a person reads at a letter that an import cancelled.
const loanIsBack = "The loan is back."

// lettersOpen are the letters that wait or are held, with the loans they speak of; loanOut says whether one is still out.
const (
	lettersOpen = `SELECT d.id, l.loans FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
		WHERE d.class IN (4, 6) AND d.state IN ('waiting', 'held') ORDER BY d.id`
	loanOut = `SELECT EXISTS (SELECT 1 FROM loan WHERE key = ? AND returned_at = 0)`
)

// openLetter is one delivery of lettersOpen.
type openLetter struct {
	delivery int64
	loans    []string
}

func oneOpenLetter(rows scanner) (l openLetter, err error) {
	var text string
	if err := rows.Scan(&l.delivery, &text); err != nil {
		return l, err
	}
	return l, json.Unmarshal([]byte(text), &l.loans)
}

// endedBy are those of some letters that an import ends which lets these loans go: they speak of nothing but loans that
// came back, one of them just now. out says whether a loan is still out.
func endedBy(all []openLetter, gone map[string]bool, out func(loan string) (bool, error)) (ended []openLetter, err error) {
	for _, l := range all {
		if !slices.ContainsFunc(l.loans, func(k string) bool { return gone[k] }) {
			continue
		}
		still := false
		for _, k := range l.loans {
			if gone[k] {
				continue
			}
			if still, err = out(k); err != nil {
				return nil, err
			}
			if still {
				break
			}
		}
		if !still {
			ended = append(ended, l)
		}
	}
	return ended, nil
}

// cancelBack cancels the letters that an import ends. What may have arrived already and is held for a person to decide is
// cancelled too: there is nothing to remind of.
func (im *importing) cancelBack(gone map[string]bool) error {
	if len(gone) == 0 {
		return nil
	}
	rows, err := im.s.rows(im.tx, lettersOpen)
	all, err := collect(rows, err, oneOpenLetter)
	if err != nil {
		return err
	}
	ended, err := endedBy(all, gone, func(loan string) (out bool, err error) {
		err = im.s.row(im.tx, loanOut, loan).Scan(&out)
		return out, err
	})
	if err != nil {
		return err
	}
	for _, l := range ended {
		b, ok, err := im.s.step(im.tx, StepCancel, l.delivery, im.now, loanIsBack)
		if err != nil {
			return err
		}
		if ok {
			im.record.Notices++
			if err := im.before("delivery", l.delivery, cancelledBefore(&b)); err != nil {
				return err
			}
		}
	}
	return nil
}

// CancelledBy counts the waiting and held letters that Import would cancel: because they speak of nothing but loans that
// came back; or, by a list of patrons, because their patron left or gets no notices any more.
func (s *Store) CancelledBy(ctx context.Context, set *data.ChangeSet) (n int, err error) {
	if set.Batch.Kind != data.RosterLoans {
		return s.endedFor(ctx, set)
	}
	gone := map[string]bool{}
	for i := range set.Gone {
		if l := set.Gone[i].Was; l != nil {
			gone[l.Key] = true
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, lettersOpen) //nolint:rowserrcheck // collect looks at it
		all, err := collect(rows, err, oneOpenLetter)
		if err != nil {
			return err
		}
		ended, err := endedBy(all, gone, func(loan string) (out bool, err error) {
			err = tx.QueryRowContext(ctx, loanOut, loan).Scan(&out)
			return out, err
		})
		n = len(ended)
		return err
	})
	return n, err
}
