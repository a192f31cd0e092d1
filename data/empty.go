package data

import "time"

// Drain is what decides when the queue will be empty.
type Drain struct {
	Moving  bool      // the service runs and nothing keeps it from sending
	Waiting int64     // recipients that wait
	Now     time.Time // here
	Check   time.Time // the next check
	Due     time.Time // when the first of them may go at all; zero: at once
	Used    int64     // recipients server 1 took in the last 24 hours
}

// EmptyAt is about when everything that waits will have been tried, at the pace of the settings; zero when nothing waits
// or nothing moves. limited says that the day's limit of recipients is reached before that: the rest goes on the days
// that follow, and the time is good for the day only.
func EmptyAt(s *Settings, d Drain) (at time.Time, limited bool) {
	if !d.Moving || d.Waiting <= 0 || d.Check.IsZero() || s.MessagesEachCheck <= 0 {
		return time.Time{}, false
	}
	start := d.Check
	for _, later := range []time.Time{d.Due, d.Now} {
		if later.After(start) {
			start = later
		}
	}
	waiting := d.Waiting
	// A limit of a sliding day lets through each day what it did the day before.
	if most := int64(s.Server1.RecipientsDay); most > 0 {
		left := max(0, most-d.Used)
		if waiting > left {
			days := (waiting - left + most - 1) / most
			start = start.AddDate(0, 0, int(min(days, 100_000)))
			waiting, limited = (waiting-left-1)%most+1, true
		}
	}
	each := int64(s.MessagesEachCheck)
	checks := min((waiting+each-1)/each-1, 1_000_000)
	return start.Add(time.Duration(checks) * time.Duration(s.MinutesBetweenChecks) * time.Minute), limited
}
