package screen

import (
	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// Free reports whether the text is typed here.
func (l *Letters) Free() bool { return l.choice.key == letter.KeyFree }

// freeText is the text of the free letter as it stands in the fields.
func (l *Letters) freeText() data.Template {
	if l.choice.text != nil {
		return *l.choice.text
	}
	return l.known.free
}

// Subject is that of the free letter.
func (l *Letters) Subject() string { return l.freeText().Subject }

// Text is that of the free letter.
func (l *Letters) Text() string { return l.freeText().Body }

// SetSubject takes what was typed.
func (l *Letters) SetSubject(typed string) { l.write(func(t *data.Template) { t.Subject = typed }) }

// SetText takes what was typed.
func (l *Letters) SetText(typed string) { l.write(func(t *data.Template) { t.Body = typed }) }

func (l *Letters) write(change func(t *data.Template)) {
	t := l.freeText()
	change(&t)
	if t.Subject == l.Subject() && t.Body == l.Text() {
		return
	}
	l.choice.text = &t
	l.changed()
}

// TextProblems are what is wrong with the text of the free letter.
func (l *Letters) TextProblems() []TextProblem {
	if !l.Free() {
		return nil
	}
	t := l.freeText()
	return l.desk.textProblems(&t)
}

// MendText takes a suggestion.
func (l *Letters) MendText(p TextProblem) { l.write(func(t *data.Template) { p.mend(t) }) }

// typed is the text of the free letter in every language: people read what was typed, with dates and names of columns in
// their own. None: no text was typed.
func (c *letterChoice) typed() []data.Template {
	if c.text == nil {
		return nil
	}
	var all []data.Template
	for _, language := range data.Languages() {
		t := *c.text
		t.Key, t.Language = typedKey, language
		all = append(all, t)
	}
	return all
}
