package letter

import (
	"cmp"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Paper is the size of a sheet.
type Paper string

// The papers.
const (
	PaperA4     Paper = "A4"     // 210 x 297 mm; also the empty one
	PaperLetter Paper = "Letter" // 8.5 x 11 inches
)

// Page is one letter on paper; it goes on over as many sheets as it needs.
type Page struct {
	Letter  Rendered
	Sender  string // one line: the library and where it is
	Address string // lines parted by \n, where an envelope has its window
	Date    string
	For     string // outside on a slip, above the name: "To the parent or guardian of"; empty: the patron gets it
	Name    string // of the patron, outside on a slip
	Class   string // below it
	// Slip is small, to be folded with the name outside; several share a sheet with the slips beside them in the pile. One with
	// more than a slip can hold becomes a letter.
	Slip  bool
	List  bool  // for the staff: without an address
	Paper Paper // that of the first page is taken for the whole pile
}

// NewPage is the page of a letter that was rendered with f.
func NewPage(r Rendered, f Facts) Page {
	w, _ := wordsOf(r.language, f.Language, f.Library.Language)
	p := Page{Letter: r, Date: w.longDate(f.Today), Sender: sender(f.Library)}
	address := ""
	if f.Patron != nil {
		p.Name, p.Class = data.Clean(f.Patron.Name(), maxName), data.Clean(f.Patron.Group, maxName)
		address = several(f.Patron.Address)
	}
	above := ""
	if f.Role == data.RoleGuardian && p.Name != "" {
		p.For = w.toGuardian
		above = cmp.Or(data.Clean(f.Guardian, maxName), p.For)
	}
	p.Address = strings.Join(parts(above, p.Name, cmp.Or(address, p.Class)), "\n") // by class it is handed out at school
	return p
}

// long reports whether there is too much on a page for a slip.
func (p *Page) long() bool {
	const most = 25
	rows := 0
	for _, b := range p.Letter.blocks {
		if b.table != nil {
			rows += len(b.table.rows)
		}
	}
	return rows > most
}

// sender is the library and its address in one line.
func sender(l data.Library) string {
	return strings.Join(parts(append([]string{data.Clean(l.Name, maxName)}, strings.Split(several(l.Address), "\n")...)...), " · ")
}

// parts are those that are not empty.
func parts(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
}
