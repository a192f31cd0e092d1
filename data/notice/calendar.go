package notice

import "smtpgateway/data"

// Calendar says on which days the library is open, and what closed ones mean to automatic notices. In the zero value
// every day is open and closed days mean nothing.
type Calendar struct {
	Mode   string        // data.CalendarIgnore, CalendarNext or CalendarCount
	Open   data.OpenDays // none chosen: every day of the week
	Closed []data.Closed // in any order; they may overlap
}

// NewCalendar is the calendar of the settings with the closed days of the store.
func NewCalendar(o data.Overdue, closed []data.Closed) Calendar {
	return Calendar{Mode: o.Calendar, Open: o.OpenDays, Closed: closed}
}

// longestClosed is how many days running a library is thought to be closed at most; one closed for longer counts as open
// from then on, so that a mistake in a list of holidays cannot stop notices for ever.
const longestClosed = 400

// IsOpen reports whether the library is open on a day, whatever the mode.
func (c Calendar) IsOpen(d data.Date) bool {
	if c.Open != (data.OpenDays{}) && !c.Open[d.Weekday()] {
		return false
	}
	for i := range c.Closed {
		if c.Closed[i].First <= d && d <= c.Closed[i].Last {
			return false
		}
	}
	return true
}

// Rests reports whether notices wait on a day because the library is closed. A run on such a day tells nobody, so the day
// counts as missed: Input.From is the day after the last run on a day that did not rest.
func (c Calendar) Rests(d data.Date) bool { return c.waits() && !c.IsOpen(d) }

// waits reports whether closed days mean anything.
func (c Calendar) waits() bool { return c.Mode == data.CalendarNext || c.Mode == data.CalendarCount }

// OpenDaysBetween is how many open days lie behind a, up to and including b; 0 if b does not lie behind a.
func (c Calendar) OpenDaysBetween(a, b data.Date) int { return openDaysBetween(c.IsOpen, a, b) }

func nextOpen(isOpen func(data.Date) bool, d data.Date) data.Date {
	for n := range data.Date(longestClosed) {
		if isOpen(d + n) {
			return d + n
		}
	}
	return d + longestClosed
}

func lastOpen(isOpen func(data.Date) bool, d data.Date) data.Date {
	for n := range data.Date(longestClosed) {
		if isOpen(d - n) {
			return d - n
		}
	}
	return d - longestClosed
}

func openDaysBetween(isOpen func(data.Date) bool, a, b data.Date) int {
	n := 0
	for d := a + 1; d <= b; d++ {
		if isOpen(d) {
			n++
		}
	}
	return n
}
