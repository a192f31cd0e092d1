package mailing

import (
	"cmp"
	"context"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// planned is what a run would do, and what it was made from.
type planned struct {
	notice.Outcome
	input     notice.Input
	unwritten unwritten
}

// plan looks through the loans for one day and the days before it that were missed.
func (m *Mailer) plan(ctx context.Context, s *data.Settings, from, day data.Date) (*planned, error) {
	start, err := m.o.Store.NoticesFrom(ctx)
	if err != nil {
		return nil, err
	}
	return m.planSince(ctx, s, from, day, start)
}

// planSince is plan for notices that are switched on since start; 0: since that day.
func (m *Mailer) planSince(ctx context.Context, s *data.Settings, from, day, start data.Date) (*planned, error) {
	rules, err := m.o.Store.GroupRules(ctx)
	if err != nil {
		return nil, err
	}
	cal, err := m.Calendar(ctx, s)
	if err != nil {
		return nil, err
	}
	in := notice.Input{
		Day: day, From: from, Start: cmp.Or(start, from), Settings: s.Overdue, Calendar: cal, Rules: rules, Practice: Practising(s),
		Language: cmp.Or(s.Library.Language, data.Languages()[0]),
	}
	first, last := window(&in)
	if in.Roster, err = m.o.Store.Roster(ctx, data.RosterQuery{DueFrom: first, DueTo: last, WithLeft: true, Loans: true}); err != nil {
		return nil, err
	}
	if in.Ledger, err = m.o.Store.Ledger(ctx, first, last); err != nil {
		return nil, err
	}
	texts, err := m.texts(ctx, s)
	if err != nil {
		return nil, err
	}
	p := &planned{Outcome: notice.Plan(in), input: in}
	p.leaveOut(texts)
	return p, nil
}

// Calendar is when the library is open.
func (m *Mailer) Calendar(ctx context.Context, s *data.Settings) (notice.Calendar, error) {
	closed, err := m.o.Store.ClosedDays(ctx)
	return notice.NewCalendar(s.Overdue, closed), err
}

// window are the due dates a plan can speak of: the others need not be read. Closed days move a stage by as many as there
// are.
func window(in *notice.Input) (first, last data.Date) {
	early, late := 0, 0
	for _, st := range in.Settings.StageList() {
		early, late = min(early, st.Offset), max(late, st.Offset)
	}
	first, last = in.From-data.Date(late), in.Day-data.Date(early)
	if !in.Calendar.Rests(in.Day) && (in.Calendar.Mode == data.CalendarIgnore || in.Calendar.Mode == "") {
		return first, last
	}
	const week, longest = 7, 400 // a week has an open day at least
	first -= data.Date((week - 1) * (late + 1))
	last += data.Date((week - 1) * (1 - early))
	holidays := data.Date(0)
	for _, c := range in.Calendar.Closed {
		if c.Last >= first-longest && c.First <= last+longest {
			holidays += min(c.Last-c.First+1, longest)
		}
	}
	return first - holidays, last + holidays
}
