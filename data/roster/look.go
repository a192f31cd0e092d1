package roster

import (
	"time"

	"smtpgateway/data"
)

// Look is what was understood of a file, for a person to agree with before anything is read.
type Look struct {
	Name      string
	Form      string          // what it is, in words: "CSV file", "Excel workbook", "OneRoster 1.2"
	Layout    string          // whose layout the columns have, such as "Koha overdues"; empty: nobody's that is known here
	Kind      data.RosterKind // what it seems to hold
	Size      int64           // octets
	Taken     time.Time       // when the list was made
	Encoding  string          // of a text file, as Encodings names it
	Encodings []string        // the others it could be written in, likeliest first; empty: there is no doubt
	Separator string          // of a text file
	Sheet     string          // of a workbook
	Sheets    []string        // all of them
	Above     []string        // lines above the names of the columns, such as the title of a report: not read
	HeaderRow int             // row with the names of the columns; 0: the file has none, they are called "Column 1" ...
	Headers   []string        // as Mapping.Columns names them; of several alike the second is called "email (2)"
	Sensitive []bool          // by header: holds what a notice never needs, such as passwords; not shown, not read
	Rows      [][]string      // the first 5 rows
	Examples  []string        // by header: the first value of the first 200 rows; empty: they have none
	Foreign   [][]string      // up to 5 rows with letters beyond A to Z, to judge the encoding by
	Notes     []string        // sentences
}

// Look tells what was understood.
func (f *File) Look() Look {
	l := Look{
		Name: f.Name(), Form: f.form, Kind: f.Kind(), Taken: f.Taken(),
		Encoding: f.text.encoding, Encodings: f.text.others, Separator: f.text.separator(),
		Sheet: f.sheet, Sheets: f.sheets, Above: f.above, HeaderRow: f.header, Headers: f.headers,
		Foreign: f.foreign, Notes: f.notes, Sensitive: make([]bool, len(f.headers)),
	}
	for _, s := range f.stamps {
		l.Size += s.size
	}
	if f.layout != nil {
		l.Layout = f.layout.name
	}
	l.Examples = make([]string, len(f.headers))
	for i, h := range f.headers {
		l.Sensitive[i] = sensitive(h)
		for _, r := range f.samples {
			if i < len(r) && r[i] != "" && !l.Sensitive[i] {
				l.Examples[i] = r[i]
				break
			}
		}
	}
	l.Rows = f.samples[:min(previewRows, len(f.samples))]
	return l
}

// Proposal is what the columns of a file are taken for, if it holds a kind of list.
type Proposal struct {
	Mapping   data.Mapping
	Questions []Question // what only a person knows; the mapping holds none of what they ask. Put answers in with Answer
	Ignored   []string   // columns that will not be read, sensitive ones first
}

// Kind is what the file seems to hold.
func (f *File) Kind() data.RosterKind {
	if f.layout != nil {
		return f.layout.kind
	}
	return guessKind(f.headers)
}

// Propose says what the columns mean if the file holds that kind of list; empty: the kind it seems to hold.
func (f *File) Propose(kind data.RosterKind) Proposal {
	if kind == "" {
		kind = f.Kind()
	}
	p := Proposal{Mapping: data.Mapping{Name: f.Name(), Kind: kind, Columns: map[string]string{}, AutoOverdue: true, Encoding: f.options.Encoding, Separator: f.options.Separator, HeaderRow: f.options.HeaderRow}}
	if f.layout != nil {
		p.Mapping.Name = f.layout.name
	}
	p.Mapping.Complete = f.completeByKind(kind)
	p.Questions = f.columns(kind, p.Mapping.Columns)
	if q, ok := f.askNameOrder(&p.Mapping); ok {
		p.Questions = append(p.Questions, q)
	}
	p.Ignored = f.Ignored(p.Mapping)
	return p
}

// completeByKind: a list of loans always says what is out. A list of people is all of them only if a system wrote it that is
// known to; a teacher's list of one class must not end everybody else.
func (f *File) completeByKind(kind data.RosterKind) bool {
	switch {
	case f.partial || kind == data.RosterAddresses:
		return false
	case kind == data.RosterLoans:
		return true
	}
	return f.layout != nil && f.layout.kind == kind && !f.layout.some
}

// Ignored are the columns a mapping does not read, those first that hold what a notice never needs.
func (f *File) Ignored(m data.Mapping) []string {
	var first, rest []string
	for i, h := range f.headers {
		if field := m.Columns[h]; field != "" {
			continue
		}
		switch {
		case i >= f.width:
		case sensitive(h):
			first = append(first, h)
		default:
			rest = append(rest, h)
		}
	}
	return append(first, rest...)
}

// Missing are the columns a mapping names and the file does not have; none: the mapping fits.
func (f *File) Missing(m data.Mapping) []string {
	var none []string
	for _, h := range sortedKeys(m.Columns) {
		if m.Columns[h] != "" && f.column(h) < 0 {
			none = append(none, h)
		}
	}
	return none
}

// Saved picks the saved mapping that fits the file best: all its columns are there, and no other that fits names more.
func (f *File) Saved(all []data.Mapping) (data.Mapping, bool) {
	best := -1
	for i, m := range all {
		if len(f.Missing(m)) == 0 && len(m.Columns) > 0 && (best < 0 || len(m.Columns) > len(all[best].Columns)) {
			best = i
		}
	}
	if best < 0 {
		return data.Mapping{}, false
	}
	return all[best], true
}
