package mailing

import (
	"context"
	"time"

	"smtpgateway/data"
)

// Standing is how far automatic notices are, in practice or for real, as the settings have it.
type Standing struct {
	From     data.Date // first day they may speak of; 0: never seen switched on
	Last     data.Date // last day that is done or was refused; 0: none
	Told     data.Date // last of these on which the library was open, so that nothing was put off
	Open     *data.Run // under way, awaiting or held; nil: none
	Lacks    *data.Run // the last of these, when it could not write all letters; nil: it could
	Practice bool
}

// manyRuns is how far back the last run that counts is looked for: more than a quarter of a year of daily runs.
const manyRuns = 100

// Standing reads how far the notices are.
func (m *Mailer) Standing(ctx context.Context, s *data.Settings) (Standing, error) {
	st := Standing{Practice: Practising(s)}
	var err error
	if st.From, err = m.o.Store.NoticesFrom(ctx); err != nil {
		return st, err
	}
	cal, err := m.Calendar(ctx, s)
	if err != nil {
		return st, err
	}
	runs, err := m.o.Store.Runs(ctx, manyRuns)
	if err != nil {
		return st, err
	}
	for i := range runs { // newest first
		r := &runs[i]
		switch {
		case r.Practice != st.Practice:
		case r.Ended.After(m.o.Now()) && r.Day > m.today(): // by a clock that ran ahead: it would stand for days to come
		case r.State == data.RunDone || r.State == data.RunRefused:
			if st.Last == 0 && r.Unwritten > 0 {
				st.Lacks = r
			}
			st.Last = max(st.Last, r.Day)
			if !cal.Rests(r.Day) {
				st.Told = max(st.Told, r.Day)
			}
		case st.Open == nil:
			st.Open = r
		}
	}
	return st, nil
}

// next is the run that comes next: the open one, brought forward to the day, or a new one that makes up for the days
// since the last.
func (st *Standing) next(day data.Date, now time.Time) data.Run {
	r := data.Run{Day: day, From: day, Began: now, Practice: st.Practice, State: data.RunPlanned}
	switch {
	case st.Open != nil:
		r = *st.Open
		r.Day = day
	case st.Lacks != nil && st.Lacks.From < day: // what could not be written is made up for
		r.From = st.Lacks.From
	case st.Told != 0 && st.Told < day:
		r.From = st.Told + 1
	}
	r.From = min(max(r.From, st.From), r.Day)
	return r
}

// Switched remembers since when notices are switched on, and forgets it when they are switched off: what was due before
// is nobody's surprise later.
func (m *Mailer) Switched(ctx context.Context, s *data.Settings) error {
	from, err := m.o.Store.NoticesFrom(ctx)
	switch {
	case err != nil:
		return err
	case s.Overdue.Enabled && (from == 0 || from > m.today()): // by a clock that ran ahead
		return m.o.Store.SetNoticesFrom(ctx, m.today())
	case !s.Overdue.Enabled && from != 0:
		return m.o.Store.SetNoticesFrom(ctx, 0)
	}
	return nil
}

// endOthers closes what was left open when practice was switched on or off.
func (m *Mailer) endOthers(ctx context.Context, practice bool) error {
	runs, err := m.o.Store.Runs(ctx, manyRuns)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.Practice == practice || r.State == data.RunDone || r.State == data.RunRefused {
			continue
		}
		r.State, r.Ended, r.Why = data.RunRefused, m.o.Now(), "Practice was switched off before it went out."
		if practice {
			r.Why = "Practice was switched on before it went out."
		}
		if err := m.o.Store.SaveRun(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
