package notice

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"smtpgateway/data"
)

// maxCalendar is the largest calendar file read, in octets; a school's has some thousand.
const maxCalendar = 10 << 20

// maxClosedName is how much of a holiday's name is kept, in characters.
const maxClosedName = 120

// ReadCalendar reads the closed days between from and to out of a calendar file: iCalendar (RFC 5545), or CSV in the shape
// of openholidays or with columns for first day, last day and name. name is the file's, it becomes the Source. In an
// iCalendar file whole days count; an event of some hours closes no library. Spans are in the order of their days and may
// overlap. In a file of several regions the names say for which. What cannot be read is a *data.Error with CodeUsage,
// CodeTooLarge for a file over 10 MB, CodeNotFound for one without a closed day in that time.
func ReadCalendar(name string, r io.Reader, from, to data.Date) ([]data.Closed, error) {
	return readCalendar(name, r, from, to, time.Local)
}

// ReadRegions reads like ReadCalendar, and keeps apart for which region of the country a day is closed.
func ReadRegions(name string, r io.Reader, from, to data.Date) (*RegionalCalendar, error) {
	return readRegions(name, r, from, to, time.Local)
}

func readCalendar(name string, r io.Reader, from, to data.Date, where *time.Location) ([]data.Closed, error) {
	c, err := readRegions(name, r, from, to, where)
	if err != nil {
		return nil, err
	}
	return c.Everywhere(), nil
}

func readRegions(name string, r io.Reader, from, to data.Date, where *time.Location) (*RegionalCalendar, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxCalendar+1))
	if err != nil {
		return nil, &data.Error{Code: data.CodeNoAccess, Sentence: "The calendar file cannot be read to its end.", Next: "Copy it to this computer and try again.", Err: err}
	}
	if len(raw) > maxCalendar {
		return nil, &data.Error{Code: data.CodeTooLarge, Sentence: "The calendar file is larger than 10 MB.", Next: "Save one school year only."}
	}
	text := calendarText(raw)
	spans := closedSpans{source: data.Clean(path.Base(strings.ReplaceAll(name, `\`, "/")), maxClosedName), from: from, to: to}
	switch {
	case strings.TrimSpace(text) == "":
		return nil, badCalendar(nil, "The calendar file is empty.")
	case strings.ContainsRune(text, 0):
		return nil, badCalendar(nil, "This is no calendar file: it holds more than text.")
	case strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "BEGIN:"):
		err = readICS(text, where, &spans)
	default:
		err = readClosedCSV(text, &spans)
	}
	if err != nil {
		return nil, err
	}
	if len(spans.all) == 0 {
		return nil, nothingClosed(from, to)
	}
	slices.SortStableFunc(spans.all, func(a, b closedSpan) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), strings.Compare(a.Name, b.Name))
	})
	return &RegionalCalendar{spans: spans}, nil
}

func nothingClosed(from, to data.Date) *data.Error {
	return &data.Error{
		Code: data.CodeNotFound, Sentence: fmt.Sprintf("The calendar has no whole closed day between %s and %s.", from, to),
		Next: "Save the school holidays of this year, as whole days.",
	}
}

// calendarText is the file as text: UTF-8, or what spreadsheets of western Europe write. UTF-16 is left as it is and
// refused for its nulls.
func calendarText(raw []byte) string {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return string(raw)
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		decoded = bytes.ToValidUTF8(raw, []byte("?"))
	}
	return string(decoded)
}

func badCalendar(err error, sentence string, args ...any) *data.Error {
	return &data.Error{
		Code: data.CodeUsage, Sentence: fmt.Sprintf(sentence, args...), Err: err,
		Next: "Export the calendar again as iCalendar (.ics), or write a table with first day, last day and name, days as 2026-12-21.",
	}
}

// closedSpan is a span and the regions it holds for; none: for all.
type closedSpan struct {
	data.Closed
	places []string
}

// closedSpans gathers what a file has for the days asked for.
type closedSpans struct {
	source   string
	from, to data.Date
	all      []closedSpan
	regions  []string // that a row names, also one of other days
}

// add takes a span that touches the days asked for. Days that follow on the same name and its last day make one span of
// an event that repeats every day.
func (s *closedSpans) add(first, last data.Date, name string, repeats bool) {
	if !s.addIn(first, last, name, nil) || !repeats {
		return
	}
	if n := len(s.all); n > 1 && s.all[n-1].Name == s.all[n-2].Name && s.all[n-2].Last+1 == s.all[n-1].First {
		s.all[n-2].Last = s.all[n-1].Last
		s.all = s.all[:n-1]
	}
}

// addIn takes a span that holds for some regions only; false: it touches none of the days asked for.
func (s *closedSpans) addIn(first, last data.Date, name string, places []string) bool {
	if last < s.from || first > s.to {
		return false
	}
	s.all = append(s.all, closedSpan{data.Closed{First: first, Last: last, Name: data.Clean(name, maxClosedName), Source: s.source}, places})
	return true
}
