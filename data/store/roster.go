package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"smtpgateway/data"
)

// RosterRevision is raised by every change to patrons, loans and addresses.
func (s *Store) RosterRevision(ctx context.Context) (int64, error) {
	var n int64
	err := s.r.QueryRowContext(ctx, `SELECT revision FROM library`).Scan(&n)
	return n, mapError(err)
}

// raise gives the revision of the change under way.
func (s *Store) raise(tx *work) (int64, error) {
	var n int64
	if _, err := s.exec(tx, `UPDATE library SET revision = revision + 1`); err != nil {
		return 0, err
	}
	err := s.row(tx, `SELECT revision FROM library`).Scan(&n)
	return n, err
}

const loanColumns = `l.id, l.patron, l.key, l.barcode, l.title, l.author, l.call_number, l.due, l.issued, l.price,
	l.hold_until, l.hold_reason, l.returned_at`

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
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+loanColumns+` FROM loan l WHERE l.patron = ? AND (l.returned_at = 0 OR ?)
			ORDER BY l.returned_at <> 0, l.due, l.id`, patron, withReturned) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneLoan)
		return err
	})
	return all, err
}

// Roster gives people with guardians, what they have at home and which addresses are in trouble, from one moment.
func (s *Store) Roster(ctx context.Context, q data.RosterQuery) (*data.Roster, error) {
	var r *data.Roster
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		r, err = rosterIn(ctx, tx, q)
		return err
	})
	return r, err
}

func rosterIn(ctx context.Context, tx *sql.Tx, q data.RosterQuery) (*data.Roster, error) {
	r := &data.Roster{Loans: map[int64][]data.Loan{}, Health: map[string]data.AddressState{}}
	where, args := `1`, []any{}
	add := func(cond string, values ...any) {
		where += " AND " + cond
		args = append(args, values...)
	}
	if !q.WithLeft {
		add(`p.left_day = 0`)
	}
	if q.Patrons != nil {
		list, err := json.Marshal(q.Patrons)
		if err != nil {
			return nil, err
		}
		add(`p.id IN (SELECT value FROM json_each(?))`, string(list))
	}
	if len(q.Groups) > 0 {
		list, err := json.Marshal(q.Groups)
		if err != nil {
			return nil, err
		}
		add(`p.grp IN (SELECT value FROM json_each(?))`, string(list))
	}
	if q.DueFrom != 0 || q.DueTo != 0 {
		to := q.DueTo
		if to == 0 {
			to = data.Date(1<<31 - 1)
		}
		add(`p.id IN (SELECT patron FROM loan WHERE returned_at = 0 AND due BETWEEN ? AND ?)`, int64(q.DueFrom), int64(to))
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+patronColumns+` FROM patron p WHERE `+where+` ORDER BY p.id`, args...) //nolint:rowserrcheck // collect looks at it
	if r.Patrons, err = collect(rows, err, onePatron); err != nil {
		return nil, err
	}
	of := `IN (SELECT p.id FROM patron p WHERE ` + where + `)`
	rows, err = tx.QueryContext(ctx, `SELECT `+guardianColumns+` FROM guardian g WHERE g.patron `+of+` ORDER BY g.patron, g.seq`, args...) //nolint:rowserrcheck // collect looks at it
	guardians, err := collect(rows, err, oneGuardian)
	if err != nil {
		return nil, err
	}
	giveGuardians(r.Patrons, guardians)
	if q.Loans {
		rows, err = tx.QueryContext(ctx, `SELECT `+loanColumns+` FROM loan l WHERE l.returned_at = 0 AND l.patron `+of+` ORDER BY l.patron, l.due, l.id`, args...) //nolint:rowserrcheck // collect looks at it
		loans, err := collect(rows, err, oneLoan)
		if err != nil {
			return nil, err
		}
		for len(loans) > 0 {
			n := 1
			for n < len(loans) && loans[n].Patron == loans[0].Patron {
				n++
			}
			r.Loans[loans[0].Patron] = loans[:n:n]
			loans = loans[n:]
		}
	}
	states, err := addressStates(ctx, tx)
	for i := range states {
		r.Health[states[i].Address] = states[i]
	}
	return r, err
}
