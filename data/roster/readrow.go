package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// take reads the cells of one row and hands it on.
func (r *reading) take(row int, cells []string, on func() error) error {
	if row <= r.f.header {
		return nil
	}
	blank := true
	for _, s := range cells {
		if s != "" {
			blank = false
			break
		}
	}
	if blank && len(cells) < len(r.f.headers) {
		return nil // an empty line; a row of separators alone is looked at below
	}
	r.row = row
	if r.batch.Rows++; r.batch.Rows > maxRows {
		return &data.Error{Code: data.CodeTooLarge, Sentence: fmt.Sprintf("The list has more than %d rows.", maxRows), Next: "Export only people or loans that are there now."}
	}
	if sentence, remedy := r.misshapen(cells); sentence != "" {
		if _, err := r.read(cells); err == nil {
			r.unclear()
		}
		value := ""
		if len(cells) == 1 {
			value = cells[0]
		}
		r.refuse("", value, sentence, remedy)
		return nil
	}
	r.guardians = r.guardians[:0]
	empty, err := r.read(cells)
	if err != nil {
		return err
	}
	if empty {
		r.batch.Rows--
		return nil
	}
	return on()
}

// misshapen says why the cells of a row may not be the values of its columns; empty: they are.
func (r *reading) misshapen(cells []string) (sentence, remedy string) {
	narrow := len(cells) < r.f.width
	if file, ok := r.f.rows.(breaker); ok && narrow && r.whole && !r.short && file.breaksOff() {
		r.batch.CutAt = r.row
		return "The list breaks off in the middle of this row.", "Export it again, and wait until the file is whole."
	}
	r.short, r.whole = r.short || narrow, r.whole || !narrow
	if len(cells) == 1 && r.f.width > 2 {
		return "The row ends after its first cell.", "If it is a person or a loan, look at it in the library system and export again."
	}
	if !narrow && slices.ContainsFunc(cells[r.f.width:], func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return fmt.Sprintf("The row has %d cells and the header %d, so its values stand in the wrong columns.", len(cells), r.f.width),
			"A value with a separator in it needs quotation marks around it."
	}
	return "", ""
}

// read fills values; empty: the row has none in a column that is read.
func (r *reading) read(cells []string) (empty bool, err error) {
	empty = true
	for i, c := range r.columns {
		s := ""
		switch {
		case c.at >= r.f.width:
			s = r.f.derived[c.at-r.f.width].value(cells)
		case c.at < len(cells):
			s = cells[c.at]
		}
		switch {
		case c.guardian:
		case c.field == fieldAddress || c.field == fieldAddress2:
			s = plainLines(s)
		default:
			s = plainCell(s)
		}
		if c.number && shortened(s) {
			return false, refuse(fmt.Sprintf("Row %d, column %q: %s. Excel has shortened these numbers.", r.row, data.Clean(c.header, shownValue), s), "Format the column as Text and export again.")
		}
		empty = empty && s == ""
		r.values[i] = s
	}
	return empty, nil
}

// refuse leaves the row out.
func (r *reading) refuse(header, value, sentence, remedy string) {
	r.batch.Refused++
	r.problems.add(data.RowProblem{Row: r.row, Column: header, Value: value, Sentence: sentence, Remedy: remedy, Dropped: true})
}

// doubt leaves a value out.
func (r *reading) doubt(header string, p data.RowProblem) {
	p.Row, p.Column = r.row, header
	r.problems.add(p)
}

// get is the first value the row has for a field, and the header it stands under.
func (r *reading) get(field string) (value, header string) {
	for i, c := range r.columns {
		if c.field == field {
			if header == "" {
				header = c.header
			}
			if r.values[i] != "" {
				return r.values[i], c.header
			}
		}
	}
	return "", header
}

func (r *reading) val(field string) string {
	v, _ := r.get(field)
	return v
}

// once keeps one copy of texts many rows share.
func (r *reading) once(s string) string {
	if s == "" {
		return s
	}
	if had, ok := r.same[s]; ok {
		return had
	}
	if len(r.same) < 20_000 {
		s = strings.Clone(s)
		r.same[s] = s
	}
	return s
}

// day reads the row's cell of a column of dates; ok: it holds one.
func (r *reading) day(field string) (w written, value string, ok bool) {
	value, _ = r.get(field)
	if value == "" {
		return w, "", false
	}
	w, ok = parseDay(value)
	return w, value, ok
}
