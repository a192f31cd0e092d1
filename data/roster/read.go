package roster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"smtpgateway/data"
)

// maxRoom is for how many rows room is made before there is one.
const maxRoom = 250_000

// reading is one pass over the rows.
type reading struct {
	f        *File
	m        data.Mapping
	batch    *data.Batch
	problems problems
	want     []bool
	columns  []column
	dates    map[string]*dates // by field
	same     map[string]string // texts that come again and again, kept once

	// of the row under way
	row       int
	values    []string // as columns
	guardians []data.Guardian

	unclear func() // keeps the row's person or loan in mind, though the row is left out
	short   bool   // a row before ended before its last cell
	whole   bool   // a row before did not
}

// column is one that is read.
type column struct {
	at       int
	header   string
	field    string
	number   bool // a shortened number in it would mean somebody or something else
	guardian bool
}

// Read takes the rows in, as the mapping has it; today judges cards that ran out. Where a column of dates can be read in two
// ways and the mapping does not say which, there are questions and no batch: put the answers into the mapping with
// AnswerDate and read again. Errors: CodeBadList when no row can be relied on, such as numbers a spreadsheet has shortened,
// a quotation mark nobody closed or a mapping that does not fit; CodeBusy when the file changed meanwhile; CodeTooLarge.
// One bad row stops nobody: it becomes a problem.
func (f *File) Read(ctx context.Context, m data.Mapping, today data.Date) (*data.Batch, []data.DateQuestion, error) {
	r, err := f.begin(m)
	if err != nil {
		return nil, nil, err
	}
	var people *patrons
	var things *loans
	take := func() error { return things.take(r) }
	room := min(f.text.lines, maxRoom) // a list that grows is copied again and again
	if m.Kind == data.RosterLoans {
		things = newLoans(room)
		r.batch.Loans = make([]data.BatchLoan, 0, room)
		r.unclear = func() { things.unclear(r) }
	} else {
		people = newPatrons(room)
		r.batch.Patrons = make([]data.BatchPatron, 0, room)
		take = func() error { return people.take(r) }
		r.unclear = func() { people.unclear(r) }
	}
	if err := f.rows.walk(ctx, r.want, func(row int, cells []string) error { return r.take(row, cells, take) }); err != nil {
		return nil, nil, inWords(err)
	}
	if err := f.steady(); err != nil {
		return nil, nil, err
	}
	var questions []data.DateQuestion
	if things != nil {
		questions = things.finish(r, today)
	} else {
		questions = people.finish(r, today)
	}
	if len(questions) > 0 {
		return nil, questions, nil
	}
	r.batch.Problems, r.batch.MoreProblems = r.problems.kept, r.problems.more
	r.batch.Notes = append(r.batch.Notes, ignoredWords(r.batch.Ignored)...)
	return r.batch, nil, nil
}

func inWords(err error) error {
	if data.AsError(err) != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return unreadable(err)
}

// ignoredWords says which columns were not read.
func ignoredWords(headers []string) []string {
	if len(headers) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s %s ignored, among them %q.", count(len(headers), "column", "columns"), was(len(headers)), data.Clean(headers[0], shownValue))}
}

func (f *File) begin(m data.Mapping) (*reading, error) {
	if m.Kind == "" {
		m.Kind = f.Kind()
	}
	r := &reading{
		f: f, m: m, want: make([]bool, f.width), dates: map[string]*dates{}, same: map[string]string{},
		batch: &data.Batch{Kind: m.Kind, File: f.Name(), Complete: m.Complete && !f.partial && m.Kind != data.RosterAddresses, Taken: f.Taken(), Known: map[string]bool{}, Ignored: f.Ignored(m), Mapping: m, Notes: slices.Clone(f.notes)},
	}
	if f.partial && m.Complete {
		r.batch.Notes = append(r.batch.Notes, "The file says that it holds changes only, so nobody leaves for not being in it.")
	}
	if missing := f.Missing(m); len(missing) > 0 {
		return nil, refuse(fmt.Sprintf("The file has no column %q, which the mapping %q needs.", data.Clean(missing[0], shownValue), data.Clean(m.Name, shownValue)),
			"Choose another mapping, or say anew what the columns mean.")
	}
	have := map[string]bool{}
	for _, h := range sortedKeys(m.Columns) {
		field := m.Columns[h]
		if field == "" {
			continue
		}
		if !allowed(m.Kind, field) {
			return nil, refuse(fmt.Sprintf("The mapping takes the column %q for %q, which a list of %s does not have.", data.Clean(h, shownValue), data.Clean(field, shownValue), m.Kind), "Say anew what the columns mean.")
		}
		c := column{at: f.column(h), header: h, field: field, number: slices.Contains(identifying, field)}
		c.guardian = field == fieldGuardianEmail || field == fieldGuardianName || field == fieldGuardianRole || field == fieldGuardianNotices
		r.columns = append(r.columns, c)
		have[field] = true
	}
	slices.SortFunc(r.columns, func(a, b column) int { return a.at - b.at })
	for i, c := range r.columns {
		if c.at < f.width {
			r.want[c.at] = true
		} else {
			d := f.derived[c.at-f.width]
			r.want[d.from] = true
			if d.to >= 0 {
				r.want[d.to] = true
			}
		}
		if slices.Contains(dated, c.field) && r.dates[c.field] == nil {
			r.dates[c.field] = &dates{header: c.header, column: i, field: c.field, cells: make([]written, 0, min(f.text.lines, maxRoom))}
		}
		r.know(c.field)
	}
	r.values = make([]string, len(r.columns))
	return r, enough(m.Kind, have)
}

// know notes of which of our fields the list speaks.
func (r *reading) know(field string) {
	k := r.batch.Known
	switch field {
	case fieldName:
		k[fieldFirst], k[fieldLast] = true, true
	case fieldNickname:
		k[fieldFirst] = true
	case fieldAddress2, fieldZip, fieldCity:
		k[fieldAddress] = true
	case fieldGuarantor:
		k[fieldGuardianEmail] = true
	}
	k[field] = true
}

// enough tells whether the columns say what a list of this kind is about.
func enough(kind data.RosterKind, have map[string]bool) error {
	one := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return have[f] })
	}
	switch {
	case kind == data.RosterLoans && !one(fieldPatronKey, fieldPatronCard, fieldPatronName, fieldPatronLast):
		return refuse("No column says whose loan it is.", "Say which one holds the number, the card or the name of the person.")
	case kind == data.RosterLoans && !one(fieldDue):
		return refuse("No column says when things are due.", "Say which one holds the due date.")
	case kind == data.RosterLoans && !one(fieldTitle, fieldBarcode):
		return refuse("No column says what was taken home.", "Say which one holds the title or the barcode.")
	case kind == data.RosterAddresses && !one(fieldCard, fieldKey):
		return refuse("No column holds the card number.", "Say which one does.")
	case kind == data.RosterAddresses && !one(fieldEmail, fieldGuardianEmail):
		return refuse("No column holds e-mail addresses.", "Say which one does.")
	case kind == data.RosterPatrons && !one(fieldKey, fieldCard, fieldName, fieldLast):
		return refuse("No column says who a row is about.", "Say which one holds the number, the card or the name of the person.")
	}
	return nil
}
