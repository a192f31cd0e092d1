package screen

import (
	"time"

	"smtpgateway/data"
)

// ChartDays is how many days the chart shows, today included.
const ChartDays = 30

// Chart is what ended on each of the last days.
type Chart struct {
	Days  []ChartDay // the oldest first, today last; empty: not counted yet
	Top   int64      // the highest day, sent and failed together; 0: nothing ended at all
	Sum   string     // "1,204 sent and 3 failed in the last 30 days."
	Most  string     // "Most: 412 on Tue 24 Nov 2026."; empty: nothing
	Next  string     // what to do when nothing was sent at all; empty: something was
	First string     // the name of the first day
	Last  string     // and of the last
}

// ChartDay is one day of it.
type ChartDay struct {
	Day          time.Time
	Sent, Failed int64
}

// Chart gives the last days with their words: who sees no bars reads the same from them.
func (o *Overview) Chart() Chart {
	d := o.desk
	days := o.chart.all(d.Now())
	if len(days) == 0 {
		return Chart{Sum: d.Say("Counting the last 30 days.")}
	}
	c := Chart{Days: days, First: d.DayName(days[0].Day), Last: d.Say("Today")}
	var sent, failed int64
	var most ChartDay
	for _, day := range days {
		sent, failed = sent+day.Sent, failed+day.Failed
		c.Top = max(c.Top, day.Sent+day.Failed)
		if day.Sent > most.Sent {
			most = day
		}
	}
	switch {
	case c.Top == 0:
		c.Sum = d.Say("Nothing was sent in the last 30 days.")
		c.Next = d.Say("Messages put into the folder {{.Folder}} go out with the next check. The Test on the Settings screen sends one to try.", With("Folder", d.Facts().Folder))
	case failed == 0:
		c.Sum = d.Say("{{.Sent}} sent in the last 30 days, none failed.", With("Sent", d.Number(sent)))
	default:
		c.Sum = d.Say("{{.Sent}} sent and {{.Failed}} failed in the last 30 days.", With("Sent", d.Number(sent), "Failed", d.Number(failed)))
	}
	if most.Sent > 0 {
		c.Most = d.Say("Most: {{.N}} on {{.Day}}.", With("N", d.Number(most.Sent), "Day", d.DayName(most.Day)))
	}
	return c
}

// chartCounts keeps the days that are over, so that only today is counted again.
type chartCounts struct {
	days   []data.DayCount // up to the day they were counted on
	failed int64           // failures standing then
}

// missing is what has to be counted at now: from the first day not known for good up to today. When fewer failures
// stand than before, somebody sent some again, and they may have been of any day.
func (c *chartCounts) missing(now time.Time, failed int64) (first time.Time, days int) {
	if failed < c.failed {
		c.days = nil
	}
	for i := range ChartDays {
		day := data.Midnight(now, i+1-ChartDays)
		if _, known := c.find(day); !known || i == ChartDays-1 {
			return day, ChartDays - i
		}
	}
	return now, 1
}

// take puts what was counted at now behind the days that are over.
func (c *chartCounts) take(now time.Time, failed int64, counted []data.DayCount) {
	if len(counted) == 0 {
		return
	}
	begin := data.Midnight(now, 1-ChartDays)
	kept := make([]data.DayCount, 0, ChartDays)
	for _, day := range c.days {
		if !day.Day.Before(begin) && day.Day.Before(counted[0].Day) {
			kept = append(kept, day)
		}
	}
	kept = append(kept, counted...)
	c.days, c.failed = kept, failed
}

// find gives a day that was over when it was counted, or today.
func (c *chartCounts) find(day time.Time) (data.DayCount, bool) {
	for i, known := range c.days {
		// The last one was still going on: as a day that is over it is not known.
		if known.Day.Equal(day) && i < len(c.days)-1 {
			return known, true
		}
	}
	return data.DayCount{}, false
}

// stale reports whether another day has begun since the last count.
func (c *chartCounts) stale(now time.Time) bool {
	_, counted := c.today(now)
	return !counted
}

// today gives the count of the day of now; false: it was not counted yet.
func (c *chartCounts) today(now time.Time) (data.DayCount, bool) {
	if n := len(c.days); n > 0 && c.days[n-1].Day.Equal(data.Midnight(now, 0)) {
		return c.days[n-1], true
	}
	return data.DayCount{}, false
}

// all gives the days to show at now, with empty ones where none was counted; nothing before the first count.
func (c *chartCounts) all(now time.Time) []ChartDay {
	if len(c.days) == 0 {
		return nil
	}
	shown := make([]ChartDay, ChartDays)
	for i := range shown {
		shown[i].Day = data.Midnight(now, i+1-ChartDays)
		for _, known := range c.days {
			if known.Day.Equal(shown[i].Day) {
				shown[i].Sent, shown[i].Failed = known.Sent, known.Failed
			}
		}
	}
	return shown
}
