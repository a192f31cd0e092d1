package data_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func TestEmptyAt(t *testing.T) {
	now := time.Date(2026, time.November, 24, 10, 42, 0, 0, time.UTC)
	check := now.Add(time.Minute)
	s := data.DefaultSettings() // 10 messages each 3 minutes
	capped := s
	capped.Server1.RecipientsDay = 450
	d := data.Drain{Moving: true, Waiting: 1, Now: now, Check: check}
	with := func(change func(d *data.Drain)) data.Drain {
		d := d
		change(&d)
		return d
	}
	for promise, c := range map[string]struct {
		s       data.Settings
		d       data.Drain
		at      time.Time
		limited bool
	}{
		"what fits into one check is gone with it":                    {s, with(func(d *data.Drain) { d.Waiting = 10 }), check, false},
		"one more needs another check":                                {s, with(func(d *data.Drain) { d.Waiting = 11 }), check.Add(3 * time.Minute), false},
		"a queue without end gives a time all the same":               {s, with(func(d *data.Drain) { d.Waiting = 1 << 62 }), check.Add(3_000_000 * time.Minute), false},
		"nothing waiting has no time":                                 {s, with(func(d *data.Drain) { d.Waiting = 0 }), time.Time{}, false},
		"nothing moving has no time":                                  {s, with(func(d *data.Drain) { d.Moving = false }), time.Time{}, false},
		"a service that never checked promises nothing":               {s, with(func(d *data.Drain) { d.Check = time.Time{} }), time.Time{}, false},
		"what was put off is not promised before":                     {s, with(func(d *data.Drain) { d.Due = now.Add(time.Hour) }), now.Add(time.Hour), false},
		"a check that is late is not in the past":                     {s, with(func(d *data.Drain) { d.Check = now.Add(-time.Hour) }), now, false},
		"what the day's limit leaves goes today":                      {capped, with(func(d *data.Drain) { d.Waiting, d.Used = 10, 440 }), check, false},
		"what it does not leave goes tomorrow":                        {capped, with(func(d *data.Drain) { d.Waiting, d.Used = 11, 440 }), check.AddDate(0, 0, 1), true},
		"a whole day's limit more goes tomorrow, too":                 {capped, with(func(d *data.Drain) { d.Waiting, d.Used = 460, 440 }), check.AddDate(0, 0, 1).Add(44 * 3 * time.Minute), true},
		"and one more the day after":                                  {capped, with(func(d *data.Drain) { d.Waiting, d.Used = 461, 440 }), check.AddDate(0, 0, 2), true},
		"a limit that was lowered under what was used leaves nothing": {capped, with(func(d *data.Drain) { d.Used = 900 }), check.AddDate(0, 0, 1), true},
	} {
		t.Run(promise, func(t *testing.T) {
			at, limited := data.EmptyAt(&c.s, c.d)
			if !at.Equal(c.at) || limited != c.limited {
				t.Errorf("is %v, limited %v, not %v, %v", at, limited, c.at, c.limited)
			}
		})
	}
}

func TestMidnight(t *testing.T) {
	for promise, c := range map[string]struct {
		zone       string
		from       time.Time // its day in the zone
		days       int
		begin, end string
	}{
		"a plain day has 24 hours":                       {"Europe/Berlin", time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), 0, "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"},
		"the day the clocks go forward has 23":           {"Europe/Berlin", time.Date(2026, 3, 28, 9, 0, 0, 0, time.UTC), 1, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		"the day they go back has 25":                    {"Europe/Berlin", time.Date(2026, 10, 25, 9, 0, 0, 0, time.UTC), 0, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		"a day whose midnight is skipped begins at one":  {"America/Sao_Paulo", time.Date(2018, 11, 4, 12, 0, 0, 0, time.UTC), 0, "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		"a day with two midnights begins with the first": {"America/Havana", time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), 0, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
		"the last of a month is followed by the first":   {"UTC", time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC), 1, "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"},
	} {
		t.Run(promise, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Skip("no zones here:", err)
			}
			begin, end := data.Midnight(c.from.In(zone), c.days), data.Midnight(c.from.In(zone), c.days+1)
			if got := begin.UTC().Format(time.RFC3339); got != c.begin {
				t.Errorf("begins %s, not %s", got, c.begin)
			}
			if got := end.UTC().Format(time.RFC3339); got != c.end {
				t.Errorf("ends %s, not %s", got, c.end)
			}
		})
	}
}
