package roster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

const (
	previewRows = 5
	sampleRows  = 200
	headerRows  = 25 // among the first so many rows the header is looked for
	maxAbove    = 10 // lines above it that are told
)

// survey finds the header, keeps some rows to show and to ask about, and tells whose layout it is.
func (f *File) survey(ctx context.Context) error {
	var first [][]string
	err := f.rows.walk(ctx, nil, func(row int, cells []string) error {
		for len(first) < row-1 {
			first = append(first, nil)
		}
		first = append(first, trimmed(cells))
		if len(first) >= headerRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if !slices.ContainsFunc(first, func(r []string) bool { return len(r) > 0 }) {
		return refuse("The file is empty.", "Export the list again and look at it before you choose it.")
	}
	if n := int(f.text.broken); n > 0 {
		f.notes = append(f.notes, fmt.Sprintf("The file is UTF-8, but %s cannot be read and became %s.", count(n, "letter", "letters"), questionMarks(n)))
	}
	f.findHeader(first)
	f.layout = findLayout(f.headers)
	if f.layout == nil && slices.Contains(f.headers, "PT01") {
		f.layout = findLayout(f.headers[1:])
	}
	return f.sample(ctx)
}

// trimmed are the cells cleaned, without empty ones at the end.
func trimmed(cells []string) []string {
	all := make([]string, len(cells))
	n := 0
	for i, s := range cells {
		all[i] = clean(s)
		if all[i] != "" {
			n = i + 1
		}
	}
	return all[:n]
}

// findHeader takes for the header the row with the most names known here; without any, the first row that is as wide as the
// table and looks like names rather than values.
func (f *File) findHeader(first [][]string) {
	best, bestKnown, widest := -1, 1, 0
	told := f.options.HeaderRow
	if told > len(first) {
		told = 0
	}
	for i, r := range first {
		if n := known(r); n > bestKnown || n == 1 && best < 0 && len(r) == 1 {
			best, bestKnown = i, max(n, 1)
		}
		widest = max(widest, len(r))
	}
	if told != 0 {
		best = max(told, 0) - 1
	}
	if best < 0 && told == 0 {
		for i, r := range first {
			if len(r) == widest && !slices.Contains(r, "") {
				if !slices.ContainsFunc(r, isValue) {
					best = i
				}
				break
			}
		}
	}
	if best < 0 {
		f.bare = true
		f.width = widest
		for i := range widest {
			f.headers = append(f.headers, fmt.Sprintf("Column %d", i+1))
		}
		f.notes = append(f.notes, "The file has no row with the names of its columns, so you have to say what each of them is.")
		return
	}
	f.header = best + 1
	for _, r := range first[:best] {
		if line := strings.Join(strings.Fields(strings.Join(r, " ")), " "); line != "" && len(f.above) < maxAbove {
			f.above = append(f.above, data.Clean(line, 120))
		}
	}
	if n := len(f.above); n > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%s above the names of the columns %s not read, beginning with %q.", count(n, "line", "lines"), was(n), data.Clean(f.above[0], 60)))
	}
	f.headers = named(first[best])
	f.width = len(f.headers)
}

func questionMarks(n int) string {
	if n == 1 {
		return "a question mark"
	}
	return "question marks"
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// isValue reports whether a cell of a first row is data rather than a name: an address, a date, a number.
func isValue(s string) bool {
	if strings.Contains(s, "@") || s != "" && strings.Trim(s, "0123456789.,/-: ") == "" {
		return true
	}
	_, ok := parseDay(s)
	return ok
}

// named gives each column a name of its own.
func named(cells []string) []string {
	headers := make([]string, len(cells))
	seen, taken := map[string]int{}, map[string]int{}
	for i, h := range cells {
		if h == "" {
			h = fmt.Sprintf("Column %d", i+1)
		}
		headers[i] = h
		taken[fold(h)]++
	}
	for i, h := range headers {
		name := fold(h)
		if seen[name]++; seen[name] == 1 {
			continue
		}
		for n := seen[name]; ; n++ { // the file may have a column that is called so itself
			if other := fmt.Sprintf("%s (%d)", h, n); taken[fold(other)] == 0 {
				headers[i] = other
				taken[fold(other)]++
				break
			}
		}
	}
	return headers
}

// sample keeps the first rows, and some with letters that show whether the encoding is right.
func (f *File) sample(ctx context.Context) error {
	want := make([]bool, f.width)
	for i, h := range f.headers {
		want[i] = !sensitive(h)
	}
	codes := newCodes(f.headers)
	err := f.rows.walk(ctx, want, func(row int, cells []string) error {
		if row <= f.header {
			return nil
		}
		if len(f.samples) == 0 && len(cells) == f.width-1 && f.headers[0] == "PT01" {
			f.headers, f.width = f.headers[1:], f.width-1 // the mark of the list, not a column
		}
		enough := len(f.samples) >= sampleRows
		if enough && (f.text.plain || f.text.encoding == "" || len(f.foreign) >= previewRows) {
			return errEnough
		}
		if enough && !foreignLetters(cells) {
			return nil
		}
		r := trimmed(cells)
		if len(r) == 0 {
			return nil
		}
		for len(r) < f.width {
			r = append(r, "")
		}
		r = r[:f.width]
		if !enough {
			codes.see(r)
			f.samples = append(f.samples, r)
		}
		if len(f.foreign) < previewRows && foreignLetters(r) {
			f.foreign = append(f.foreign, r)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	f.derived = codes.found()
	for _, d := range f.derived {
		f.headers = append(f.headers, d.header)
	}
	for _, rows := range [][][]string{f.samples} {
		for i, r := range rows {
			for _, d := range f.derived {
				r = append(r, d.value(r))
			}
			rows[i] = r
		}
	}
	return nil
}

// foreignLetters reports whether a cell has letters outside ASCII.
func foreignLetters(cells []string) bool {
	for _, s := range cells {
		for i := range len(s) {
			if s[i] >= utf8.RuneSelf {
				return true
			}
		}
	}
	return false
}

// column is where a header stands; the name in another case, or with other blanks, is the same name. -1: nowhere.
func (f *File) column(header string) int {
	if i := slices.Index(f.headers, header); i >= 0 {
		return i
	}
	folded := fold(header)
	return slices.IndexFunc(f.headers, func(h string) bool { return fold(h) == folded })
}

// values are those of a column in the rows that were looked at.
func (f *File) values(header string) []string {
	at := f.column(header)
	var all []string
	for _, r := range f.samples {
		if at >= 0 && at < len(r) && r[at] != "" {
			all = append(all, r[at])
		}
	}
	return all
}

// count says how many there are of something.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
