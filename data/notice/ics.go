package notice

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"smtpgateway/data"
)

// Bounds of an iCalendar file, far beyond any school's, so that one made in bad faith comes to an end.
const (
	maxNested      = 16      // components inside each other
	maxLine        = 1 << 16 // octets of an unfolded line
	maxEvents      = 50_000
	maxRepeating   = 1_000   // events that repeat
	maxOccurrences = 200_000 // of all of them together
	maxInterval    = 1_000
)

// wholeDay is how long an event with times must last to close the library; calendars write 00:00 to 23:59 too.
const wholeDay = 24*time.Hour - time.Minute

// icsReader goes through the events of an iCalendar file. Moments are the clock of where, written as if it were UTC, so that
// an event that repeats keeps its hour when the clocks change.
type icsReader struct {
	where     *time.Location
	spans     *closedSpans
	moved     map[string]bool // occurrences that have an entry of their own
	repeating int
	occurred  int
}

func readICS(text string, where *time.Location, spans *closedSpans) error {
	if err := checkICS(text); err != nil {
		return err
	}
	events, err := icsEvents(text)
	if err != nil {
		return badCalendar(err, "The calendar file is damaged.")
	}
	if len(events) > maxEvents {
		return badCalendar(nil, "The calendar has more than %d entries.", maxEvents)
	}
	r := icsReader{where: where, spans: spans, moved: make(map[string]bool)}
	for _, e := range events {
		if id := e.Props.Get(ical.PropRecurrenceID); id != nil {
			if at, _, err := r.moment(id, id.Value); err == nil {
				r.moved[occurrence(e, at)] = true
			}
		}
	}
	for _, e := range events {
		if err := r.event(e); err != nil {
			return badCalendar(err, "The entry %q of the calendar cannot be read.", summary(e))
		}
	}
	return nil
}

// checkICS refuses what the decoder would not survive, or would take for a whole file.
func checkICS(text string) error {
	depth, length := 0, 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			length += len(line)
		} else {
			length = len(line)
		}
		if length > maxLine {
			return badCalendar(nil, "The calendar file has a line longer than %d characters.", maxLine)
		}
		switch word, _, _ := strings.Cut(strings.ToUpper(line), ":"); word {
		case "BEGIN":
			depth++
		case "END":
			depth--
		}
		if depth > maxNested || depth < 0 {
			return badCalendar(nil, "The calendar file is damaged.")
		}
	}
	if depth != 0 {
		return badCalendar(nil, "The calendar file ends in the middle.")
	}
	return nil
}

// icsEvents are the events of all calendars in the file.
func icsEvents(text string) (events []ical.Event, err error) {
	// The decoder takes a parameter that ends with its line for a mistake of its own.
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%v", broken)
		}
	}()
	dec := ical.NewDecoder(strings.NewReader(strings.TrimSpace(text) + "\r\n"))
	for {
		calendar, err := dec.Decode()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		events = append(events, calendar.Events()...)
	}
}

// event adds the days of one entry and of its repetitions.
func (r *icsReader) event(e ical.Event) error {
	if status := e.Props.Get(ical.PropStatus); status != nil && strings.EqualFold(strings.TrimSpace(status.Value), "CANCELLED") {
		return nil
	}
	startProp := e.Props.Get(ical.PropDateTimeStart)
	if startProp == nil {
		return errors.New("no start")
	}
	start, whole, err := r.moment(startProp, startProp.Value)
	if err != nil {
		return err
	}
	end, err := r.end(e, start, whole)
	if err != nil {
		return err
	}
	first, last, ok := days(start, end, whole)
	if !ok {
		return nil
	}
	name := summary(e)
	rule := e.Props.Get(ical.PropRecurrenceRule)
	extra := e.Props[ical.PropRecurrenceDates]
	if rule == nil && len(extra) == 0 || e.Props.Get(ical.PropRecurrenceID) != nil {
		r.spans.add(first, last, name, false)
		return nil
	}
	except, err := r.moments(e.Props[ical.PropExceptionDates])
	if err != nil {
		return err
	}
	left := make(map[time.Time]bool, len(except))
	for _, at := range except {
		left[at] = true
	}
	add := func(at time.Time) {
		if !left[at] && !r.moved[occurrence(e, at)] {
			shift := data.DateOf(at) - data.DateOf(start)
			r.spans.add(first+shift, last+shift, name, true)
		}
	}
	if rule == nil {
		add(start)
	} else if err := r.repeat(rule.Value, start, add); err != nil {
		return err
	}
	more, err := r.moments(extra)
	for _, at := range more {
		add(at)
	}
	return err
}

// end is when an entry is over, itself not part of it (RFC 5545 3.6.1).
func (r *icsReader) end(e ical.Event, start time.Time, whole bool) (time.Time, error) {
	if p := e.Props.Get(ical.PropDateTimeEnd); p != nil {
		end, _, err := r.moment(p, p.Value)
		return end, err
	}
	if p := e.Props.Get(ical.PropDuration); p != nil {
		d, err := p.Duration()
		return start.Add(max(d, 0)), err
	}
	if whole {
		return start.AddDate(0, 0, 1), nil
	}
	return start, nil
}

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

// repeat calls add for each time a rule names, up to the last day asked for.
func (r *icsReader) repeat(value string, start time.Time, add func(time.Time)) error {
	r.repeating++
	if r.repeating > maxRepeating {
		return fmt.Errorf("more than %d entries repeat", maxRepeating)
	}
	o, err := rrule.StrToROptionInLocation(strings.ToUpper(value), r.where)
	if err != nil {
		return err
	}
	if o.Freq > rrule.DAILY || o.Interval > maxInterval {
		return fmt.Errorf("%q repeats too often or too rarely", value)
	}
	o.Dtstart = start
	behind := (r.spans.to + 1).At(0, 0, time.UTC)
	if o.Until.IsZero() {
		o.Until = behind
	} else {
		o.Until = clock(o.Until.In(r.where))
		if !strings.Contains(strings.ToUpper(value), "T") || o.Until.Equal(data.DateOf(o.Until).At(0, 0, time.UTC)) {
			// The last day counts, at whatever hour of it.
			o.Until = (data.DateOf(o.Until) + 1).At(0, 0, time.UTC).Add(-time.Second)
		}
	}
	rule, err := rrule.NewRRule(*o)
	if err != nil {
		return err
	}
	next := rule.Iterator()
	for at, ok := next(); ok && at.Before(behind); at, ok = next() {
		if r.occurred++; r.occurred > maxOccurrences {
			return fmt.Errorf("entries repeat more than %d times", maxOccurrences)
		}
		add(at)
	}
	return nil
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

// occurrence names one of the times of an entry that repeats.
func occurrence(e ical.Event, at time.Time) string {
	uid := ""
	if p := e.Props.Get(ical.PropUID); p != nil {
		uid = p.Value
	}
	return uid + "\x00" + at.Format(time.DateTime)
}

func summary(e ical.Event) string {
	p := e.Props.Get(ical.PropSummary)
	if p == nil {
		return ""
	}
	words, err := p.TextList()
	if err != nil {
		return data.Clean(p.Value, maxClosedName)
	}
	return data.Clean(strings.Join(words, ","), maxClosedName)
}
