package letter

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

// counted reports whether the reader is told how many things there are, and nothing more of them.
func (f *Facts) counted() bool {
	return f.Role == data.RoleGuardian && f.Disclosure != data.DiscloseTitles
}

// values gives what comes in place of each placeholder that is no table, by the keys of the templates.
func (f *Facts) values(w *words) map[string]string {
	var p data.Patron
	if f.Patron != nil {
		p = *f.Patron
	}
	line := func(s string) string { return data.Clean(s, maxName) }
	name := line(p.Name())
	v := map[string]string{
		"Greeting":       f.greeting(w, name),
		"FirstName":      line(p.First),
		"LastName":       line(p.Last),
		"Name":           name,
		"Class":          line(p.Group),
		"Year":           line(p.Level),
		"Card":           line(p.Card),
		"Guardian":       "",
		"Number":         w.number(w.items, len(f.Loans)),
		"EarliestDue":    w.shortDate(earliest(f.Loans)),
		"DaysLate":       "",
		"TotalPrice":     line(total(f.Loans)),
		"Library":        line(f.Library.Name),
		"LibraryPhone":   line(f.Library.Phone),
		"LibraryAddress": several(f.Library.Address),
		"LibraryEmail":   line(cmp.Or(f.From.ReplyTo, f.From.Address)),
		"Signature":      cmp.Or(several(f.Library.Signature), line(f.Library.Name)),
		"Today":          w.longDate(f.Today),
	}
	if f.Role == data.RoleGuardian {
		v["Guardian"] = line(f.Guardian)
	}
	if due := earliest(f.Loans); due != 0 && due < f.Today {
		v["DaysLate"] = w.number(w.days, int(f.Today-due))
	}
	return v
}

func (f *Facts) greeting(w *words, name string) string {
	switch {
	case name == "":
		return w.dearAll
	case f.Role == data.RoleGuardian:
		return fmt.Sprintf(w.dearGuardian, name)
	}
	return fmt.Sprintf(w.dear, name)
}

// earliest is the first due date of loans; 0: none has one.
func earliest(loans []data.Loan) data.Date {
	var first data.Date
	for i := range loans {
		if d := loans[i].Due; d != 0 && (first == 0 || d < first) {
			first = d
		}
	}
	return first
}

// several cleans a text of several lines and cuts it where the settings would not let it go on.
func several(s string) string {
	const most = 1000
	var lines []string
	left := most
	for line := range strings.SplitSeq(tidy(s), "\n") {
		if left <= 0 {
			break
		}
		line = data.Clean(line, min(maxCell, left))
		left -= utf8.RuneCountInString(line) + 1
		lines = append(lines, line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// PracticeBanner is what Facts.Practice says: for whom a letter is, and the addresses it would have gone to.
func PracticeBanner(name string, to []string) string {
	name, where := cmp.Or(data.Clean(name, 2*maxName), "anybody"), data.Clean(strings.Join(to, ", "), 1000)
	if where == "" {
		return fmt.Sprintf("PRACTICE: this letter was not sent to %s, of whom there is no address.", name)
	}
	return fmt.Sprintf("PRACTICE: this letter was not sent to %s; it would have gone to %s.", name, where)
}
