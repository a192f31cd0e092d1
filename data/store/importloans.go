package store

import (
	"database/sql"
	"errors"
	"strings"

	"smtpgateway/data"
)

// loans writes a list of loans.
func (im *importing) loans() error {
	if _, err := im.s.raise(im.tx); err != nil {
		return err
	}
	owners, err := im.owners()
	if err != nil {
		return err
	}
	var back bool // are there loans that came back, one of which may be here again?
	if err := im.s.row(im.tx, `SELECT EXISTS (SELECT 1 FROM loan WHERE returned_at <> 0)`).Scan(&back); err != nil {
		return err
	}
	for _, c := range im.newer {
		if err := im.newLoan(c, owners, back); err != nil {
			return err
		}
	}
	if err := im.flush(); err != nil {
		return err
	}
	for i := range im.set.Changed {
		if err := im.changedLoan(&im.set.Changed[i], owners); err != nil {
			return err
		}
	}
	gone := make(map[string]bool, len(im.set.Gone))
	for i := range im.set.Gone {
		c := &im.set.Gone[i]
		if c.Was == nil {
			continue
		}
		old, err := im.oldLoan(c.Was.ID)
		if err != nil {
			return err
		}
		if _, err := im.s.exec(im.tx, `UPDATE loan SET returned_at = ? WHERE id = ?`, im.now, old.ID); err != nil {
			return err
		}
		gone[old.Key] = true
		im.record.Gone++
		if err := im.step(1); err != nil {
			return err
		}
	}
	return im.cancelBack(gone)
}

// owners are the numbers of patrons by their folded keys.
func (im *importing) owners() (map[string]int64, error) {
	rows, err := im.s.rows(im.tx, `SELECT folded, id FROM patron`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]int64{}
	for rows.Next() {
		var key string
		var id int64
		if err := rows.Scan(&key, &id); err != nil {
			return nil, err
		}
		all[key] = id
	}
	return all, rows.Err()
}

func (im *importing) newLoan(c *data.Changed, owners map[string]int64, back bool) error {
	if c.Is == nil {
		return im.step(1)
	}
	l := plainLoan(c.Is)
	patron := owners[foldedKey(c.Owner)]
	if patron == 0 {
		patron = l.Patron
	}
	if patron == 0 {
		im.record.Problems++
		return im.step(1)
	}
	if back {
		var id int64
		err := im.s.row(im.tx, `SELECT id FROM loan WHERE key = ?`, l.Key).Scan(&id)
		if err == nil {
			return im.sameLoan(id, patron, &l)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	l.Patron = patron
	if im.waiting = append(im.waiting, l); len(im.waiting) < loanRows {
		return nil
	}
	return im.flush()
}

// loanRows are inserted with one statement: that halves what each costs.
const loanRows = 40

var (
	oneLoanRow   = `(?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertLoan   = `INSERT INTO loan (patron, key, barcode, title, author, call_number, due, issued, price) VALUES ` + oneLoanRow
	insertLoans  = insertLoan + strings.Repeat(", "+oneLoanRow, loanRows-1) + ` ON CONFLICT DO NOTHING`
	insertSingle = insertLoan + ` ON CONFLICT DO NOTHING`
)

// flush inserts the new loans that were gathered. Of two with the same key the first one counts.
func (im *importing) flush() error {
	args := make([]any, 0, 9*len(im.waiting))
	for i := range im.waiting {
		l := &im.waiting[i]
		args = append(args, l.Patron, l.Key, l.Barcode, l.Title, l.Author, l.CallNumber, int64(l.Due), int64(l.Issued), l.Price)
	}
	query, each := insertSingle, 9
	if len(im.waiting) == loanRows {
		query, each = insertLoans, len(args)
	}
	for len(args) > 0 {
		n, err := changed(im.s.exec(im.tx, query, args[:each]...))
		if err != nil {
			return err
		}
		im.record.New += int(n)
		im.record.Same += each/9 - int(n)
		args = args[each:]
	}
	rows := len(im.waiting)
	im.waiting = im.waiting[:0]
	return im.step(rows)
}

// sameLoan is a loan that came back into the list: it is the one it was, with its hold.
func (im *importing) sameLoan(id, patron int64, l *data.Loan) error {
	old, err := im.oldLoan(id)
	if err != nil {
		return err
	}
	if old.Returned.IsZero() {
		im.record.Same++ // twice in the list
		return im.step(1)
	}
	im.record.New++
	if _, err := im.s.exec(im.tx, untold, old.Key, loanIsBack); err != nil {
		return err
	}
	return im.writeLoan(id, patron, l, old)
}

// untold takes back from the ledger what an import cancelled because the loan seemed to be back: nobody was told.
const untold = `DELETE FROM ledger WHERE loan = ?1 AND message <> 0
	AND EXISTS (SELECT 1 FROM history h WHERE h.message = ledger.message AND h.state = 'cancelled' AND h.reason = ?2)` + onlyCancelled

// onlyCancelled is true of a row of the ledger whose message reached nobody and never will.
const onlyCancelled = `
	AND NOT EXISTS (SELECT 1 FROM history h WHERE h.message = ledger.message AND h.state <> 'cancelled')
	AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = ledger.message)`

func (im *importing) changedLoan(c *data.Changed, owners map[string]int64) error {
	if c.Was == nil || c.Is == nil {
		return im.step(1)
	}
	old, err := im.oldLoan(c.Was.ID)
	if err != nil {
		return err
	}
	patron := owners[foldedKey(c.Owner)]
	if patron == 0 {
		patron = old.Patron
	}
	im.record.Changed++
	return im.writeLoan(old.ID, patron, c.Is, old)
}

func (im *importing) writeLoan(id, patron int64, list *data.Loan, old data.Loan) error {
	l := mergedLoan(old, list, im.set.Batch.Known)
	l = plainLoan(&l)
	_, err := im.s.exec(im.tx, updateLoan, patron, l.Barcode, l.Title, l.Author, l.CallNumber, int64(l.Due), int64(l.Issued), l.Price, 0, id)
	if err != nil {
		return err
	}
	return im.step(1)
}

const updateLoan = `UPDATE loan SET patron = ?, barcode = ?, title = ?, author = ?, call_number = ?, due = ?, issued = ?, price = ?,
	returned_at = ? WHERE id = ?`

func (im *importing) oldLoan(id int64) (data.Loan, error) {
	old, err := oneLoan(im.s.row(im.tx, `SELECT `+loanColumns+` FROM loan l WHERE l.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return old, &data.Error{Code: data.CodeConflict, Sentence: "A loan of this list was deleted meanwhile.", Next: "Look at the changes once more.", Err: err}
	}
	if err != nil {
		return old, err
	}
	return old, im.before("loan", id, old)
}

func plainLoan(l *data.Loan) data.Loan {
	p := *l
	for _, s := range [...]*string{&p.Key, &p.Barcode, &p.Title, &p.Author, &p.CallNumber, &p.Price} {
		*s = plain(*s)
	}
	return p
}

func mergedLoan(old data.Loan, list *data.Loan, known map[string]bool) data.Loan {
	l := *list
	if len(known) == 0 {
		return l
	}
	for field, at := range map[string]func(*data.Loan) *string{
		"barcode": func(l *data.Loan) *string { return &l.Barcode }, "title": func(l *data.Loan) *string { return &l.Title },
		"author": func(l *data.Loan) *string { return &l.Author }, "call_number": func(l *data.Loan) *string { return &l.CallNumber },
		"price": func(l *data.Loan) *string { return &l.Price },
	} {
		if !known[field] {
			*at(&l) = *at(&old)
		}
	}
	if !known["due"] {
		l.Due = old.Due
	}
	if !known["issued"] {
		l.Issued = old.Issued
	}
	return l
}
