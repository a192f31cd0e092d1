package letter

import (
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
	Sender  string // one line, above the address: the library and where it is
	Address string // lines parted by \n, where an envelope has its window; on a slip outside, when it is folded
	Date    string
	Slip    bool  // small, to be folded with the name outside; several share a sheet with the slips beside them in the pile
	Paper   Paper // that of the first page is taken for the whole pile
}

// NewPage is the page of a letter that was rendered with f.
func NewPage(r Rendered, f Facts) Page {
	w, _ := wordsOf(r.language, f.Language, f.Library.Language)
	p := Page{Letter: r, Date: w.longDate(f.Today)}
	p.Sender = strings.Join(parts(f.Library.Name, strings.Split(several(f.Library.Address), "\n")...), " · ")
	var name, class, address string
	if f.Patron != nil {
		name, class = data.Clean(f.Patron.Name(), maxName), data.Clean(f.Patron.Group, maxName)
		address = several(f.Patron.Address)
	}
	lines := parts(name)
	if f.Role == data.RoleGuardian && name != "" {
		lines = parts(data.Clean(f.Guardian, maxName), w.toGuardian, name)
		if f.Guardian != "" {
			lines = parts(data.Clean(f.Guardian, maxName), name)
		}
	}
	if address == "" {
		address = class // handed out at school
	}
	p.Address = strings.Join(append(lines, parts(address)...), "\n")
	return p
}

// parts are those that are not empty.
func parts(first string, more ...string) []string {
	var out []string
	for _, s := range append([]string{first}, more...) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
