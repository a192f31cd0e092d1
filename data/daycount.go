package data

import "time"

// DayCount is how many deliveries were sent and how many failed on one calendar day.
type DayCount struct {
	Day    time.Time // its first moment
	Sent   int64
	Failed int64
}

// Midnight is the first moment of the calendar day that lies so many days after that of t, where t's clock hangs. Where
// the clocks skip midnight the day begins at one; where they strike it twice, it begins with the first.
func Midnight(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	day := time.Date(y, m, d+days, 12, 0, 0, 0, t.Location()).Day()
	at := time.Date(y, m, d+days, 0, 0, 0, 0, t.Location())
	if at.Day() != day {
		return at.Add(time.Hour)
	}
	if earlier := at.Add(-time.Hour); earlier.Day() == day {
		return earlier
	}
	return at
}
