package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
)

// shownProblems is how many problems are printed; all that are kept are in the answer for programs.
const shownProblems = 10

// look prints what was understood of the file, before anything is written.
func (im *listImport) look() {
	a, l, m := im.app, im.file.Look(), im.mapping
	words := []string{l.Form, fmt.Sprintf("made %s", when(l.Taken))}
	if l.Encoding != "" {
		words = append(words, l.Encoding, "columns parted by "+separatorWord(l.Separator))
	}
	if l.Sheet != "" {
		words = append(words, "sheet "+data.Clean(l.Sheet, 60))
	}
	if l.Layout != "" {
		words = append(words, "as "+l.Layout+" writes it")
	}
	a.sayf("%s: %s.", data.Clean(l.Name, 80), strings.Join(words, ", "))
	a.sayf("A list of %s, %s. What its columns hold:", im.kind, completeWord(m.Complete))
	for i, h := range l.Headers {
		field := m.Columns[h]
		if field == "" {
			continue
		}
		example := ""
		for _, r := range l.Rows {
			if i < len(r) && r[i] != "" {
				example = r[i]
				break
			}
		}
		a.sayf("  %s  %s  %s", cut(data.Clean(h, 60), 26), cut(fieldLabel(im.kind, field), 26), data.Clean(example, 50))
	}
	if ignored := im.file.Ignored(m); len(ignored) > 0 {
		a.sayf("Not read: %s.", quoted(ignored))
	}
	for _, note := range l.Notes {
		a.sayf("%s", note)
	}
}

func separatorWord(s string) string {
	if s == "\t" {
		return "tabs"
	}
	return s
}

func completeWord(complete bool) string {
	if complete {
		return "complete: what is missing has left or is back"
	}
	return "of some only: what is missing stays as it is"
}

// plan prints what would change.
func (im *listImport) plan() {
	a, set := im.app, im.set
	gone := "gone"
	if im.kind == data.RosterLoans {
		gone = "back"
	}
	a.sayf("%s: %d new, %d changed, %d %s, %d the same, %s.", countOf(im.batch.Rows, "row", "rows"), len(set.New), len(set.Changed), len(set.Gone), gone, set.Same,
		countOf(len(set.Problems)+set.More, "problem", "problems"))
	if set.ByHand > 0 {
		a.sayf("%s what was entered by hand.", countOf(set.ByHand, "patron keeps", "patrons keep"))
	}
	for _, note := range im.batch.Notes {
		if !slices.Contains(im.file.Look().Notes, note) {
			a.sayf("%s", note)
		}
	}
	for i, p := range set.Problems {
		if i == shownProblems {
			break
		}
		a.sayf("  %s", problemWords(&p))
	}
	if more := len(set.Problems) + set.More - shownProblems; more > 0 {
		a.sayf("  and %d more.", more)
	}
	if set.Notices > 0 {
		a.sayf("%s", endedWords(im.kind, set.Notices))
	}
	if set.Suspect != "" {
		a.sayf("%s", set.Suspect)
	}
}

// endedWords say how many waiting letters and notices a list would end, and why.
func endedWords(kind data.RosterKind, n int) string {
	words := countOf(n, "waiting letter or notice", "waiting letters and notices") + " would be cancelled: "
	if kind == data.RosterLoans {
		return words + "what they speak of is back."
	}
	return words + "their reader has left, or gets no notices any more."
}

// problemWords is row, column, value, what is wrong and what to do.
func problemWords(p *data.RowProblem) string {
	where := "Row " + strconv.Itoa(p.Row)
	if p.Row == 0 {
		where = "The list"
	}
	if p.Column != "" {
		where += ", column " + p.Column
	}
	if p.Value != "" {
		where += fmt.Sprintf(", %q", p.Value)
	}
	return strings.TrimSpace(where + ": " + p.Sentence + " " + p.Remedy)
}

// done prints what was done.
func (im *listImport) done() {
	a, r := im.app, im.record
	a.sayf("Taken in: %s", r.Counts())
	if im.saved != "" {
		a.sayf("What its columns hold is kept as %q.", im.saved)
	}
	command := "patrons"
	if im.kind == data.RosterLoans {
		command = "loans"
	}
	a.sayf("To take it back: smtp-gateway %s undo%s", command, addressesFlag(im.kind))
}

func addressesFlag(kind data.RosterKind) string {
	if kind == data.RosterAddresses {
		return " --addresses"
	}
	return ""
}

// importView is an import for programs. The names are part of the interface.
type importView struct {
	File      string             `json:"file"`
	Form      string             `json:"form"`
	Layout    string             `json:"layout,omitempty"`
	Made      time.Time          `json:"made"`
	Encoding  string             `json:"encoding,omitempty"`
	Separator string             `json:"separator,omitempty"`
	Mapping   data.Mapping       `json:"mapping"`
	Ignored   []string           `json:"ignored,omitempty"`
	Notes     []string           `json:"notes,omitempty"`
	Rows      int                `json:"rows"`
	New       int                `json:"new"`
	Changed   int                `json:"changed"`
	Gone      int                `json:"gone"`
	Same      int                `json:"same"`
	ByHand    int                `json:"kept_by_hand"`
	Notices   int                `json:"notices_cancelled"`
	Suspect   string             `json:"suspect,omitempty"`
	Problems  []data.RowProblem  `json:"problems,omitempty"`
	More      int                `json:"more_problems,omitempty"`
	Done      bool               `json:"done"`
	Record    *data.ImportRecord `json:"record,omitempty"`
}

// answer tells programs.
func (im *listImport) answer() error {
	if !im.app.json {
		return nil
	}
	l, set := im.file.Look(), im.set
	return encode(im.app.Out, importView{
		File: l.Name, Form: l.Form, Layout: l.Layout, Made: l.Taken, Encoding: l.Encoding, Separator: l.Separator, Mapping: im.mapping,
		Ignored: im.batch.Ignored, Notes: im.batch.Notes, Rows: im.batch.Rows, New: len(set.New), Changed: len(set.Changed), Gone: len(set.Gone), Same: set.Same, ByHand: set.ByHand,
		Notices: set.Notices, Suspect: set.Suspect, Problems: set.Problems, More: set.More, Done: im.record != nil, Record: im.record,
	})
}
