package store

import (
	"context"
)

// DeletePatron removes a patron. CodeNotFound: there is none of this number.
func (s *Store) DeletePatron(ctx context.Context, id int64) error {
	return s.update(ctx, func(tx *work) error {
		if _, err := s.patronOf(tx, id); err != nil {
			return noPatron(err)
		}
		w, err := s.patronWriter(tx)
		if err != nil {
			return err
		}
		if err := w.remove(id); err != nil {
			return err
		}
		return w.close()
	})
}
