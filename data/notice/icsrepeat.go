package notice

import (
	"fmt"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"smtpgateway/data"
)

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
	if o.Until.Before(start) {
		return nil
	}
	rule, err := rrule.NewRRule(*o)
	if err != nil {
		return err
	}
	next := rule.Iterator()
	at, ok := next()
	if !ok {
		if r.idle++; r.idle > maxIdle {
			return fmt.Errorf("%d entries repeat on no day", r.idle)
		}
	}
	for ; ok && at.Before(behind); at, ok = next() {
		if r.occurred++; r.occurred > maxOccurrences {
			return fmt.Errorf("entries repeat more than %d times", maxOccurrences)
		}
		add(at)
	}
	return nil
}
