package settle

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/notice"
)

// logRetry is how long the daily log waits after it could not be queued.
const logRetry = 5 * time.Minute

// DailyLog queues the daily log mail if it is due: once for each day's time, also when there is nothing to tell, and
// once for all the days the service was off. The very first call only begins to count. It reports whether it queued
// one.
func (s *Settler) DailyLog(ctx context.Context, settings data.Settings, now time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	due, ok := lastDue(settings.LogDailyAt, now)
	if !ok || settings.From.Address == "" || now.Before(s.logTry.Add(logRetry)) && !now.Before(s.logTry) {
		return false, nil
	}
	told, err := s.o.Store.LogTold(ctx)
	if err != nil {
		return false, err
	}
	if told.IsZero() || told.After(now) { // new here, or the clock was set back: a log of the future would never end
		return false, s.o.Store.SetLogTold(ctx, now)
	}
	if !told.Before(due) {
		return false, nil
	}
	if err := s.writeLog(ctx, settings, told, due, now); err != nil {
		s.logTry = now
		return false, err
	}
	s.logTry = time.Time{}
	return true, nil
}

// NextDailyLog is when DailyLog has something to do next; false: never, it is switched off.
func (s *Settler) NextDailyLog(ctx context.Context, settings data.Settings, now time.Time) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	due, ok := lastDue(settings.LogDailyAt, now)
	if !ok || settings.From.Address == "" {
		return time.Time{}, false
	}
	told, err := s.o.Store.LogTold(ctx)
	if err != nil || told.IsZero() || told.Before(due) || told.After(now) {
		if again := s.logTry.Add(logRetry); !s.logTry.IsZero() && again.After(now) {
			return again, true
		}
		if err != nil {
			return now.Add(logRetry), true
		}
		return now, true
	}
	return at(settings.LogDailyAt, due.In(now.Location()), 1), true
}

// lastDue is the last moment, now included, at which the log was due by the local clock.
func lastDue(clock string, now time.Time) (time.Time, bool) {
	if _, _, ok := parseClock(clock); !ok {
		return time.Time{}, false
	}
	due := at(clock, now, 0)
	if due.After(now) {
		due = at(clock, now, -1)
	}
	return due, true
}

// at is the time of day on the day of now and some days later. A time that a change of the clocks skips is taken as
// the moment that stands in for it; one that comes twice is taken once.
func at(clock string, now time.Time, days int) time.Time {
	hour, minute, _ := parseClock(clock)
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, minute, 0, 0, now.Location())
}

func parseClock(s string) (hour, minute int, ok bool) {
	h, m, found := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	return hour, minute, found && err1 == nil && err2 == nil && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
}

// writeLog queues the mail. Its origin key is the moment it was due: killed before the told mark is written, the next
// start finds it queued already.
func (s *Settler) writeLog(ctx context.Context, settings data.Settings, told, due, now time.Time) error {
	day, err := s.o.Store.Day(ctx, told, now)
	if err != nil {
		return err
	}
	subject, text := logText(&day, &settings, now.Location())
	m, err := mail.Compose(mail.Text{
		From: settings.From, To: []string{settings.From.Address}, Subject: subject, Text: text, Class: data.ClassLog, Now: now,
	})
	if err != nil {
		return err
	}
	key := "log-" + strconv.FormatInt(due.Unix(), 10)
	m.Class, m.Door, m.NoReturn, m.File = data.ClassLog, data.DoorOwn, true, ""
	m.Origin = &data.Origin{Key: key, Name: "daily log"}
	if _, err := s.o.Store.Accept(ctx, m); err != nil {
		return err
	}
	if err := s.o.Store.SetLogTold(ctx, now); err != nil {
		return err
	}
	return s.o.Store.OriginGone(ctx, key, now) // there is no file to wait for
}

// logText is the log mail: first the sums, then what needs somebody, then the addresses that failed, then what was
// done. Counts and addresses only: nobody's reading is told by mail.
func logText(d *data.Day, s *data.Settings, where *time.Location) (subject, text string) {
	subject = fmt.Sprintf("SMTP Gateway: %d sent, %d failed, %d waiting", d.Sent, d.FailedAll, d.Waiting)
	if d.Held > 0 {
		subject += fmt.Sprintf(", %d held", d.Held)
	}
	var b strings.Builder
	const moment = "Mon 2 Jan 2006 15:04"
	fmt.Fprintf(&b, "From %s to %s\n\n", d.From.In(where).Format(moment), d.To.In(where).Format(moment))
	sum := func(n int64, what string) { fmt.Fprintf(&b, "%7d  %s\n", n, what) }
	sum(d.Sent, "sent")
	if d.Letters > 0 {
		sum(d.Letters, "of these letters")
	}
	if d.Notices > 0 {
		sum(d.Notices, "of these automatic notices")
	}
	if d.Practice > 0 {
		sum(d.Practice, "of these for practice: they went to the Test to address")
	}
	sum(d.Waiting, "waiting to be sent")
	sum(d.FailedAll, "could not be sent")
	sum(d.Held, "held for you to decide")
	if d.Cancelled > 0 {
		sum(d.Cancelled, "cancelled")
	}
	if d.Uncertain > 0 {
		sum(d.Uncertain, "may have arrived twice or not at all: the connection broke at the last moment")
	}
	needs(&b, d, s, where)
	if len(d.Failed) > 0 {
		b.WriteString("\nCould not be sent to\n")
		for _, f := range d.Failed {
			fmt.Fprintf(&b, "  %s: %s\n", data.Clean(f.Recipient, 320), data.Clean(f.Reason, 300))
		}
		if more := d.FailedAll - int64(len(d.Failed)); more > 0 {
			fmt.Fprintf(&b, "  and %d more\n", more)
		}
	}
	done(&b, d, where)
	return subject, b.String()
}

func needs(b *strings.Builder, d *data.Day, s *data.Settings, where *time.Location) {
	var list []string
	if d.Held > 0 {
		list = append(list, fmt.Sprintf("%d held: open the queue and decide whether to send or cancel them.", d.Held))
	}
	if d.FailedAll > 0 {
		list = append(list, "The failed addresses below: correct them and send again.")
	}
	list = append(list, libraryNeeds(d, s, where)...)
	if n := count(d, data.JournalIntake); n > 0 {
		list = append(list, fmt.Sprintf("%d notes about dropped files: see the log, and the .BAD files in the folder.", n))
	}
	if d.Waiting > 0 && !d.Oldest.IsZero() && d.To.Sub(d.Oldest) > 24*time.Hour {
		list = append(list, fmt.Sprintf("The oldest waiting message has waited since %s.", d.Oldest.In(where).Format("Mon 2 Jan 15:04")))
	}
	b.WriteString("\nWhat needs you\n")
	if len(list) == 0 {
		b.WriteString("  Nothing.\n")
	}
	for _, l := range list {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

// libraryNeeds is what of the library's side waits for somebody, where automatic notices are switched on.
func libraryNeeds(d *data.Day, s *data.Settings, where *time.Location) (list []string) {
	if !s.Overdue.Enabled {
		return nil
	}
	switch d.Awaiting {
	case 0:
	case 1:
		list = append(list, "1 notice waits for your yes: look at it under Automatic notices.")
	default:
		list = append(list, fmt.Sprintf("%d notices wait for your yes: look at them under Automatic notices.", d.Awaiting))
	}
	switch ok, age := notice.Fresh(d.Loans.In(where), d.To.In(where), notice.NewCalendar(s.Overdue, d.Closed), s.Overdue.FreshDays); {
	case d.Loans.IsZero():
		list = append(list, "There is no list of loans yet: notices rest until one is taken in.")
	case !ok:
		list = append(list, fmt.Sprintf("The list of loans is %s: notices rest until a new one is taken in.", age))
	}
	return list
}

// mostDone is how many lines of the journal one log mail tells.
const mostDone = 100

func done(b *strings.Builder, d *data.Day, where *time.Location) {
	b.WriteString("\nWhat was done\n")
	told, left := 0, 0
	for _, l := range d.Lines {
		switch l.Kind {
		case data.JournalService, data.JournalSettings, data.JournalTrouble, data.JournalPerson, data.JournalMail,
			data.JournalImport, data.JournalNotices:
		default:
			continue // counted above; their lines name files and addresses
		}
		if told == mostDone {
			left++
			continue
		}
		told++
		fmt.Fprintf(b, "  %s  %s\n", l.At.In(where).Format("2 Jan 15:04"), data.Clean(l.Text, 400))
	}
	if told == 0 {
		b.WriteString("  Nothing worth telling.\n")
	}
	if left > 0 {
		fmt.Fprintf(b, "  and %d more: see the log.\n", left)
	}
}

func count(d *data.Day, kind data.JournalKind) int {
	n := 0
	for _, l := range d.Lines {
		if l.Kind == kind {
			n++
		}
	}
	return n
}
