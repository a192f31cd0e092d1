package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// ExportPatron gives everything that is known about a patron. CodeNotFound: there is none of this number.
func (s *Store) ExportPatron(ctx context.Context, id int64) (data.PatronFile, error) {
	f := data.PatronFile{Made: s.now().UTC()}
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		f.Patron, err = patronIn(ctx, tx, id)
		return err
	})
	if err != nil {
		return f, noPatron(err)
	}
	f.Loans, err = s.Loans(ctx, id, true)
	return f, err
}
