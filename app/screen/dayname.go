package screen

import (
	"strings"
	"time"

	"smtpgateway/data"
)

// Date is a day of the calendar as everybody reads it: "Tue 24 Nov 2026"; empty: none.
func (d *Desk) Date(on data.Date) string {
	if on == 0 {
		return ""
	}
	return d.DayName(on.At(12, 0, d.Now().Location()))
}

// today is the day of the calendar where the person is.
func (d *Desk) today() data.Date { return data.DateOf(d.Now()) }

// readDate reads a day as people type it; one without a year is the next of its kind.
func (d *Desk) readDate(text string) (data.Date, bool) {
	if day, ok := parseDay(text, time.UTC); ok {
		return data.DateOf(day), true
	}
	text = strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(text), ".")), " ")
	for _, layout := range []string{"2.1", "2. 1", "2 Jan", "2 January", "Mon 2 Jan", "Jan 2", "January 2"} {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		year, _, _ := d.today().Parts()
		for next := year; next <= year+1; next++ {
			if on := data.NewDate(next, t.Month(), t.Day()); on >= d.today() {
				return on, true
			}
		}
	}
	return 0, false
}

// days is a number of days in words.
func (d *Desk) days(n int) string {
	if n == 1 {
		return d.Say("1 day")
	}
	return d.Say("{{.N}} days", With("N", thousands(n)))
}

// sameDay reports whether two moments lie on one day of the calendar, where the person is.
func (d *Desk) sameDay(a, b time.Time) bool {
	return data.DateOf(d.local(a)) == data.DateOf(d.local(b))
}
