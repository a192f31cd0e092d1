package screen

import (
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// TextProblem is something wrong with the text of a letter, with its place.
type TextProblem struct {
	Words   string
	Warning bool   // it works, but is hardly meant so
	Offer   string // what to put there instead; empty: nothing can be offered

	of letter.Problem
}

// textProblems are what is wrong with a text.
func (d *Desk) textProblems(t *data.Template) []TextProblem {
	var all []TextProblem
	for _, p := range letter.Check(*t) {
		words := p.Sentence
		switch {
		case p.Field == letter.FieldSubject:
			words = d.Say("Subject: {{.Sentence}}", With("Sentence", words))
		case p.Field == letter.FieldBody && p.Line > 0 && p.Column > 0:
			words = d.Say("Line {{.Line}}: {{.Sentence}}", With("Line", p.Line, "Sentence", words))
		}
		all = append(all, TextProblem{Words: words, Warning: p.Warning, Offer: p.Suggest, of: p})
	}
	return all
}

// mend puts what is offered in its place; a text that changed meanwhile stays.
func (p *TextProblem) mend(t *data.Template) {
	switch {
	case p.Offer == "":
	case p.of.Field == letter.FieldSubject:
		t.Subject, _ = replaceBracket(strings.TrimSpace(t.Subject), p.of.Column, p.Offer)
	case p.of.Column == 0:
		t.Body = strings.TrimRight(t.Body, "\n") + "\n\n" + p.Offer + "\n"
	default:
		lines := strings.Split(t.Body, "\n")
		if i := p.of.Line - 1; i >= 0 && i < len(lines) {
			lines[i], _ = replaceBracket(lines[i], p.of.Column, p.Offer)
			t.Body = strings.Join(lines, "\n")
		}
	}
}

// replaceBracket puts something in place of the square bracket that begins at a column.
func replaceBracket(line string, column int, with string) (string, bool) {
	runes := []rune(line)
	if column < 1 || column > len(runes) || runes[column-1] != '[' {
		return line, false
	}
	_, rest, closed := strings.Cut(string(runes[column-1:]), "]")
	if !closed {
		return line, false
	}
	return string(runes[:column-1]) + with + rest, true
}
