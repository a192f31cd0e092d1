package notice

import "smtpgateway/data"

// reached is a stage that loans of one due date have reached.
type reached struct {
	stage *stage
	day   data.Date   // on which it is told
	early data.Date   // on which it would be told if every day were open; day, where open days are counted
	late  data.Ruling // RulingTooLate: it is not told any more; else empty
	why   string      // for late
}

// stageDay is the day on which loans of a due date are told a stage, and the day it falls on by itself.
func (p *planner) stageDay(due data.Date, offset int) (day, early data.Date) {
	early = due + data.Date(offset) //nolint:gosec // a stage lies within a year of the due date
	switch p.in.Calendar.Mode {
	case data.CalendarNext:
		return nextOpen(p.isOpen, early), early
	case data.CalendarCount:
		day = nextOpen(p.isOpen, due)
		for ; offset > 0; offset-- {
			day = nextOpen(p.isOpen, day+1)
		}
		for ; offset < 0; offset++ {
			day = lastOpen(p.isOpen, day-1)
		}
		return day, day
	}
	return early, early
}

// dueFrom is the day from which a loan of that due date is late: nobody can bring it back while the library is closed.
func (p *planner) dueFrom(due data.Date) data.Date {
	if p.in.Calendar.waits() {
		return nextOpen(p.isOpen, due)
	}
	return due
}

// reach gives the stages of the looked-at days that loans of a due date have reached, in the order of their days. The
// last one is told, the others are spoken for by it.
func (p *planner) reach(due data.Date) []reached {
	if all, ok := p.dues[due]; ok {
		return all
	}
	var all []reached
	for i := range p.stages {
		st := &p.stages[i]
		day, early := p.stageDay(due, st.Offset)
		if day < p.from || day > p.day || early > p.in.Day {
			continue
		}
		r := reached{stage: st, day: day, early: early}
		switch {
		case early < p.in.Start:
			r.late, r.why = data.RulingTooLate, "before "+p.in.Start.String()+", when automatic notices were switched on"
		case p.age(day) > p.in.Settings.CatchUpDays:
			r.late, r.why = data.RulingTooLate, "missed on "+day.String()
		case st.Offset <= 0 && p.day > p.dueFrom(due):
			// Words about something due soon would be wrong by now; the stages after the due date speak of it.
			r.late, r.why = data.RulingTooLate, "due on "+due.String()
		}
		all = append(all, r)
	}
	p.dues[due] = all
	return all
}

// age is how many days ago a stage should have been told; closed days do not count where notices wait for open ones.
func (p *planner) age(day data.Date) int {
	if p.in.Calendar.waits() {
		return openDaysBetween(p.isOpen, day, p.day)
	}
	return int(p.day - day)
}

// tableDays are the days around the looked-at one of which it is known beforehand whether they are open.
const tableDays = 1100

// table answers IsOpen without going through all holidays for each loan.
type table struct {
	calendar Calendar
	first    data.Date
	open     []bool
}

func newTable(c Calendar, around data.Date) *table {
	t := &table{calendar: c, first: around - tableDays, open: make([]bool, 2*tableDays)}
	for i := range t.open {
		t.open[i] = c.Open == (data.OpenDays{}) || c.Open[(t.first+data.Date(i)).Weekday()]
	}
	for _, span := range c.Closed {
		for d := max(span.First, t.first); d <= min(span.Last, t.first+2*tableDays-1); d++ {
			t.open[d-t.first] = false
		}
	}
	return t
}

func (t *table) isOpen(d data.Date) bool {
	if i := int(d) - int(t.first); i >= 0 && i < len(t.open) {
		return t.open[i]
	}
	return t.calendar.IsOpen(d)
}
