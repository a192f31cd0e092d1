package screen

import (
	"slices"
	"strings"
	"unicode"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// Name is the file's name.
func (im *Import) Name() string {
	if im.list == nil {
		return ""
	}
	return im.list.look.Name
}

// kindWords is what a list holds, as a person chooses it.
func (d *Desk) rosterWords(kind data.RosterKind) string {
	switch kind {
	case data.RosterLoans:
		return d.Say("Loans: what is out")
	case data.RosterAddresses:
		return d.Say("E-mail addresses for patrons who are here")
	default:
		return d.Say("Patrons: people of the library")
	}
}

// Understood is what the file seems to be, in a sentence.
func (im *Import) Understood() string {
	l := im.list
	if l == nil {
		return ""
	}
	say := im.desk.Say
	with := With("Layout", l.look.Layout, "N", thousands(l.rows))
	var words string
	switch {
	case im.used != "":
		words = say("The saved answers \"{{.Name}}\" fit this file.", With("Name", im.used))
	case l.look.Layout != "":
		words = say("This looks like the list \"{{.Layout}}\".", with)
	case im.kind == data.RosterLoans:
		words = say("This looks like a list of loans.")
	case im.kind == data.RosterAddresses:
		words = say("This looks like a list of e-mail addresses.")
	default:
		words = say("This looks like a list of patrons.")
	}
	switch {
	case l.rows == 1:
		words = sentences(words, say("It has 1 row."))
	case l.rows >= 0:
		words = sentences(words, say("It has {{.N}} rows.", with))
	}
	return words
}

// Form is how the file is made: "CSV file, UTF-8, comma, 34 KB, from today at 10:42".
func (im *Import) Form() string {
	l := im.list
	if l == nil {
		return ""
	}
	parts := []string{l.look.Form}
	if l.look.Encoding != "" {
		parts = append(parts, encodingLabel(l.look.Encoding))
	}
	if l.look.Separator != "" {
		parts = append(parts, im.desk.separatorWords(l.look.Separator))
	}
	parts = append(parts, im.desk.octets(l.look.Size))
	if !l.look.Taken.IsZero() {
		parts = append(parts, im.desk.Say("made {{.When}}", With("When", im.desk.When(l.look.Taken))))
	}
	return strings.Join(parts, ", ")
}

func encodingLabel(name string) string {
	for _, e := range roster.Encodings() {
		if e.Name == name {
			return e.Label
		}
	}
	return name
}

func (d *Desk) separatorWords(s string) string {
	switch s {
	case ",":
		return d.Say("comma")
	case ";":
		return d.Say("semicolon")
	case "\t":
		return d.Say("tab")
	case "|":
		return d.Say("upright line |")
	}
	return s
}

// LookNotes are sentences on the file.
func (im *Import) LookNotes() []string {
	if im.list == nil {
		return nil
	}
	return im.list.look.Notes
}

// Kinds are the words for what a list may hold.
func (im *Import) Kinds() []string {
	var words []string
	for _, kind := range rosterKinds {
		words = append(words, im.desk.rosterWords(kind))
	}
	return words
}

// Kind is what this one holds, an index of Kinds.
func (im *Import) Kind() int { return slices.Index(rosterKinds, im.kind) }

// SetKind says what it holds.
func (im *Import) SetKind(i int) {
	if im.job == nil && im.list != nil && i >= 0 && i < len(rosterKinds) && rosterKinds[i] != im.kind {
		im.kind = rosterKinds[i]
		im.list.dates = nil // asked about columns of another kind of list
		im.propose()
		im.changed()
	}
}

// Saved are the saved answers that fit; the first is none of them. Empty: none fit.
func (im *Import) Saved() []string {
	if im.list == nil || len(im.list.fits) == 0 {
		return nil
	}
	words := []string{im.desk.Say("None: look at the columns anew")}
	for i := range im.list.fits {
		words = append(words, im.list.fits[i].Name)
	}
	return words
}

// SavedIn is the choice in force, an index of Saved.
func (im *Import) SavedIn() int {
	if im.list == nil || im.used == "" {
		return 0
	}
	return 1 + slices.IndexFunc(im.list.fits, func(m data.Mapping) bool { return m.Name == im.used && m.Kind == im.kind })
}

// SetSaved takes saved answers, or none.
func (im *Import) SetSaved(i int) {
	switch {
	case im.job != nil || im.list == nil || i < 0 || i > len(im.list.fits) || i == im.SavedIn():
		return
	case i == 0:
		im.kind = im.list.look.Kind
		im.propose()
	default:
		im.use(im.list.fits[i-1])
	}
	im.changed()
}

// previewMost is how many columns are shown of a file; more would not be readable.
const previewMost = 5

// Preview is some rows of the file, below the names of the columns: those with letters beyond A to Z where these are in
// doubt. more is how many columns are not shown.
func (im *Import) Preview() (headers []string, rows [][]string, more int) {
	if im.list == nil {
		return nil, nil, 0
	}
	look := &im.list.look
	from := look.Rows
	if im.InDoubt() && len(look.Foreign) > 0 {
		from = look.Foreign
	}
	var at []int
	for pass := range 3 { // what shows the doubt, what is filled, what is empty
		for i := range look.Headers {
			if len(at) < previewMost && !slices.Contains(at, i) && !look.Sensitive[i] && columnWorth(from, i, im.InDoubt()) >= 2-pass {
				at = append(at, i)
			}
		}
	}
	slices.Sort(at)
	for _, i := range at {
		headers = append(headers, look.Headers[i])
	}
	for _, r := range from {
		var row []string
		for _, i := range at {
			row = append(row, cellAt(r, i))
		}
		rows = append(rows, row)
	}
	return headers, rows, len(look.Headers) - len(at)
}

// columnWorth is how much a column has to show: 2 foreign letters, 1 anything, 0 nothing.
func columnWorth(rows [][]string, i int, doubt bool) int {
	worth := 0
	for _, r := range rows {
		v := cellAt(r, i)
		if v != "" {
			worth = max(worth, 1)
		}
		if doubt && strings.ContainsFunc(v, func(r rune) bool { return r > unicode.MaxASCII }) {
			return 2
		}
	}
	return worth
}

func cellAt(row []string, i int) string {
	if i < len(row) {
		return data.Clean(row[i], 80)
	}
	return ""
}
