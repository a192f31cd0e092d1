package itsheet

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// How the text stands, in characters.
const (
	textWide  = 78
	textLabel = 24
)

// Text is the request for an e-mail or the clipboard: plain lines of at most 78 characters; only what a machine must read as it
// stands may be longer.
func (s *Sheet) Text() string {
	var b strings.Builder
	b.WriteString(strings.ToUpper(s.Title) + "\n\n")
	for _, l := range wrap(s.Intro, textWide) {
		b.WriteString(l + "\n")
	}
	for i := range s.Parts {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, s.Parts[i].Title)
		for _, l := range s.Parts[i].Lines {
			l.text(&b)
		}
	}
	b.WriteString("\n" + s.Foot + "\n")
	return b.String()
}

func (l *Line) text(b *strings.Builder) {
	label, value := l.Label, l.Text
	switch {
	case l.Blank:
		value = strings.Repeat("_", textWide-textLabel-3)
	case l.Tick:
		value = "[ ] " + value
	}
	indent := strings.Repeat(" ", textLabel+3)
	for i, part := range wrap(value, textWide-textLabel-3) {
		if i == 0 {
			pad := max(0, textLabel-utf8.RuneCountInString(label))
			b.WriteString("   " + label + strings.Repeat(" ", pad) + part + "\n")
		} else {
			b.WriteString(indent + part + "\n")
		}
	}
	for _, raw := range l.Raw {
		b.WriteString(indent + raw + "\n")
	}
}

// wrap parts a text at blanks; a word that is too long stays whole.
func wrap(text string, width int) []string {
	var all []string
	now := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case now == "":
			now = word
		case utf8.RuneCountInString(now)+1+utf8.RuneCountInString(word) <= width:
			now += " " + word
		default:
			all = append(all, now)
			now = word
		}
	}
	return append(all, now)
}
