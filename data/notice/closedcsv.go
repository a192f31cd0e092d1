package notice

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
)

// closedColumns are where a table of closed days keeps what; -1: it has no such column.
type closedColumns struct {
	first, last, name, kind, places int
}

// Names of columns as they are met, in small letters without blanks, _ and -; openholidays first.
var (
	firstColumn  = []string{"startdate", "first", "firstday", "start", "from", "begin", "date", "day", "beginn", "von", "datum", "debut", "début", "inicio"}
	lastColumn   = []string{"enddate", "last", "lastday", "end", "to", "until", "ende", "bis", "fin"}
	nameColumn   = []string{"name", "names", "title", "holiday", "summary", "description", "bezeichnung", "nom", "nombre"}
	kindColumn   = []string{"type"}
	placesColumn = []string{"subdivisions", "subdivision", "regions", "region"}
)

// readClosedCSV reads a table of closed days, with a header or as first day, last day, name.
func readClosedCSV(text string, spans *closedSpans) error {
	rows, err := csvRows(text)
	if err != nil {
		return badCalendar(err, "The calendar table is damaged.")
	}
	at := closedColumns{first: 0, last: 1, name: 2, kind: -1, places: -1}
	head := 0
	if !looksLikeDay(rows[0][0]) {
		head = 1
		at = findColumns(rows[0])
		if at.first < 0 {
			return badCalendar(nil, "The calendar table has no column with the first day.")
		}
	}
	order, err := dayOrder(rows[head:], at)
	if err != nil {
		return err
	}
	for i, row := range rows[head:] {
		places := splitPlaces(cell(row, at.places))
		kind := cell(row, at.kind)
		if cell(row, at.first) == "" && cell(row, at.last) == "" || kind == "EndOfLessons" || kind == "BackToSchool" {
			continue // an empty row; a day with lessons
		}
		spans.regions = append(spans.regions, places...)
		first, ok := parseDay(cell(row, at.first), order)
		if !ok {
			return badCalendar(nil, "Row %d of the calendar: %q is no day.", i+head+1, data.Clean(cell(row, at.first), 40))
		}
		last := first
		if value := cell(row, at.last); value != "" {
			if last, ok = parseDay(value, order); !ok {
				return badCalendar(nil, "Row %d of the calendar: %q is no day.", i+head+1, data.Clean(value, 40))
			}
		}
		if last < first {
			return badCalendar(nil, "Row %d of the calendar: the last day %s lies before the first day %s.", i+head+1, last, first)
		}
		spans.addIn(first, last, firstLanguage(cell(row, at.name)), places)
	}
	return spans.sortRegions()
}

// csvRows are the rows that hold something, parted by whichever separator the first line has most of.
func csvRows(text string) ([][]string, error) {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = ',', -1, true, true
	for _, sep := range []rune{';', '\t'} {
		if strings.Count(line, string(sep)) > strings.Count(line, string(r.Comma)) {
			r.Comma = sep
		}
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, errors.New("no rows")
	}
	return rows, nil
}

func cell(row []string, at int) string {
	if at < 0 || at >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[at])
}

func findColumns(header []string) closedColumns {
	find := func(names []string) int {
		for _, name := range names {
			if i := slices.IndexFunc(header, func(h string) bool {
				return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(h))) == name
			}); i >= 0 {
				return i
			}
		}
		return -1
	}
	return closedColumns{first: find(firstColumn), last: find(lastColumn), name: find(nameColumn), kind: find(kindColumn), places: find(placesColumn)}
}

// firstLanguage takes "Weihnachten" out of "DE Weihnachten,EN Christmas", as openholidays writes names; a comma inside a
// name stands there as %2C. Other names stay.
func firstLanguage(name string) string {
	isCode := func(s string) bool {
		return len(s) > 3 && s[2] == ' ' && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
	}
	if !isCode(name) {
		return name
	}
	name, _, _ = strings.Cut(name, ",")
	return strings.ReplaceAll(name[3:], "%2C", ",")
}

// splitDay takes a day apart into its three numbers; parted is what stands between them.
func splitDay(s string) (n [3]int, parted string, ok bool) {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	s, _, _ = strings.Cut(s, "T")
	if len(s) == len("20061224") && !strings.ContainsAny(s, "-./") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	for _, sep := range []string{"-", ".", "/"} {
		parts := strings.Split(s, sep)
		if len(parts) != 3 {
			continue
		}
		for i, part := range parts {
			v, err := strconv.ParseUint(part, 10, 16)
			if err != nil {
				return n, "", false
			}
			n[i] = int(v)
		}
		return n, sep, true
	}
	return n, "", false
}

func looksLikeDay(s string) bool {
	_, _, ok := splitDay(s)
	return ok
}

// dayOrder says in which order 03/04/2026 is meant, by the other days of the file; "mdy" or "dmy".
func dayOrder(rows [][]string, at closedColumns) (string, error) {
	order, asked := "", ""
	for _, row := range rows {
		for _, value := range []string{cell(row, at.first), cell(row, at.last)} {
			n, parted, ok := splitDay(value)
			if !ok || parted != "/" || n[0] > 31 {
				continue
			}
			var found string
			switch {
			case n[0] > 12:
				found = "dmy"
			case n[1] > 12:
				found = "mdy"
			default:
				asked = value
				continue
			}
			if order != "" && order != found {
				return "", badCalendar(nil, "The calendar table writes days in two orders: %q does not fit those before.", data.Clean(value, 40))
			}
			order = found
		}
	}
	if order == "" && asked != "" {
		return "", badCalendar(nil, "%q can be read as two different days.", data.Clean(asked, 40))
	}
	return order, nil
}

// parseDay reads 2026-12-21, 20261221, 21.12.2026, and 21/12/2026 or 12/21/2026 as order says.
func parseDay(s, order string) (data.Date, bool) {
	n, parted, ok := splitDay(s)
	if !ok {
		return 0, false
	}
	y, m, d := n[0], n[1], n[2]
	switch {
	case n[0] > 31: // the year comes first
	case parted == "." || parted == "-" || order == "dmy":
		y, m, d = n[2], n[1], n[0]
	default:
		y, m, d = n[2], n[0], n[1]
	}
	day := data.NewDate(y, time.Month(m), d)
	ry, rm, rd := day.Parts()
	return day, y >= 1900 && ry == y && int(rm) == m && rd == d
}
