// Package notices is in charge of automatic notices as a duty of the service: on each day at a time the loans are looked
// through, once, also when the computer was off then; a run that is held goes on when a new list of loans is in, or, if that
// comes in the night, with the run of the morning; what a
// person asks for is done at once; and before a check what waits is looked at again. What is told to whom is not decided
// here but in data/notice, how it gets into the queue in data/mailing.
package notices

import (
	"context"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

// night is how long before a run nothing of the one before goes out by itself: nobody wants to hear of a book at midnight, and
// what the morning tells anyway would be told twice within hours.
const night = 8 * time.Hour

// retry is how long a run waits after it could not be done.
const retry = 5 * time.Minute

// Store is what notices need of the database.
type Store interface {
	mailing.Store
	RosterRevision(ctx context.Context) (int64, error)
}

// Options is what notices need from outside.
type Options struct {
	Store Store
	Now   func() time.Time // nil: time.Now
}

// Notices is the duty. Its methods may be called by several goroutines; runs follow one another.
type Notices struct {
	o      Options
	mailer *mailing.Mailer

	running sync.Mutex // one run at a time
	mu      sync.Mutex // guards what follows
	failed  error      // why the last run could not be done
	tried   time.Time  // when that was
	seen    int64      // import of loans that the last run went by; -1: none by this program
	checked int64      // revision of the roster when waiting letters were last looked at
}

// New makes the duty; nothing runs yet.
func New(o Options) *Notices {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Notices{o: o, mailer: mailing.New(mailing.Options{Store: o.Store, Now: o.Now}), seen: -1, checked: -1}
}

// Daily runs the notices if they are due: once for each day's time, and once for all the days the service was off. It
// reports whether there was a run.
func (n *Notices) Daily(ctx context.Context, s data.Settings) (data.Run, bool, error) {
	n.running.Lock()
	defer n.running.Unlock()
	now := n.o.Now()
	day, due, err := data.Date(0), false, n.mailer.Switched(ctx, &s)
	if err == nil {
		day, due, err = n.due(ctx, &s, now)
	}
	if err != nil {
		n.PutOff()
		return data.Run{}, false, err
	}
	if !due || n.tooSoon(now) {
		return data.Run{}, false, nil
	}
	run, err := n.run(ctx, &s, mailing.Order{Day: day})
	if err != nil {
		n.mu.Lock()
		n.failed, n.tried = err, now
		n.mu.Unlock()
	}
	return run, true, err
}

// PutOff lets a run that is due wait a few minutes, because it could not even be begun.
func (n *Notices) PutOff() {
	n.mu.Lock()
	n.tried = n.o.Now()
	n.mu.Unlock()
}

// Now runs the notices because a person asks: of today; or, with the number of a run that waits for an answer, its yes.
func (n *Notices) Now(ctx context.Context, s data.Settings, yes int64) (data.Run, error) {
	n.running.Lock()
	defer n.running.Unlock()
	today := data.DateOf(n.o.Now())
	order := mailing.Order{Day: today, Yes: yes}
	if yes != 0 {
		st, err := n.mailer.Standing(ctx, &s)
		if err != nil {
			return data.Run{}, err
		}
		if day, ok := mailing.LastDue(s.Overdue.At, n.o.Now()); ok {
			order.Day = day // before today's time it is still the run of yesterday
		}
		if st.Open != nil {
			order.Day = min(today, max(order.Day, st.Open.Day))
		}
	}
	return n.run(ctx, &s, order)
}

func (n *Notices) run(ctx context.Context, s *data.Settings, o mailing.Order) (data.Run, error) {
	last, _, err := n.o.Store.LastImport(ctx, data.RosterLoans)
	if err != nil {
		return data.Run{}, err
	}
	run, err := n.mailer.Run(ctx, s, o)
	if err != nil {
		return run, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failed, n.tried, n.seen = nil, time.Time{}, last.ID
	return run, nil
}

// tooSoon reports whether a run could not be done a moment ago.
func (n *Notices) tooSoon(now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.tried.IsZero() && now.Before(n.tried.Add(retry)) && !now.Before(n.tried)
}

// due says for which day a run is to be made now.
func (n *Notices) due(ctx context.Context, s *data.Settings, now time.Time) (data.Date, bool, error) {
	day, ok := mailing.LastDue(s.Overdue.At, now)
	if !ok || !s.Overdue.Enabled {
		return 0, false, nil
	}
	st, err := n.mailer.Standing(ctx, s)
	if err != nil {
		return 0, false, err
	}
	if st.From > day {
		return day, false, nil
	}
	if st.Open == nil {
		return day, st.Last < day, nil
	}
	today := data.DateOf(now)
	of := max(day, min(st.Open.Day, today))
	another := st.Open.Day < day || st.Open.Day > today // or one of a clock that ran ahead
	switch st.Open.State {
	case data.RunPlanned: // broken off
		return of, true, nil
	case data.RunHeld:
		fresh, err := n.mailer.Fresh(ctx, s)
		if err != nil {
			return 0, false, err
		}
		last, _, err := n.o.Store.LastImport(ctx, data.RosterLoans)
		n.mu.Lock()
		defer n.mu.Unlock()
		return of, another || (fresh || last.ID != n.seen) && !isNight(s, now), err
	default:
		return day, another, nil
	}
}

// isNight reports whether the next run is so near that it makes up for one that is held. A list that must be of today would
// be too old by then.
func isNight(s *data.Settings, now time.Time) bool {
	last, _ := mailing.LastDue(s.Overdue.At, now)
	next, ok := mailing.DueOn(s.Overdue.At, last+1, now.Location())
	return ok && s.Overdue.FreshDays > 0 && next.Sub(now) <= night
}

// Next is when Daily has something to do next; false: never, notices are switched off.
func (n *Notices) Next(ctx context.Context, s data.Settings) (time.Time, bool) {
	now := n.o.Now()
	last, ok := mailing.LastDue(s.Overdue.At, now)
	if !ok || !s.Overdue.Enabled {
		return time.Time{}, false
	}
	n.mu.Lock()
	tried := n.tried
	n.mu.Unlock()
	switch _, due, err := n.due(ctx, &s, now); {
	case (due || err != nil) && n.tooSoon(now):
		return tried.Add(retry), true
	case err != nil:
		return now.Add(retry), true
	case due:
		return now, true
	}
	return mailing.DueOn(s.Overdue.At, last+1, now.Location())
}
