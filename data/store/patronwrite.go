package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Kinds of patron_event.
const (
	eventImport  = "import"
	eventPerson  = "person"
	eventAddress = "address"
)

// patronOf is Patron inside a change; sql.ErrNoRows: there is none.
func (s *Store) patronOf(tx *work, id int64) (data.Patron, error) {
	p, err := onePatron(s.row(tx, `SELECT `+patronColumns+` FROM patron p WHERE p.id = ?`, id))
	if err != nil {
		return p, err
	}
	rows, err := s.rows(tx, `SELECT `+guardianColumns+` FROM guardian g WHERE g.patron = ? ORDER BY g.seq`, id)
	all, err := collect(rows, err, oneGuardian)
	for _, g := range all {
		p.Guardians = append(p.Guardians, g.Guardian)
	}
	return p, err
}

func (s *Store) patronEvent(tx *work, patron int64, kind, text string, at int64) error {
	_, err := s.exec(tx, `INSERT INTO patron_event (patron, at, kind, text) VALUES (?, ?, ?, ?)`, patron, at, kind, text)
	return err
}

// patronWriter writes patrons in one change.
type patronWriter struct {
	s        *Store
	tx       *work
	revision int64
	bad      map[string]bool
	roll     rollEdit
}

func (s *Store) patronWriter(tx *work) (*patronWriter, error) {
	revision, err := s.raise(tx)
	if err != nil {
		return nil, err
	}
	bad, err := s.badAddresses(tx)
	return &patronWriter{s: s, tx: tx, revision: revision, bad: bad, roll: rollEdit{}}, err
}

// close writes what the rows written are searched by.
func (w *patronWriter) close() error { return w.s.writeRoll(w.tx, w.roll) }

// plain is a text of a list as it is kept: without the sign that parts what Roster reads. Titles of some systems have it.
func plain(s string) string {
	if strings.IndexByte(s, packedGap[0]) < 0 {
		return s
	}
	return strings.ReplaceAll(s, packedGap, " ")
}

func plainPatron(p *data.Patron) {
	for _, s := range [...]*string{&p.Key, &p.Card, &p.First, &p.Last, &p.Group, &p.Level, &p.Email, &p.Language, &p.Address, &p.HoldReason} {
		*s = plain(*s)
	}
}

// insert makes a new patron and sets the number. taken: there is one of this key.
func (w *patronWriter) insert(p *data.Patron) (taken bool, err error) {
	plainPatron(p)
	sort := sortOf(p)
	res, err := w.s.exec(w.tx, `INSERT INTO patron (key, folded, card, first_name, last_name, sort, grp, level, email, language, auto_overdue,
		address, hold_until, hold_reason, left_day, changed_at, by_hand, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		p.Key, foldedKey(p.Key), p.Card, p.First, p.Last, sort, p.Group, p.Level, p.Email, p.Language, p.AutoOverdue,
		p.Address, int64(p.HoldUntil), p.HoldReason, int64(p.Left), millis(p.Changed), marksText(p.ByHand), w.revision)
	n, err := changed(res, err)
	if err != nil || n == 0 {
		return n == 0, err
	}
	if p.ID, err = res.LastInsertId(); err != nil {
		return false, err
	}
	w.roll.set(p.ID, rollLine(p, sort, isBad(p, w.bad)))
	return false, w.guardians(p)
}

func (w *patronWriter) guardians(p *data.Patron) error {
	for i, g := range p.Guardians {
		_, err := w.s.exec(w.tx, `INSERT INTO guardian (patron, seq, name, email, role, notices) VALUES (?, ?, ?, ?, ?, ?)`,
			p.ID, i, g.Name, g.Email, g.Role, g.Notices)
		if err != nil {
			return err
		}
	}
	return nil
}

// update writes a patron over the row of the same number, whose guardians were these. taken: another one has this key.
func (w *patronWriter) update(p *data.Patron, were []data.Guardian) (taken bool, err error) {
	plainPatron(p)
	sort := sortOf(p)
	n, err := changed(w.s.exec(w.tx, `UPDATE OR IGNORE patron SET key = ?, folded = ?, card = ?, first_name = ?, last_name = ?, sort = ?, grp = ?,
			level = ?, email = ?, language = ?, auto_overdue = ?, address = ?, hold_until = ?, hold_reason = ?, left_day = ?, changed_at = ?,
			by_hand = ?, revision = ?
		WHERE id = ?`,
		p.Key, foldedKey(p.Key), p.Card, p.First, p.Last, sort, p.Group, p.Level, p.Email, p.Language, p.AutoOverdue,
		p.Address, int64(p.HoldUntil), p.HoldReason, int64(p.Left), millis(p.Changed),
		marksText(p.ByHand), w.revision, p.ID))
	if err != nil || n == 0 {
		return n == 0, err
	}
	w.roll.set(p.ID, rollLine(p, sort, isBad(p, w.bad)))
	if slices.Equal(p.Guardians, were) {
		return false, nil
	}
	if _, err := w.s.exec(w.tx, `DELETE FROM guardian WHERE patron = ?`, p.ID); err != nil {
		return false, err
	}
	return false, w.guardians(p)
}

// remove deletes a patron with all that hangs on the row.
func (w *patronWriter) remove(id int64) error {
	w.roll.set(id, "")
	_, err := w.s.exec(w.tx, `DELETE FROM patron WHERE id = ?`, id)
	return err
}

// SavePatron writes a patron a person made (ID 0) or changed, with all fields but Changed, and gives the number.
// Fields a list may speak of are marked in ByHand, whatever p has there.
// Changed says how the caller knows the patron; zero: whatever is there is overwritten. CodeConflict: another patron has this
// key, or the patron was changed since Changed. CodeNotFound: this patron is gone. CodeUsage: no key, or neither name.
func (s *Store) SavePatron(ctx context.Context, p data.Patron) (int64, error) {
	if err := checkPatron(&p); err != nil {
		return 0, err
	}
	before := p.Changed
	p.Changed = s.now()
	err := s.update(ctx, func(tx *work) error {
		var old data.Patron
		text := "Entered by hand."
		if p.ID != 0 {
			var err error
			if old, err = s.patronOf(tx, p.ID); err != nil {
				return noPatron(err)
			}
			what := differences(&old, &p)
			if len(what) == 0 {
				return nil
			}
			if !before.IsZero() && !before.Equal(old.Changed) {
				return &data.Error{
					Code: data.CodeConflict, Sentence: "Somebody else, or a list that was taken in, has changed this patron meanwhile.",
					Next: "Look at the patron again.",
				}
			}
			text = "Changed by hand: " + strings.Join(what, ", ") + "."
		}
		p.ByHand = p.ChangedByHand(&old)
		w, err := s.patronWriter(tx)
		if err != nil {
			return err
		}
		var taken bool
		if p.ID == 0 {
			taken, err = w.insert(&p)
		} else {
			taken, err = w.update(&p, old.Guardians)
		}
		switch {
		case err != nil:
			return err
		case taken:
			return &data.Error{
				Code: data.CodeConflict, Sentence: fmt.Sprintf("Another patron has the key %q already.", data.Clean(p.Key, 60)),
				Next: "Use another key, or look for that patron in the list.",
			}
		}
		if err := s.patronEvent(tx, p.ID, eventPerson, text, millis(p.Changed)); err != nil {
			return err
		}
		return w.close()
	})
	if err != nil {
		return 0, err
	}
	return p.ID, nil
}

func checkPatron(p *data.Patron) error {
	p.Key = strings.TrimSpace(p.Key)
	if p.Key == "" {
		return &data.Error{Code: data.CodeUsage, Sentence: "The patron has no key.", Next: "Enter the number by which your library system knows the patron, or the one on the card."}
	}
	if strings.TrimSpace(p.First+p.Last) == "" {
		return &data.Error{Code: data.CodeUsage, Sentence: "The patron has no name.", Next: "Enter a first or a last name."}
	}
	for _, a := range addressesOf(p) {
		if _, err := data.ParseAddress(a); err != nil {
			return err
		}
	}
	return nil
}

// differences names what a person changed, in the words of the window.
func differences(a, b *data.Patron) []string {
	var what []string
	for _, d := range []struct {
		differs bool
		name    string
	}{
		{a.Key != b.Key, "key"},
		{a.Card != b.Card, "card"},
		{a.First != b.First || a.Last != b.Last, "name"},
		{a.Group != b.Group, "group"},
		{a.Level != b.Level, "level"},
		{a.Email != b.Email, "e-mail"},
		{!slices.Equal(a.Guardians, b.Guardians), "guardians"},
		{a.Language != b.Language, "language"},
		{a.AutoOverdue != b.AutoOverdue, "automatic notices " + onOff(b.AutoOverdue)},
		{a.Address != b.Address, "address"},
		{a.HoldUntil != b.HoldUntil || a.HoldReason != b.HoldReason, "hold"},
		{a.Left != b.Left, "left"},
	} {
		if d.differs {
			what = append(what, d.name)
		}
	}
	return what
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// HoldPatron lets letters and notices to a patron rest up to and including a day; 0 lifts the hold. CodeNotFound: this
// patron is gone.
func (s *Store) HoldPatron(ctx context.Context, id int64, until data.Date, reason string) error {
	return s.update(ctx, func(tx *work) error {
		p, err := s.patronOf(tx, id)
		if err != nil {
			return noPatron(err)
		}
		w, err := s.patronWriter(tx)
		if err != nil {
			return err
		}
		p.HoldUntil, p.HoldReason, p.Changed = until, heldFor(until, reason), s.now()
		if _, err := w.update(&p, p.Guardians); err != nil {
			return err
		}
		if err := s.patronEvent(tx, id, eventPerson, holdWords("Letters and notices", "rest", "go out again", until, p.HoldReason), millis(p.Changed)); err != nil {
			return err
		}
		return w.close()
	})
}

// HoldLoan lets letters and notices about a loan rest up to and including a day; 0 lifts the hold. CodeNotFound: this
// loan is gone.
func (s *Store) HoldLoan(ctx context.Context, id int64, until data.Date, reason string) error {
	return s.update(ctx, func(tx *work) error {
		var patron int64
		var title string
		err := s.row(tx, `SELECT patron, title FROM loan WHERE id = ?`, id).Scan(&patron, &title)
		if errors.Is(err, sql.ErrNoRows) {
			return &data.Error{Code: data.CodeNotFound, Sentence: "This loan is not in the list any more.", Next: "Look at the list again.", Err: err}
		}
		if err != nil {
			return err
		}
		if _, err := s.raise(tx); err != nil {
			return err
		}
		if _, err := s.exec(tx, `UPDATE loan SET hold_until = ?, hold_reason = ? WHERE id = ?`, int64(until), heldFor(until, reason), id); err != nil {
			return err
		}
		what := "Notices about one loan"
		if title != "" {
			what = fmt.Sprintf("Notices about %q", data.Clean(title, 80))
		}
		return s.patronEvent(tx, patron, eventPerson, holdWords(what, "rest", "go out again", until, heldFor(until, reason)), millis(s.now()))
	})
}

func heldFor(until data.Date, reason string) string {
	if until == 0 {
		return ""
	}
	return plain(strings.TrimSpace(reason))
}

func holdWords(what, rest, again string, until data.Date, reason string) string {
	switch {
	case until == 0:
		return what + " " + again + "."
	case reason == "":
		return fmt.Sprintf("%s %s up to %s.", what, rest, until)
	}
	return fmt.Sprintf("%s %s up to %s: %s", what, rest, until, reason)
}
