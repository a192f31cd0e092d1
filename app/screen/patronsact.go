package screen

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// ManyAction is what a person can do to many patrons at once.
type ManyAction string

// The actions, in the order shown.
const (
	ManyOn    ManyAction = "notices on"
	ManyOff   ManyAction = "notices off"
	ManyGroup ManyAction = "change group"
)

// mostGroup is how long the name of a group may be.
const mostGroup = 60

// ManyPlan is what doing it would mean, for the question before.
type ManyPlan struct {
	Title, Text, Yes string
	Count            int // whom it changes; 0: nobody, and Text says why

	change data.PatronChange
	action ManyAction
	group  string
	was    []data.Patron // those it changes, as they are
}

// CanDo reports whether somebody is chosen and nothing is being done.
func (p *Patrons) CanDo() bool {
	return p.doing == "" && (p.all || len(p.chosen) > 0) && len(p.window) > 0
}

// One is the only one chosen; 0: nobody, or several.
func (p *Patrons) One() int64 {
	if len(p.chosen) == 1 && !p.all {
		for id := range p.chosen {
			return id
		}
	}
	return 0
}

// Doing says what is being done; empty: nothing.
func (p *Patrons) Doing() string { return p.doing }

// GroupWrong is what is wrong with the name of a group; empty: nothing.
func (p *Patrons) GroupWrong(group string) string { return p.desk.plainWrong(group, mostGroup) }

// Plan works out what an action on those chosen means; group is where ManyGroup moves them, empty: to none.
func (p *Patrons) Plan(action ManyAction, group string, then func(ManyPlan)) {
	if !p.CanDo() {
		return
	}
	group = strings.TrimSpace(group)
	chosen, all, q := p.chosen, p.all, p.query()
	p.doing = p.desk.Say("Counting.")
	p.changed()
	GoStore(p.desk, func(ctx context.Context, s *store.Store) ([]data.Patron, error) {
		if all {
			return everybody(ctx, s, q)
		}
		list := make([]data.Patron, 0, len(chosen))
		for id := range chosen {
			one, err := s.Patron(ctx, id)
			switch {
			case data.CodeOf(err) == data.CodeNotFound: // deleted meanwhile
			case err != nil:
				return nil, err
			default:
				list = append(list, one)
			}
		}
		return list, nil
	}, func(list []data.Patron, err error) {
		p.doing = ""
		p.changed()
		if err != nil {
			then(ManyPlan{Title: p.desk.Say("That did not work"), Text: asError(err).Error()})
			return
		}
		then(p.plan(action, group, list))
	})
}

// everybody reads all who match, page by page.
func everybody(ctx context.Context, s *store.Store, q data.PatronQuery) ([]data.Patron, error) {
	q.Limit, q.WithOut = patronMost, false
	var all []data.Patron
	for {
		page, err := s.Patrons(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page {
			all = append(all, page[i].Patron)
		}
		if len(page) < q.Limit {
			return all, nil
		}
		q.After = &page[len(page)-1].Patron
	}
}

func (p *Patrons) plan(action ManyAction, group string, list []data.Patron) ManyPlan {
	say, on := p.desk.Say, action == ManyOn
	m := ManyPlan{action: action, group: group}
	for i := range list {
		same := list[i].AutoOverdue == on
		if action == ManyGroup {
			same = list[i].Group == group
		}
		if !same {
			m.was = append(m.was, list[i])
		}
	}
	m.Count = len(m.was)
	if m.Count == 0 {
		m.Title, m.Text = say("Nothing to change"), say("It is so already for everybody chosen.")
		return m
	}
	n := With("N", thousands(m.Count), "Group", p.desk.groupName(group))
	one := m.Count == 1
	switch {
	case action == ManyGroup && one:
		m.Title = say("Put 1 patron into the group {{.Group}}?", n)
	case action == ManyGroup:
		m.Title = say("Put {{.N}} patrons into the group {{.Group}}?", n)
	case on && one:
		m.Title = say("Switch automatic notices on for 1 patron?")
	case on:
		m.Title = say("Switch automatic notices on for {{.N}} patrons?", n)
	case one:
		m.Title = say("Switch automatic notices off for 1 patron?")
	default:
		m.Title = say("Switch automatic notices off for {{.N}} patrons?", n)
	}
	if action == ManyGroup {
		m.change.Group, m.Yes = &group, say("Change the group")
		m.Text = say("The next list of patrons may say otherwise and change it back.")
	} else {
		m.change.AutoOverdue, m.Yes = &on, say("Switch on")
		m.Text = say("They get a notice by themselves when something is due soon or overdue.")
		if !on {
			m.Yes, m.Text = say("Switch off"), say("They get no notice by themselves any more. Letters you send yourself still reach them.")
		}
	}
	if rest := len(list) - m.Count; rest == 1 {
		m.Text += " " + say("For 1 of those chosen it is so already.")
	} else if rest > 1 {
		m.Text += " " + say("For {{.N}} of those chosen it is so already.", With("N", thousands(rest)))
	}
	return m
}

// Do does what was planned and says how it ended, with the way back.
func (p *Patrons) Do(m ManyPlan) {
	if m.Count == 0 || p.doing != "" {
		return
	}
	p.apply([]step{{ids: ids(m.was), change: m.change}}, func(n int) {
		p.notice(p.done(&m, n), func() { p.apply(back(&m), func(n int) { p.notice(p.undone(n), nil) }) })
	})
}

// step is one change of many.
type step struct {
	ids    []int64
	change data.PatronChange
}

func ids(list []data.Patron) []int64 {
	out := make([]int64, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

// back is how everybody gets again what they had.
func back(m *ManyPlan) []step {
	if m.action != ManyGroup {
		was := !*m.change.AutoOverdue
		return []step{{ids: ids(m.was), change: data.PatronChange{AutoOverdue: &was}}}
	}
	of := map[string][]data.Patron{}
	var steps []step
	for i := range m.was {
		of[m.was[i].Group] = append(of[m.was[i].Group], m.was[i])
	}
	for group, list := range of {
		steps = append(steps, step{ids: ids(list), change: data.PatronChange{Group: &group}})
	}
	return steps
}

func (p *Patrons) apply(steps []step, then func(n int)) {
	p.doing = p.desk.Say("Changing.")
	p.changed()
	GoStore(p.desk, func(ctx context.Context, s *store.Store) (n int, err error) {
		for _, one := range steps {
			changed, err := s.ChangePatrons(ctx, one.ids, one.change)
			n += changed
			if err != nil {
				return n, err
			}
		}
		return n, nil
	}, func(n int, err error) {
		p.doing = ""
		p.changed()
		p.desk.Wake()
		if err != nil {
			p.notice(asError(err).Error(), nil)
			return
		}
		then(n)
	})
}

func (p *Patrons) done(m *ManyPlan, n int) string {
	say, many := p.desk.Say, With("N", thousands(n), "Group", p.desk.groupName(m.group))
	switch {
	case m.action == ManyGroup && n == 1:
		return say("1 patron is in the group {{.Group}} now.", many)
	case m.action == ManyGroup:
		return say("{{.N}} patrons are in the group {{.Group}} now.", many)
	case m.action == ManyOn && n == 1:
		return say("Automatic notices are on for 1 patron.")
	case m.action == ManyOn:
		return say("Automatic notices are on for {{.N}} patrons.", many)
	case n == 1:
		return say("Automatic notices are off for 1 patron.")
	}
	return say("Automatic notices are off for {{.N}} patrons.", many)
}

func (p *Patrons) undone(n int) string {
	if n == 1 {
		return p.desk.Say("1 patron is as before.")
	}
	return p.desk.Say("{{.N}} patrons are as before.", With("N", thousands(n)))
}
