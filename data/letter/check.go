package letter

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

// The fields of a template a problem is in.
const (
	FieldSubject = "subject"
	FieldBody    = "body"
	FieldColumns = "columns"
)

// Problem is something wrong with a template, or with what it would print.
type Problem struct {
	Field    string // FieldSubject, FieldBody or FieldColumns; empty: none of them
	Line     int    // from 1; 0: no place
	Column   int    // in characters from 1; 0: the whole line
	Sentence string
	Suggest  string // what to put there instead, with brackets; empty: nothing
	Warning  bool   // it works, but is hardly meant so
}

// String is the problem with its place, one or two sentences.
func (p Problem) String() string {
	if p.Line == 0 || p.Field != FieldBody {
		return p.Sentence
	}
	return fmt.Sprintf("Line %d of the text: %s", p.Line, p.Sentence)
}

// Columns lists the names a table's columns can have, in their order.
func Columns() []string {
	return []string{"title", "author", "barcode", "call-number", "due", "late", "price"}
}

// usualColumns are those of a template that names none.
func usualColumns() []string { return []string{"title", "author", "due", "late"} }

// Check says what is wrong with a template, in the order of its text. Without any problem but warnings it compiles.
func Check(t data.Template) []Problem {
	_, _, problems := parse(t)
	return problems
}

// Wrong reports whether there is more than warnings.
func Wrong(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return !p.Warning })
}

// parse reads a template.
func parse(t data.Template) (subject []node, body []source, problems []Problem) {
	add := func(p Problem) { problems = append(problems, p) }
	line := strings.TrimSpace(tidy(t.Subject))
	switch n := utf8.RuneCountInString(line); {
	case line == "":
		add(Problem{Field: FieldSubject, Line: 1, Sentence: "The subject is empty."})
	case n > MaxSubject:
		add(Problem{Field: FieldSubject, Line: 1, Sentence: fmt.Sprintf("The subject has %d characters; %d are the most.", n, MaxSubject)})
	case strings.Contains(line, "\n"):
		add(Problem{Field: FieldSubject, Line: 1, Sentence: "The subject must be one line."})
	default:
		var wrong []Problem
		subject, wrong = parseLine(line, 0)
		for _, p := range wrong {
			p.Field, p.Line = FieldSubject, 1
			add(p)
		}
		if n := blockIn(subject); n != nil {
			add(Problem{Field: FieldSubject, Line: 1, Column: n.column, Sentence: "The subject tells no titles: anybody may see it on a screen."})
		}
	}
	if n := utf8.RuneCountInString(t.Body); n > MaxBody {
		add(Problem{Field: FieldBody, Sentence: fmt.Sprintf("The text has %d characters; %d are the most.", n, MaxBody)})
		return subject, nil, problems
	}
	body, wrong := parseBody(t.Body)
	problems = append(problems, wrong...)
	w, _ := wordsOf(t.Language)
	for _, s := range body {
		for _, nodes := range s.lines {
			problems = append(problems, twice(nodes, w)...)
		}
	}
	if len(body) == 0 {
		add(Problem{Field: FieldBody, Line: 1, Sentence: "The letter is empty."})
	}
	if aboutItems(t.Key) && !slices.ContainsFunc(body, func(s source) bool { return s.kind == itemTable }) {
		add(Problem{Field: FieldBody, Sentence: "The letter does not say which items it is about.", Suggest: "[Items]", Warning: true})
	}
	for _, c := range t.Columns {
		if !slices.Contains(Columns(), c) {
			add(Problem{Field: FieldColumns, Sentence: fmt.Sprintf("%q is no column.", data.Clean(c, maxBracket))})
		}
	}
	return subject, body, problems
}

// twice warns of a word that a placeholder says already: "[Number of items] items".
func twice(nodes []node, w *words) []Problem {
	var problems []Problem
	for i, n := range nodes {
		problems = append(problems, twice(n.optional, w)...)
		if n.place == nil || i+1 == len(nodes) {
			continue
		}
		forms := map[string][2]string{"Number": w.items, "DaysLate": w.days}[n.place.key]
		for _, form := range forms {
			word := strings.TrimPrefix(form, "%d ")
			if next := strings.TrimSpace(nodes[i+1].text); word != "" && len(next) >= len(word) && strings.EqualFold(next[:len(word)], word) {
				problems = append(problems, Problem{Field: FieldBody, Column: n.column, Warning: true, Sentence: fmt.Sprintf("[%s] says %q already.", n.place.name, word)})
				break
			}
		}
	}
	return problems
}
