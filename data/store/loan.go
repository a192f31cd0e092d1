package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

const loanColumns = `l.id, l.patron, l.key, l.barcode, l.title, l.author, l.call_number, l.due, l.issued, l.price,
	l.hold_until, l.hold_reason, l.returned_at`

// oneLoan reads loanColumns.
func oneLoan(rows scanner) (data.Loan, error) {
	var l data.Loan
	var returned int64
	err := rows.Scan(&l.ID, &l.Patron, &l.Key, &l.Barcode, &l.Title, &l.Author, &l.CallNumber, &l.Due, &l.Issued, &l.Price,
		&l.HoldUntil, &l.HoldReason, &returned)
	l.Returned = moment(returned)
	return l, err
}

// Loans gives the loans of a patron, earliest due first; withReturned: also those that came back, after the others.
func (s *Store) Loans(ctx context.Context, patron int64, withReturned bool) ([]data.Loan, error) {
	var all []data.Loan
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		all, err = loansIn(ctx, tx, patron, withReturned)
		return err
	})
	return all, err
}

func loansIn(ctx context.Context, tx *sql.Tx, patron int64, withReturned bool) ([]data.Loan, error) {
	rows, err := tx.QueryContext(ctx, loansOf, patron, withReturned) //nolint:rowserrcheck // collect looks at it
	return collect(rows, err, oneLoan)
}

const loansOf = `SELECT ` + loanColumns + ` FROM loan l WHERE l.patron = ? AND (l.returned_at = 0 OR ?)
	ORDER BY l.returned_at <> 0, l.due, l.id`
