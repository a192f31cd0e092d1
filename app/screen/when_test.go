package screen_test

import (
	"testing"
	"time"

	"smtpgateway/app/screen"
)

func TestWhen(t *testing.T) {
	here := time.FixedZone("here", 2*3600)
	now := time.Date(2026, time.November, 24, 10, 42, 30, 0, here)
	d := screen.NewDesk(screen.Options{Now: func() time.Time { return now }})
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.November, day, hour, minute, 0, 0, here)
	}

	for promise, got := range map[string][2]string{
		"a time of day has two digits each":          {d.Clock(at(24, 7, 5)), "07:05"},
		"a time of the store is shown where I am":    {d.Clock(at(24, 1, 30).UTC()), "01:30"},
		"a day is spelled out":                       {d.DayName(at(24, 1, 30)), "Tue 24 Nov 2026"},
		"a day is the one where I am":                {d.DayName(at(24, 1, 30).UTC()), "Tue 24 Nov 2026"},
		"what is today says so":                      {d.When(at(24, 1, 30).UTC()), "today at 01:30"},
		"another day is named":                       {d.When(at(23, 23, 59)), "Mon 23 Nov 2026 at 23:59"},
		"what never was has no date of year one":     {d.When(time.Time{}), "never"},
		"never is never ago":                         {d.Ago(time.Time{}), "never"},
		"seconds are just now":                       {d.Ago(now.Add(-59 * time.Second)), "just now"},
		"a clock seconds ahead makes no future":      {d.Ago(now.Add(20 * time.Second)), "just now"},
		"one minute is not minutes":                  {d.Ago(now.Add(-time.Minute)), "1 minute ago"},
		"minutes are counted":                        {d.Ago(now.Add(-2 * time.Minute)), "2 minutes ago"},
		"an hour is an hour":                         {d.Ago(now.Add(-61 * time.Minute)), "1 hour ago"},
		"hours are counted":                          {d.Ago(now.Add(-23 * time.Hour)), "23 hours ago"},
		"a day is a day":                             {d.Ago(now.Add(-25 * time.Hour)), "1 day ago"},
		"days are counted":                           {d.Ago(now.Add(-72 * time.Hour)), "3 days ago"},
		"what comes soon is rounded up":              {d.Ago(now.Add(61 * time.Second)), "in 2 minutes"},
		"what comes in a minute is not in minutes":   {d.Ago(now.Add(time.Minute)), "in 1 minute"},
		"what comes in an hour is not in 90 minutes": {d.Ago(now.Add(90 * time.Minute)), "in 1 hour"},
		"what comes in hours is counted":             {d.Ago(now.Add(5 * time.Hour)), "in 5 hours"},
		"what comes tomorrow is a day away":          {d.Ago(now.Add(30 * time.Hour)), "in 1 day"},
		"what comes in days is counted":              {d.Ago(now.Add(80 * time.Hour)), "in 3 days"},
	} {
		t.Run(promise, func(t *testing.T) {
			if got[0] != got[1] {
				t.Errorf("says %q, not %q", got[0], got[1])
			}
		})
	}
	if d.Today(at(23, 23, 59)) || !d.Today(at(24, 0, 0).UTC()) {
		t.Error("today begins and ends at midnight where I am")
	}
}
