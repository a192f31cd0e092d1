package notice

import (
	"errors"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"smtpgateway/data"
)

// wholeDay is how long an event with times must last to close the library; calendars write 00:00 to 23:59 too.
const wholeDay = 24*time.Hour - time.Minute

// days are those an entry closes: all of a whole-day one; of one with times, if it is long enough, those whose noon it
// covers.
func days(start, end time.Time, whole bool) (first, last data.Date, ok bool) {
	first, last = data.DateOf(start), data.DateOf(end)
	if whole {
		return first, max(first, last-1), true
	}
	if end.Sub(start) < wholeDay {
		return 0, 0, false
	}
	if start.After(first.At(12, 0, time.UTC)) {
		first++
	}
	if !end.After(last.At(12, 0, time.UTC)) {
		last--
	}
	return first, last, first <= last
}

// moment reads a date or a date with time. An unknown name of a time zone, such as the ones Outlook has, means the place
// we are at; it is not worth refusing a school's holidays for.
func (r *icsReader) moment(p *ical.Prop, value string) (at time.Time, whole bool, err error) {
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "0") {
		return at, false, errors.New("a year before 1000") // the library takes the year 1 for a start that is missing
	}
	switch {
	case len(value) == len("20060102"):
		at, err = time.Parse("20060102", value)
		return at, true, err
	case strings.HasSuffix(value, "Z"):
		at, err = time.Parse("20060102T150405Z", value)
		return clock(at.In(r.where)), false, err
	}
	zone := r.where
	if named, err := time.LoadLocation(p.Params.Get(ical.PropTimezoneID)); err == nil && p.Params.Get(ical.PropTimezoneID) != "" {
		zone = named
	}
	at, err = time.ParseInLocation("20060102T150405", value, zone)
	return clock(at.In(r.where)), false, err
}

// moments reads lists of dates; of a period its start.
func (r *icsReader) moments(props []ical.Prop) (all []time.Time, err error) {
	for i := range props {
		for value := range strings.SplitSeq(props[i].Value, ",") {
			value, _, _ = strings.Cut(value, "/")
			at, _, err := r.moment(&props[i], value)
			if err != nil {
				return nil, err
			}
			all = append(all, at)
		}
	}
	return all, nil
}

// clock is what the clock shows at t, as a moment of UTC.
func clock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}
