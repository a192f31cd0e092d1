package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"smtpgateway/data"
)

// patrons writes a list of patrons, or of addresses for them.
func (im *importing) patrons() error {
	w, err := im.s.patronWriter(im.tx)
	if err != nil {
		return err
	}
	today := data.DateOf(im.s.now().Local())
	for _, c := range im.newer {
		if err := im.newPatron(w, c.After); err != nil {
			return err
		}
	}
	for i := range im.set.Changed {
		if err := im.changedPatron(w, &im.set.Changed[i]); err != nil {
			return err
		}
	}
	for i := range im.set.Settled {
		if err := im.settledPatron(w, &im.set.Settled[i]); err != nil {
			return err
		}
	}
	for i := range im.set.Gone {
		if err := im.gonePatron(w, &im.set.Gone[i], today); err != nil {
			return err
		}
	}
	return w.close()
}

func (im *importing) newPatron(w *patronWriter, after *data.Patron) error {
	if after == nil {
		return im.step(1)
	}
	p := *after
	p.HoldUntil, p.HoldReason, p.ByHand, p.Changed = 0, "", nil, moment(im.now)
	taken, err := w.insert(&p)
	if err != nil {
		return err
	}
	if taken {
		im.record.Same++ // twice in the list: the first one counts
		return im.step(1)
	}
	im.record.New++
	return im.step(1)
}

func (im *importing) changedPatron(w *patronWriter, c *data.Changed) error {
	if c.Before == nil || c.After == nil {
		return im.step(1)
	}
	old, err := im.oldPatron(c.Before.ID)
	if err != nil {
		return err
	}
	p := merged(old, c.After, im.set.Batch.Known)
	p.Changed = moment(im.now)
	taken, err := w.update(&p, old.Guardians)
	if err != nil {
		return err
	}
	if taken {
		return &data.Error{
			Code: data.CodeConflict, Sentence: fmt.Sprintf("Row %d gives a patron the key %q, which another patron has.", c.Row, data.Clean(p.Key, 60)),
			Next: "Mend the list, then take it in again.",
		}
	}
	im.record.Changed++
	switch {
	case switchedOff(&old, &p):
		err = im.endLetters(p.ID, noticesAreOff, true)
	case old.Left != 0, switchedOff(&p, &old):
		_, err = im.s.exec(im.tx, patronUntold, p.ID, patronIsGone, noticesAreOff)
	}
	if err != nil {
		return err
	}
	if text := tellingChange(&old, &p); text != "" {
		if err := im.s.patronEvent(im.tx, p.ID, eventImport, text, im.now); err != nil {
			return err
		}
	}
	return im.step(1)
}

// settledPatron forgets what a person had entered, where the list says the same by now.
func (im *importing) settledPatron(w *patronWriter, c *data.Changed) error {
	if c.Before == nil || c.After == nil {
		return im.step(1)
	}
	p, err := im.oldPatron(c.Before.ID)
	if err != nil {
		return err
	}
	p.ByHand = c.After.ByHand
	if _, err := w.update(&p, p.Guardians); err != nil {
		return err
	}
	return im.step(1)
}

func (im *importing) gonePatron(w *patronWriter, c *data.Changed, today data.Date) error {
	if c.Before == nil {
		return im.step(1)
	}
	p, err := im.oldPatron(c.Before.ID)
	if err != nil {
		return err
	}
	p.Left, p.Changed = today, moment(im.now)
	if c.After != nil && c.After.Left != 0 {
		p.Left = c.After.Left
	}
	if _, err := w.update(&p, p.Guardians); err != nil {
		return err
	}
	im.record.Gone++
	if err := im.endLetters(p.ID, patronIsGone, false); err != nil {
		return err
	}
	if err := im.s.patronEvent(im.tx, p.ID, eventImport, "No longer in the list of patrons: left.", im.now); err != nil {
		return err
	}
	return im.step(1)
}

// oldPatron reads a patron who is about to change, and keeps how the row was.
func (im *importing) oldPatron(id int64) (data.Patron, error) {
	old, err := im.s.patronOf(im.tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return old, &data.Error{Code: data.CodeConflict, Sentence: "A patron of this list was deleted meanwhile.", Next: "Look at the changes once more.", Err: err}
	}
	if err != nil {
		return old, err
	}
	return old, im.before("patron", id, old)
}

// merged is the patron as the list has it, in the fields it speaks of, with the marks of what was entered by hand. Who is in
// a list is there.
func merged(old data.Patron, list *data.Patron, known map[string]bool) data.Patron {
	p := *list
	p.ID, p.HoldUntil, p.HoldReason, p.Left = old.ID, old.HoldUntil, old.HoldReason, 0
	if len(known) == 0 {
		return p
	}
	has := func(fields ...string) bool {
		for _, f := range fields {
			if known[f] {
				return true
			}
		}
		return false
	}
	keep := func(said bool, to *string, was string) {
		if !said {
			*to = was
		}
	}
	keep(has("key") || p.Key != "", &p.Key, old.Key)
	keep(has("card"), &p.Card, old.Card)
	keep(has("first", "name", "nickname"), &p.First, old.First)
	keep(has("last", "name"), &p.Last, old.Last)
	keep(has("group"), &p.Group, old.Group)
	keep(has("level"), &p.Level, old.Level)
	keep(has("email"), &p.Email, old.Email)
	keep(has("language"), &p.Language, old.Language)
	keep(has("address", "address2", "zip", "city"), &p.Address, old.Address)
	if !has("guardian_email", "guardian_name", "guardian_role") {
		p.Guardians = old.Guardians
	}
	if !has("auto_overdue") {
		p.AutoOverdue = old.AutoOverdue
	}
	return p
}

// tellingChange says what of a change matters to whoever asks why a notice came or did not; empty: nothing does. A new
// class for everybody each summer is not worth fifty thousand lines.
func tellingChange(old, p *data.Patron) string {
	var what []string
	if old.Left != 0 && p.Left == 0 {
		what = append(what, "back in the list")
	}
	for _, d := range differences(old, p) {
		if d == "e-mail" || d == "guardians" || strings.HasPrefix(d, "automatic notices") {
			what = append(what, d)
		}
	}
	if len(what) == 0 {
		return ""
	}
	return "Changed by the list of patrons: " + strings.Join(what, ", ") + "."
}
