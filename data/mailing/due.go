package mailing

import (
	"time"

	"smtpgateway/data"
)

// DueOn is when notices are due on a day, by the clock of the settings ("06:30") in a place; false: that is no time of day.
// A time that a change of the clocks skips is taken as the moment that stands in for it.
func DueOn(clock string, day data.Date, where *time.Location) (time.Time, bool) {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, false
	}
	return day.At(at.Hour(), at.Minute(), where), true
}

// LastDue is the last day, today included, whose time has come at now.
func LastDue(clock string, now time.Time) (data.Date, bool) {
	today := data.DateOf(now)
	at, ok := DueOn(clock, today, now.Location())
	if ok && at.After(now) {
		return today - 1, true
	}
	return today, ok
}
