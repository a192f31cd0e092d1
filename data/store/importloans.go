package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

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
	for i := range im.set.New {
		if err := im.newLoan(&im.set.New[i], owners, back); err != nil {
			return err
		}
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
		if err := im.step(); err != nil {
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
	l := c.Is
	if l == nil {
		return im.step()
	}
	patron := owners[foldedKey(c.Owner)]
	if patron == 0 {
		patron = l.Patron
	}
	if patron == 0 {
		im.record.Problems++
		return im.step()
	}
	if back {
		var id int64
		err := im.s.row(im.tx, `SELECT id FROM loan WHERE key = ?`, l.Key).Scan(&id)
		if err == nil {
			return im.sameLoan(id, patron, l)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	res, err := im.s.exec(im.tx, `INSERT INTO loan (patron, key, barcode, title, author, call_number, due, issued, price)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, patron, l.Key, l.Barcode, l.Title, l.Author, l.CallNumber, int64(l.Due), int64(l.Issued), l.Price)
	n, err := changed(res, err)
	if err != nil {
		return err
	}
	if n == 0 {
		im.record.Same++ // twice in the list: the first one counts
		return im.step()
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	if err := im.made(id); err != nil {
		return err
	}
	return im.step()
}

// sameLoan is a loan that came back into the list: it is the one it was, with its hold.
func (im *importing) sameLoan(id, patron int64, l *data.Loan) error {
	old, err := im.oldLoan(id)
	if err != nil {
		return err
	}
	if old.Returned.IsZero() {
		im.record.Same++ // twice in the list
		return im.step()
	}
	im.record.New++
	return im.writeLoan(id, patron, l, old)
}

func (im *importing) changedLoan(c *data.Changed, owners map[string]int64) error {
	if c.Was == nil || c.Is == nil {
		return im.step()
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
	_, err := im.s.exec(im.tx, updateLoan, patron, l.Barcode, l.Title, l.Author, l.CallNumber, int64(l.Due), int64(l.Issued), l.Price, 0, id)
	if err != nil {
		return err
	}
	return im.step()
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

// loanIsBack is what a person reads at a letter that an import cancelled.
const loanIsBack = "The loan is back."

// cancelBack cancels what waits or is held and speaks of nothing but loans that came back, one of them just now. What
// may have arrived already and is held for a person to decide is cancelled too: there is nothing to remind of.
func (im *importing) cancelBack(gone map[string]bool) error {
	if len(gone) == 0 {
		return nil
	}
	type live struct {
		id    int64
		loans string
	}
	rows, err := im.s.rows(im.tx, `SELECT d.id, l.loans FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
		WHERE d.class IN (4, 6) AND d.state IN ('waiting', 'held') ORDER BY d.id`)
	all, err := collect(rows, err, func(rows scanner) (l live, err error) {
		err = rows.Scan(&l.id, &l.loans)
		return l, err
	})
	if err != nil {
		return err
	}
	for _, l := range all {
		var keys []string
		if err := json.Unmarshal([]byte(l.loans), &keys); err != nil {
			return err
		}
		if !slices.ContainsFunc(keys, func(k string) bool { return gone[k] }) {
			continue
		}
		out, err := im.anyOut(keys, gone)
		if err != nil {
			return err
		}
		if out {
			continue
		}
		b, ok, err := im.s.step(im.tx, StepCancel, l.id, im.now, loanIsBack)
		if err != nil {
			return err
		}
		if ok {
			im.record.Notices++
			if err := im.before("delivery", l.id, cancelledBefore(&b)); err != nil {
				return err
			}
		}
	}
	return nil
}

// anyOut reports whether one of some loans is still out.
func (im *importing) anyOut(keys []string, gone map[string]bool) (bool, error) {
	for _, k := range keys {
		if gone[k] {
			continue
		}
		var out bool
		if err := im.s.row(im.tx, `SELECT EXISTS (SELECT 1 FROM loan WHERE key = ? AND returned_at = 0)`, k).Scan(&out); err != nil || out {
			return out, err
		}
	}
	return false, nil
}
