package data

import (
	"fmt"
	"time"
)

// Date is a day of the calendar without a clock or a place, counted from 1 January 1970; loans fall due on such days. The
// zero value means that there is none.
type Date int32

const day = 24 * time.Hour

// DateOf is the calendar day at t, where t's clock hangs.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// NewDate is a day by its parts; those beyond their range run on as time.Date has it.
func NewDate(year int, month time.Month, dayOfMonth int) Date {
	return Date(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second)) //nolint:gosec // of any year a file may name
}

// ParseDate reads 2026-11-24.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, &Error{Code: CodeUsage, Sentence: fmt.Sprintf("%q is no day.", Clean(s, 40)), Next: "Write it as 2026-11-24.", Err: err}
	}
	return DateOf(t), nil
}

// utc is the first moment of the day in UTC, for the parts of it.
func (d Date) utc() time.Time { return time.Unix(int64(d)*int64(day/time.Second), 0).UTC() }

// String is the day as 2026-11-24; empty: none.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes String, so that JSON and CSV hold days as people and programs read them.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	var err error
	*d, err = ParseDate(string(text))
	return err
}

// Parts are year, month and day of the month.
func (d Date) Parts() (year int, month time.Month, dayOfMonth int) { return d.utc().Date() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// At is a time of that day in a place; a time the clocks skip is the moment that stands in for it.
func (d Date) At(hour, minute int, where *time.Location) time.Time {
	y, m, n := d.Parts()
	return time.Date(y, m, n, hour, minute, 0, 0, where)
}
