package notice

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-ical"

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
	maxIdle        = 20 // rules that name no day at all: it takes the years to 9999 to see that
)

// icsReader goes through the events of an iCalendar file. Moments are the clock of where, written as if it were UTC, so that
// an event that repeats keeps its hour when the clocks change.
type icsReader struct {
	where     *time.Location
	spans     *closedSpans
	moved     map[string]bool // occurrences that have an entry of their own
	repeating int
	occurred  int
	idle      int
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
	defer broken(&err) // by a parameter that ends with its line
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

// broken makes an error of what the libraries take for a mistake of their own and is one of the file.
func broken(err *error) {
	if why := recover(); why != nil {
		*err = fmt.Errorf("%v", why)
	}
}

// event adds the days of one entry and of its repetitions.
func (r *icsReader) event(e ical.Event) (err error) {
	defer broken(&err) // by a rule with days that no year has
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
