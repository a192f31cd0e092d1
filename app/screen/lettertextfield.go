package screen

import (
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// State says what text this is.
func (t *LetterText) State() string {
	say := t.desk.Say
	switch {
	case t.missing:
		return say("This letter is not written in this language. Patrons of this language get the text below as it is, in the other language, until you save one of their own.")
	case t.theirs:
		return say("Somebody else has saved this text meanwhile. If you save yours, theirs is kept among the earlier versions.")
	case t.Own():
		return say("A letter of your own, saved {{.When}}.", With("When", t.desk.When(t.base.Saved)))
	case t.base.Own:
		return say("Your own text, saved {{.When}}.", With("When", t.desk.When(t.base.Saved)))
	}
	return say("The original text.")
}

// Subject is that of the text, as typed.
func (t *LetterText) Subject() string { return t.draft.Subject }

// Body is the text as typed, lines parted by \n.
func (t *LetterText) Body() string { return t.draft.Body }

// Title is what a letter of the school's own is called, as typed.
func (t *LetterText) Title() string { return t.draft.Name }

// SetSubject takes what was typed.
func (t *LetterText) SetSubject(typed string) { t.write(func(d *data.Template) { d.Subject = typed }) }

// SetBody takes what was typed.
func (t *LetterText) SetBody(typed string) { t.write(func(d *data.Template) { d.Body = typed }) }

// SetTitle takes what was typed.
func (t *LetterText) SetTitle(typed string) {
	if t.Own() {
		t.write(func(d *data.Template) { d.Name = typed })
	}
}

func (t *LetterText) write(change func(d *data.Template)) {
	before := t.draft
	change(&t.draft)
	if sameText(&before, &t.draft) {
		return
	}
	if !t.said.Bad || t.busy == "" {
		t.said = Said{}
	}
	t.look()
	t.changed()
}

func sameText(a, b *data.Template) bool {
	return a.Subject == b.Subject && a.Body == b.Body && a.Name == b.Name && slices.Equal(a.Columns, b.Columns)
}

// TextColumn is one of the table of items.
type TextColumn struct {
	Words string
	On    bool
}

// Columns are those the table of items can have.
func (t *LetterText) Columns() []TextColumn {
	say := t.desk.Say
	words := map[string]string{
		"title": say("Title"), "author": say("Author"), "barcode": say("Barcode"), "call-number": say("Call number"), "due": say("Due date"), "late": say("Days late"), "price": say("Price"),
	}
	var all []TextColumn
	for _, c := range letter.Columns() {
		all = append(all, TextColumn{Words: words[c], On: slices.Contains(t.draft.Columns, c)})
	}
	return all
}

// SetColumn puts a column in or leaves it out.
func (t *LetterText) SetColumn(i int, on bool) {
	all := letter.Columns()
	if i < 0 || i >= len(all) {
		return
	}
	t.write(func(d *data.Template) {
		var next []string
		for k, c := range all {
			if k == i && on || k != i && slices.Contains(d.Columns, c) {
				next = append(next, c)
			}
		}
		d.Columns = next
	})
}

// Placeholders are what can be put into a text, with what comes in their place.
func (d *Desk) Placeholders() []Line {
	var all []Line
	for _, p := range letter.Placeholders() {
		all = append(all, Line{Label: p.Name, Text: d.Say(p.Hint)})
	}
	return all
}
