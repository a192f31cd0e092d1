package screen

import (
	"context"
	"strconv"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Mood is how something stands, for the icon beside its words.
type Mood string

// The moods; each has an icon of its own.
const (
	MoodGood    Mood = "good"
	MoodBusy    Mood = "busy"
	MoodWaiting Mood = "waiting"
	MoodWarn    Mood = "warn"
	MoodBad     Mood = "bad"
	MoodOff     Mood = "off"
)

// Standing is words with the mood they are said in.
type Standing struct {
	Mood  Mood
	Words string
}

// Overview knows how the whole stands: the service, what waits, what went, and what needs a person.
type Overview struct {
	desk *Desk
	// OnChange is called when something it shows has changed; nil: nobody.
	OnChange func()

	loading, again bool // questions to the store are under way; ask them again afterwards
	due            time.Time
	chart          chartCounts
	orders         serviceOrders
	sending        sendNow
}

// NewOverview makes an overview that knows nothing yet.
func NewOverview(d *Desk) *Overview { return &Overview{desk: d} }

// Refresh takes in what the desk saw. Called when the person comes here and on each change while the screen is shown.
func (o *Overview) Refresh(c Change) {
	o.orders.seen(o.desk.Facts().At)
	if c.Store || o.chart.stale(o.desk.Now()) {
		o.load()
	}
	o.follow()
	o.changed()
}

func (o *Overview) changed() {
	if o.OnChange != nil {
		o.OnChange()
	}
}

// loaded is what the store is asked beyond the facts.
type loaded struct {
	due    time.Time
	counts []data.DayCount
}

// load asks the store, one question at a time: with a busy service it is told of a change every second.
func (o *Overview) load() {
	if o.loading {
		o.again = true
		return
	}
	now, failed := o.desk.Now(), o.desk.Facts().Counts[data.Failed]
	first, days := o.chart.missing(now, failed)
	o.loading = true
	GoStore(o.desk, func(ctx context.Context, s *store.Store) (l loaded, err error) {
		if l.due, _, err = s.NextDue(ctx); err != nil {
			return l, err
		}
		l.counts, err = s.Days(ctx, first, days)
		return l, err
	}, func(l loaded, err error) {
		o.loading = false
		if err == nil { // otherwise the desk's own look says what is wrong
			o.due = l.due
			o.chart.take(now, failed, l.counts)
			o.changed()
		}
		if o.again {
			o.again = false
			o.load()
		}
	})
}

// Known reports whether there is anything to show yet.
func (o *Overview) Known() bool { return !o.desk.Facts().At.IsZero() }

// Waiting is how many wait to be sent, those being sent included.
func (o *Overview) Waiting() string {
	c := o.desk.Facts().Counts
	return o.number(c[data.Waiting]+c[data.Sending], o.Known())
}

// SentToday is how many went since midnight.
func (o *Overview) SentToday() string {
	today, counted := o.chart.today(o.desk.Now())
	return o.number(today.Sent, counted)
}

// Failed is how many could not be sent and still stand there, and how many of them came today.
func (o *Overview) Failed() (number, today string) {
	t, counted := o.chart.today(o.desk.Now())
	switch {
	case !counted:
	case t.Failed == 0:
		today = o.desk.Say("none today")
	default:
		today = o.desk.Say("{{.N}} today", With("N", o.desk.Number(t.Failed)))
	}
	return o.number(o.desk.Facts().Counts[data.Failed], o.Known()), today
}

// Held is how many wait for a person to decide.
func (o *Overview) Held() string { return o.number(o.desk.Facts().Counts[data.Held], o.Known()) }

// number shows a dash where nobody has counted yet: a nought would be a claim.
func (o *Overview) number(n int64, counted bool) string {
	if !counted {
		return "\u2013"
	}
	return o.desk.Number(n)
}

// Empty says when everything will be sent, or why nobody can tell.
func (o *Overview) Empty() string {
	d, f := o.desk, o.desk.Facts()
	waiting := f.Counts[data.Waiting]
	switch {
	case !o.Known():
		return ""
	case waiting == 0 && f.Counts[data.Sending] > 0:
		return d.Say("The last ones are being sent now.")
	case waiting == 0:
		return d.Say("Nothing is waiting.")
	case !f.Configured():
		return d.Say("Nothing is sent before the gateway is set up.")
	case !f.Service.Running():
		return d.Say("Nothing is sent while the service does not run.")
	case f.Beat.Trouble != "":
		return d.Say("Unknown while there is trouble.")
	}
	at, limited := data.EmptyAt(&f.Settings, data.Drain{
		Moving: true, Waiting: waiting, Now: d.Now(), Check: f.Beat.NextCheck, Due: o.due, Used: f.UsedToday,
	})
	switch {
	case at.IsZero():
		return d.Say("The service has not looked at the queue yet.")
	case limited:
		return d.Say("Not today: the daily limit is reached before. All sent by about {{.Day}}.", With("Day", d.DayName(at)))
	case d.Today(at):
		return d.Say("All sent by about {{.Time}}.", With("Time", d.Clock(at)))
	}
	return d.Say("All sent by about {{.When}}.", With("When", d.When(at)))
}

// NextCheck says when the service looks at the queue again.
func (o *Overview) NextCheck() string {
	d, f := o.desk, o.desk.Facts()
	next := f.Beat.NextCheck
	switch {
	case !o.Known():
		return ""
	case !f.Service.Running():
		return d.Say("No check while the service does not run.")
	case next.IsZero():
		return d.Say("The first check comes as soon as the service is ready.")
	case f.Counts[data.Sending] > 0:
		return d.Say("A check is under way now.")
	case !next.After(d.Now()):
		return d.Say("The next check is due now.")
	}
	return d.Say("Next check {{.When}} ({{.Ago}}).", With("When", d.When(next), "Ago", d.ahead(next.Sub(d.Now()))))
}

// LastCheck says when the service looked at the queue last; empty: never yet.
func (o *Overview) LastCheck() string {
	last := o.desk.Facts().Beat.LastCheck
	if last.IsZero() {
		return ""
	}
	return o.desk.Say("Last check {{.When}}.", With("When", o.desk.When(last)))
}

// Limit is today's share of the daily limit: its words, and how much of it is used, 0 to 1; set: there is a limit.
func (o *Overview) Limit() (words string, share float32, set bool) {
	f := o.desk.Facts()
	most := int64(f.Settings.Server1.RecipientsDay)
	if most <= 0 {
		return "", 0, false
	}
	words = o.desk.Say("{{.Used}} of {{.Most}} today", With("Used", o.desk.Number(f.UsedToday), "Most", o.desk.Number(most)))
	if f.UsedToday >= most {
		words += ". " + o.desk.Say("The rest goes when 24 hours have passed.")
	}
	return words, min(max(float32(f.UsedToday)/float32(most), 0), 1), true
}

// DailyLog says up to when the daily log has told. It is a warning when one is missing.
func (o *Overview) DailyLog() Standing {
	d, f := o.desk, o.desk.Facts()
	switch {
	case !o.Known():
		return Standing{}
	case f.Settings.LogDailyAt == "":
		return Standing{MoodOff, d.Say("The daily log is switched off.")}
	case f.LogTold.IsZero():
		return Standing{MoodOff, d.Say("There was no daily log yet. It is mailed each day at {{.Time}}.", With("Time", f.Settings.LogDailyAt))}
	case f.Service.Running() && d.Now().Sub(f.LogTold) > 26*time.Hour:
		return Standing{MoodWarn, d.Say("The last daily log told of everything until {{.When}}: one is missing. Look at the Log.", With("When", d.When(f.LogTold)))}
	}
	return Standing{MoodGood, d.Say("The last daily log told of everything until {{.When}}.", With("When", d.When(f.LogTold)))}
}

// Number writes a number so that its size is seen: "1,284".
func (d *Desk) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
