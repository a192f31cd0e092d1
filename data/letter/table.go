package letter

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// table is what [Items] and [Also on loan] become.
type table struct {
	columns []string // by the names of Columns
	heads   []string // of columns
	rows    [][]string
	plain   []string // the same as lines of text
	short   []string // the same, one line a row, for slips; nil: plain
	more    string   // how many rows were left out; empty: none
}

// naming are the columns that say what a thing is, best first.
func naming() []string { return []string{"title", "author", "barcode", "call-number"} }

// named gives each loan a title if no column says what it is: some libraries export barcodes only. It gives the columns, with
// that of titles if it is needed for that.
func named(cells []map[string]string, columns []string) []string {
	for _, c := range cells {
		said := func(name string) bool { return c[name] != "" }
		if slices.ContainsFunc(naming(), func(name string) bool { return said(name) && slices.Contains(columns, name) }) {
			continue
		}
		if i := slices.IndexFunc(naming(), said); i >= 0 {
			c["title"] = c[naming()[i]]
			if !slices.Contains(columns, "title") {
				columns = append(slices.Clone(columns), "title")
			}
		}
	}
	return columns
}

// tableFrom lists loans in columns, no columns means the usual ones. Those that are empty in every row are left out; without
// any other the days stand there.
func tableFrom(loans []data.Loan, columns []string, w *words, today data.Date) *table {
	if len(columns) == 0 {
		columns = usualColumns()
	}
	t := &table{}
	if len(loans) > MaxItems {
		t.more = fmt.Sprintf(w.more, len(loans)-MaxItems)
		loans = loans[:MaxItems]
	}
	cells := make([]map[string]string, len(loans))
	for i := range loans {
		cells[i] = cellsOf(&loans[i], w, today)
	}
	columns = named(cells, columns)
	for _, c := range Columns() {
		if slices.Contains(columns, c) && slices.ContainsFunc(cells, func(m map[string]string) bool { return m[c] != "" }) {
			t.columns = append(t.columns, c)
			t.heads = append(t.heads, w.columns[c])
		}
	}
	if len(t.columns) == 0 {
		t.columns, t.heads = []string{"due"}, []string{w.columns["due"]}
	}
	for i := range loans {
		row := make([]string, len(t.columns))
		for j, c := range t.columns {
			row[j] = cells[i][c]
		}
		t.rows = append(t.rows, row)
		lines := t.lines(&loans[i], cells[i], w, today)
		t.plain = append(t.plain, lines...)
		for j := range lines {
			lines[j] = strings.TrimSpace(lines[j])
		}
		t.short = append(t.short, strings.Join(lines, " – "))
	}
	return t
}

func cellsOf(l *data.Loan, w *words, today data.Date) map[string]string {
	return map[string]string{
		"title":       data.Clean(l.Title, maxCell),
		"author":      data.Clean(l.Author, maxCell),
		"barcode":     data.Clean(l.Barcode, maxName),
		"call-number": data.Clean(l.CallNumber, maxName),
		"due":         w.shortDate(l.Due),
		"late":        w.lateness(l, today),
		"price":       data.Clean(l.Price, maxName),
	}
}

// lines are one loan as text: what it is, then indented when it is due, then what else there is.
func (t *table) lines(l *data.Loan, cells map[string]string, w *words, today data.Date) []string {
	has := func(c string) bool { return slices.Contains(t.columns, c) && cells[c] != "" }
	var out []string
	switch {
	case has("title") && has("author"):
		out = append(out, cells["title"]+" ("+cells["author"]+")")
	case has("title"):
		out = append(out, cells["title"])
	case has("author"):
		out = append(out, cells["author"])
	}
	if due := w.dueLine(l, today, has("due"), has("late")); due != "" {
		out = append(out, "  "+due)
	}
	var rest []string
	for _, c := range []string{"barcode", "call-number", "price"} {
		if has(c) {
			rest = append(rest, fmt.Sprintf(w.details, w.columns[c], cells[c]))
		}
	}
	if len(rest) > 0 {
		out = append(out, "  "+strings.Join(rest, ", "))
	}
	return out
}

// counting is the sentence that stands in place of a table where titles are not told.
func counting(loans []data.Loan, w *words) string {
	items, due := w.number(w.items, len(loans)), w.shortDate(earliest(loans))
	switch {
	case due == "":
		return items + "."
	case len(loans) == 1:
		return fmt.Sprintf(w.count[0], items, due)
	}
	return fmt.Sprintf(w.count[1], items, due)
}
