package roster

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
)

// Orders of the parts of a date, for Mapping.Dates.
const (
	orderDMY = "dmy"
	orderMDY = "mdy"
	orderYMD = "ymd"
)

// written is a date as a cell has it, before the whole column has decided what comes first. It is either certain, a day, or
// three numbers in the order of the cell.
type written struct {
	parts [3]int16
	day   data.Date
	kind  writtenKind
}

type writtenKind uint8

const (
	writtenNothing writtenKind = iota // no date
	writtenDay                        // one day only: ISO, a month in letters, a serial number
	writtenShort                      // 3/4/26: year last, or first
	writtenLong                       // 3/4/2026
	writtenDots                       // 3.4.2026 or 3.4.26: nobody writes the month first with dots
)

// parseDay reads a cell; false: it holds no date.
func parseDay(s string) (written, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 5 || len(s) > 40 {
		return written{}, false
	}
	if w, ok := parseDigits(s); ok {
		return w, true
	}
	// A clock behind the date says nothing: loans fall due on days.
	day := s
	if at := strings.IndexAny(s, "T "); at > 0 && s[at-1] >= '0' && s[at-1] <= '9' && at >= 6 && strings.ContainsAny(s[:at], "-/.") {
		if !clock(s[at+1:]) {
			return written{}, false
		}
		day = s[:at]
	}
	if w, ok := parseParts(strings.TrimSuffix(day, ".")); ok {
		return w, true
	}
	return parseWords(s)
}

// clock reports whether s is a time of day, with or without zone and AM or PM.
func clock(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return true
	}
	for _, r := range s {
		if !strings.ContainsRune("0123456789:.+-ZzAaPpMm \u202f\u00a0,", r) {
			return false
		}
	}
	return s[0] >= '0' && s[0] <= '9' || s == "Z"
}

// parseDigits reads 20261118 and the serial numbers of spreadsheets, which count days from 30 December 1899.
func parseDigits(s string) (written, bool) {
	whole, rest, _ := strings.Cut(s, ".")
	if strings.Trim(whole, "0123456789") != "" || strings.Trim(rest, "0123456789") != "" {
		return written{}, false
	}
	n, err := strconv.Atoi(whole)
	if err != nil {
		return written{}, false
	}
	switch {
	case len(whole) == 8 && rest == "":
		return certain(n/10000, n/100%100, n%100)
	case len(whole) == 5 && n >= 18264 && n <= 73415: // 1950 .. 2100
		return written{kind: writtenDay, day: data.NewDate(1899, time.December, 30+n)}, true
	}
	return written{}, false
}

func certain(y, m, d int) (written, bool) {
	if !isDay(y, m, d) {
		return written{}, false
	}
	return written{kind: writtenDay, day: data.NewDate(y, time.Month(m), d)}, true
}

func isDay(y, m, d int) bool {
	if y < 1900 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	return d <= 28 || data.NewDate(y, time.Month(m), d) < data.NewDate(y, time.Month(m)+1, 1)
}

// parseParts reads three numbers with the same mark between them.
func parseParts(s string) (written, bool) {
	var p [3]int
	var digits [3]int
	mark := byte(0)
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits[n]++; digits[n] > 4 {
				return written{}, false
			}
			p[n] = p[n]*10 + int(c-'0')
		case (c == '-' || c == '/' || c == '.') && digits[n] > 0 && n < 2 && (mark == 0 || mark == c):
			mark = c
			n++
		case c == ' ' && mark == '.' && digits[n] == 0: // 3. 4. 2026
		default:
			return written{}, false
		}
	}
	if n != 2 || digits[2] == 0 || digits[1] > 2 {
		return written{}, false
	}
	w := written{parts: [3]int16{int16(p[0]), int16(p[1]), int16(p[2])}} //nolint:gosec // four digits at most
	switch {
	case digits[0] == 4 && digits[2] <= 2:
		return certain(p[0], p[1], p[2])
	case digits[0] > 2:
		return written{}, false
	case digits[2] == 4:
		w.kind = writtenLong
	case digits[2] == 2:
		w.kind = writtenShort
	default:
		return written{}, false
	}
	if mark == '.' {
		w.kind = writtenDots
	}
	if !slices.ContainsFunc([]string{orderDMY, orderMDY, orderYMD}, w.fits) {
		return written{}, false
	}
	return w, true
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"jän": 1, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12,
	"fév": 2, "fev": 2, "avr": 4, "jui": 6, "aoû": 8, "aou": 8, "déc": 12,
	"ene": 1, "abr": 4, "ago": 8, "set": 9, "dic": 12,
}

// parseWords reads 18 Nov 2026, Nov 18, 2026, 18-nov-26 and Mi., 18. November 2026.
func parseWords(s string) (written, bool) {
	month, early := 0, false // early: it stands before all numbers
	var numbers []int
	for _, word := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" ,.-/", r) }) {
		if strings.Contains(word, ":") || word == "de" || word == "am" || word == "pm" {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimRight(word, "stndrhe")); err == nil {
			numbers = append(numbers, n)
			continue
		}
		m := monthOf(word)
		first := len(numbers) == 0
		switch {
		case m != 0 && (month == 0 || early): // what was taken for one is the day of the week: "mar. 18 nov."
			month, early = m, first
		case m == 0 && first: // the day of the week
		default:
			return written{}, false
		}
	}
	if month == 0 || len(numbers) != 2 {
		return written{}, false
	}
	d, y := numbers[0], numbers[1]
	if d > 31 {
		d, y = y, d
	}
	return certain(century(y), month, d)
}

// monthOf is the number of a month by its name or the beginning of it; 0: it is none.
func monthOf(word string) int {
	runes := []rune(word)
	switch {
	case len(runes) < 3:
		return 0
	case string(runes[:min(4, len(runes))]) == "juil":
		return 7
	}
	return months[string(runes[:3])]
}

// century makes a year of two digits one of four: none of them is 50 years ahead.
func century(y int) int {
	switch {
	case y < 70:
		return 2000 + y
	case y < 100:
		return 1900 + y
	}
	return y
}

// in reads the parts in an order; false: they are no day in it.
func (w written) in(order string) (data.Date, bool) {
	if w.kind == writtenDay {
		return w.day, true
	}
	y, m, d := w.ordered(order)
	if !isDay(y, m, d) {
		return 0, false
	}
	return data.NewDate(y, time.Month(m), d), true
}

// fits reports whether the parts are a day in an order.
func (w written) fits(order string) bool { return isDay(w.ordered(order)) }

// ordered are the parts as year, month and day; year 0: this order cannot be.
func (w written) ordered(order string) (y, m, d int) {
	d, m, y = int(w.parts[0]), int(w.parts[1]), int(w.parts[2])
	switch {
	case w.kind == writtenNothing || w.kind == writtenDay || order == orderYMD && y > 31:
		return 0, 0, 0
	case order == orderMDY:
		d, m = m, d
	case order == orderYMD:
		d, y = y, d
	}
	return century(y), m, d
}
