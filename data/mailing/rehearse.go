package mailing

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// Rehearsal is what a run on a day would do. Nothing is written.
type Rehearsal struct {
	notice.Outcome
	Day      data.Date
	From     data.Date // first day it would make up for
	Practice bool
	State    data.RunState // what the run would be: planned, awaiting or held
	Why      string        // in words, for awaiting and held
	Lacks    string        // in words, what could not be written; empty: everything could
	Patrons  map[int64]*data.Patron
}

// Rehearse shows what a run would do: today's with the days it would make up for, one of another day as if the service
// had run on every day before. Later days know today's loans only.
func (m *Mailer) Rehearse(ctx context.Context, s *data.Settings, day data.Date) (*Rehearsal, error) {
	st, err := m.Standing(ctx, s)
	if err != nil {
		return nil, err
	}
	run := st.next(day, m.o.Now())
	if day != m.today() {
		run = data.Run{Day: day, From: day}
		if st.From > day { // before they were switched on: as if they had been
			st.From = 0
		}
	}
	p, err := m.planSince(ctx, s, run.From, day, st.From)
	if err != nil {
		return nil, err
	}
	r := &Rehearsal{Outcome: p.Outcome, Day: day, From: run.From, Practice: st.Practice, State: data.RunPlanned, Lacks: p.unwritten.why, Patrons: byID(p.input.Roster)}
	if day == m.today() && !p.Closed {
		r.State, r.Why, err = m.brake(ctx, s, p)
	}
	return r, err
}

func byID(r *data.Roster) map[int64]*data.Patron {
	all := make(map[int64]*data.Patron, len(r.Patrons))
	for i := range r.Patrons {
		all[r.Patrons[i].ID] = &r.Patrons[i]
	}
	return all
}
