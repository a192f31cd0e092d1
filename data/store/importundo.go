package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"

	"smtpgateway/data"
)

// UndoImport takes the last import of a kind back, in one transaction: who or what it brought is removed, what it changed
// or let go is as it was, and letters it cancelled wait again. What somebody did something with since stays as it is and
// is counted in Kept: a patron edited, held or with loans or mail by now, a loan that is held, a letter a person touched.
// CodeNotNow: there is none, or what undoing it needs is no longer kept: only the very last one can be taken back.
func (s *Store) UndoImport(ctx context.Context, kind data.RosterKind) (data.ImportRecord, error) {
	var record data.ImportRecord
	err := s.update(ctx, func(tx *work) error {
		u := &undoing{s: s, tx: tx}
		var err error
		record, err = u.run(kind)
		return err
	})
	return record, err
}

type undoing struct {
	s        *Store
	tx       *work
	record   data.ImportRecord
	revision int64 // the import wrote
	w        *patronWriter
}

func (u *undoing) run(kind data.RosterKind) (data.ImportRecord, error) {
	var err error
	u.record, err = oneImport(u.s.row(u.tx, `SELECT `+importColumns+` FROM import WHERE kind = ? AND undone_at = 0 ORDER BY id DESC LIMIT 1`, string(kind)))
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !u.record.Undoable) {
		return u.record, &data.Error{
			Code: data.CodeNotNow, Sentence: "There is no import that can be undone.", Next: "Only the last one can; take an earlier list in again instead.", Err: err,
		}
	}
	if err != nil {
		return u.record, err
	}
	var first, last int64
	if err := u.s.row(u.tx, `SELECT revision, new_first, new_last FROM import WHERE id = ?`, u.record.ID).Scan(&u.revision, &first, &last); err != nil {
		return u.record, err
	}
	if u.w, err = u.s.patronWriter(u.tx); err != nil {
		return u.record, err
	}
	if err := u.restore(); err != nil {
		return u.record, err
	}
	for id := first; id <= last; id++ {
		remove := u.removePatron
		if kind == data.RosterLoans {
			remove = u.removeLoan
		}
		if err := remove(id); err != nil {
			return u.record, err
		}
	}
	if err := u.revive(); err != nil {
		return u.record, err
	}
	if err := u.w.close(); err != nil {
		return u.record, err
	}
	return u.record, u.end()
}

type keptRow struct {
	id   int64
	what string
	text string
}

func (u *undoing) rows(what string) ([]keptRow, error) {
	rows, err := u.s.rows(u.tx, `SELECT id, what, before FROM import_row WHERE import = ? AND what = ? ORDER BY id`, u.record.ID, what)
	return collect(rows, err, func(rows scanner) (r keptRow, err error) {
		err = rows.Scan(&r.id, &r.what, &r.text)
		return r, err
	})
}

// restore writes changed rows as they were.
func (u *undoing) restore() error {
	all, err := u.rows("patron")
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := u.restorePatron(r); err != nil {
			return err
		}
	}
	if all, err = u.rows("loan"); err != nil {
		return err
	}
	for _, r := range all {
		var l data.Loan
		if err := json.Unmarshal([]byte(r.text), &l); err != nil {
			return err
		}
		// A patron may have been deleted, and the loan with it.
		_, err := u.s.exec(u.tx, updateLoan+` AND EXISTS (SELECT 1 FROM patron WHERE id = loan.patron)`,
			l.Patron, l.Barcode, l.Title, l.Author, l.CallNumber, int64(l.Due), int64(l.Issued), l.Price, millis(l.Returned), l.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *undoing) restorePatron(r keptRow) error {
	var old data.Patron
	if err := json.Unmarshal([]byte(r.text), &old); err != nil {
		return err
	}
	now, err := u.s.patronOf(u.tx, r.id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var revision int64
	if err := u.s.row(u.tx, `SELECT revision FROM patron WHERE id = ?`, r.id).Scan(&revision); err != nil {
		return err
	}
	if revision != u.revision {
		u.record.Kept++
		return u.rebase(&now, &old)
	}
	taken, err := u.w.update(&old, now.Guardians)
	if err != nil {
		return err
	}
	if taken {
		u.record.Kept++
		return nil
	}
	_, err = u.s.exec(u.tx, `DELETE FROM patron_event WHERE patron = ? AND at = ? AND kind = ?`, r.id, millis(u.record.At), eventImport)
	return err
}

// rebase makes the marks of a patron somebody edited since say what the list had said before this import: the next list
// says that again, and what was entered by hand is to outlive it.
func (u *undoing) rebase(now, old *data.Patron) error {
	if len(now.ByHand) == 0 {
		return nil
	}
	p, list := *now, old.OfList()
	p.ByHand = map[string]string{}
	for f := range now.ByHand {
		if said := list.Field(f); said != now.Field(f) {
			p.ByHand[f] = said
		}
	}
	if maps.Equal(p.ByHand, now.ByHand) {
		return nil
	}
	_, err := u.w.update(&p, p.Guardians)
	return err
}

// removePatron removes a patron the import brought, if nothing hangs on the row by now.
func (u *undoing) removePatron(id int64) error {
	var revision int64
	var used bool
	err := u.s.row(u.tx, `SELECT revision, EXISTS (SELECT 1 FROM loan WHERE patron = ?1) OR EXISTS (SELECT 1 FROM letter WHERE patron = ?1)
		FROM patron WHERE id = ?1`, id).Scan(&revision, &used)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case used || revision != u.revision:
		u.record.Kept++
		return nil
	}
	return u.w.remove(id)
}

func (u *undoing) removeLoan(id int64) error {
	var held bool
	err := u.s.row(u.tx, `SELECT hold_until <> 0 FROM loan WHERE id = ?`, id).Scan(&held)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case held:
		u.record.Kept++
		return nil
	}
	_, err = u.s.exec(u.tx, `DELETE FROM loan WHERE id = ?`, id)
	return err
}

// revive lets letters wait again that the import cancelled.
func (u *undoing) revive() error {
	all, err := u.rows("delivery")
	if err != nil {
		return err
	}
	for _, r := range all {
		var c cancelledDelivery
		if err := json.Unmarshal([]byte(r.text), &c); err != nil {
			return err
		}
		b := c.before()
		ok, err := u.s.uncancel(u.tx, &b)
		if err != nil {
			return err
		}
		if !ok {
			u.record.Kept++
		}
	}
	return nil
}

func (u *undoing) end() error {
	r := &u.record
	r.Undone, r.Undoable = moment(millis(u.s.now())), false
	counts, err := json.Marshal(importCounts{r.Rows, r.New, r.Changed, r.Gone, r.Same, r.Problems, r.Notices, r.Kept})
	if err != nil {
		return err
	}
	if _, err := u.s.exec(u.tx, `UPDATE import SET undone_at = ?, kept = 0, counts = ? WHERE id = ?`, millis(r.Undone), string(counts), r.ID); err != nil {
		return err
	}
	_, err = u.s.exec(u.tx, `DELETE FROM import_row WHERE import = ?`, r.ID)
	return err
}
