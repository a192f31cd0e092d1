package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"smtpgateway/data"
)

// ChangePatrons changes the same of many patrons, in one transaction, and gives how many it really changed. Those who are
// gone meanwhile are passed over.
func (s *Store) ChangePatrons(ctx context.Context, ids []int64, c data.PatronChange) (int, error) {
	n := 0
	err := s.update(ctx, func(tx *work) error {
		n = 0
		w, err := s.patronWriter(tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			changed, err := s.changePatron(tx, w, id, c)
			if err != nil {
				return err
			}
			if changed {
				n++
			}
		}
		return w.close()
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (s *Store) changePatron(tx *work, w *patronWriter, id int64, c data.PatronChange) (bool, error) {
	old, err := s.patronOf(tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p := old
	if c.AutoOverdue != nil {
		p.AutoOverdue = *c.AutoOverdue
	}
	if c.Group != nil {
		p.Group = strings.TrimSpace(*c.Group)
	}
	what := differences(&old, &p)
	if len(what) == 0 {
		return false, nil
	}
	p.Changed, p.ByHand = s.now(), p.ChangedByHand(&old)
	if _, err := w.update(&p, old.Guardians); err != nil {
		return false, err
	}
	return true, s.patronEvent(tx, id, eventPerson, "Changed together with others: "+strings.Join(what, ", ")+".", millis(p.Changed))
}
