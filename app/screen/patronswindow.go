package screen

import (
	"context"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// people is an answer of the store.
type people struct {
	lines  []data.PatronLine
	counts data.PatronCounts
	groups []data.GroupCount
}

// begin shows search, filter and group from the first; who was chosen under others is chosen no more.
func (p *Patrons) begin() {
	p.chosen, p.all = map[int64]data.Patron{}, false
	p.fresh()
}

// query is the question for a page under search, filter and group.
func (p *Patrons) query() data.PatronQuery {
	return data.PatronQuery{Search: p.words(), Group: p.group, Filter: p.filter, Limit: patronPage, WithOut: true, Today: p.desk.today()}
}

// ask asks the store, and shows what it answers to the last question.
func (p *Patrons) ask(work func(ctx context.Context, s *store.Store) (people, error), show func(people)) {
	askLast(p.desk, &p.asking, work, func(got people, err error) {
		p.rows = nil
		if p.answered(err) {
			show(got)
			p.look()
		}
		p.changed()
		p.goOn(p.reread, p.Further, p.Back)
	})
}

// look keeps who is chosen as they are seen now.
func (p *Patrons) look() {
	for i := range p.window {
		if _, ok := p.chosen[p.window[i].ID]; ok {
			p.chosen[p.window[i].ID] = p.window[i].Patron
		}
	}
}

// around reads what stands beside the list.
func around(ctx context.Context, s *store.Store, today data.Date) (got people, err error) {
	if got.counts, err = s.PatronCounts(ctx, today); err == nil {
		got.groups, err = s.Groups(ctx)
	}
	return got, err
}

// takeAround keeps it. People in no group are no group to choose.
func (p *Patrons) takeAround(got people) {
	p.counts, p.known = got.counts, true
	p.groups = slices.DeleteFunc(got.groups, func(g data.GroupCount) bool { return g.Group == "" })
}

// fresh shows the first ones. A letter typed asks for them alone: how many there are of each kind does not follow from it.
func (p *Patrons) fresh() {
	q, known := p.query(), p.known
	p.ask(func(ctx context.Context, s *store.Store) (got people, err error) {
		if !known {
			got, err = around(ctx, s, q.Today)
		}
		if err == nil {
			got.lines, err = s.Patrons(ctx, q)
		}
		return got, err
	}, func(got people) {
		if !known {
			p.takeAround(got)
		}
		p.window, p.fronts, p.bottom = got.lines, []*data.Patron{nil}, len(got.lines) < q.Limit
		p.moved = Move{Jump: true}
	})
	p.changed()
}

// Further adds a page at the far end, if there is one; who draws calls it when the end comes into sight.
func (p *Patrons) Further() {
	if !p.loaded || p.bottom || len(p.window) == 0 {
		return
	}
	if p.later(&p.waiting.further) {
		return
	}
	q := p.query()
	last := p.window[len(p.window)-1].Patron
	q.After = &last
	p.ask(func(ctx context.Context, s *store.Store) (people, error) {
		lines, err := s.Patrons(ctx, q)
		return people{lines: lines}, err
	}, func(got people) {
		p.window = append(p.window, got.lines...)
		p.bottom = len(got.lines) < q.Limit
		if far := len(p.window) - patronMost; far > 0 {
			front := p.window[far-1].Patron
			p.fronts = append(p.fronts, &front)
			p.window = slices.Clone(p.window[far:])
			p.moved.By -= far
		}
	})
}

// Back adds the page in front again that was taken away there, if one was. The store reads forwards only, so it is asked
// for what comes behind that page's own front; twice as much, because people may have come in between.
func (p *Patrons) Back() {
	if !p.loaded || len(p.fronts) < 2 || len(p.window) == 0 {
		return
	}
	if p.later(&p.waiting.back) {
		return
	}
	q := p.query()
	q.After, q.Limit = p.fronts[len(p.fronts)-2], 2*patronPage
	p.ask(func(ctx context.Context, s *store.Store) (people, error) {
		lines, err := s.Patrons(ctx, q)
		return people{lines: lines}, err
	}, func(got people) {
		p.fronts = p.fronts[:len(p.fronts)-1]
		until := slices.IndexFunc(got.lines, func(l data.PatronLine) bool { return l.ID == p.window[0].ID })
		if until < 0 { // too much has changed in between
			p.window, p.bottom, p.moved = got.lines, len(got.lines) < q.Limit, Move{Jump: true, To: len(got.lines) / 2}
			return
		}
		p.window = slices.Concat(got.lines[:until], p.window)
		p.moved.By += until
		if len(p.window) > patronMost {
			p.window, p.bottom = slices.Clone(p.window[:patronMost]), false
		}
	})
}

// reread reads the lines in hand again after something changed. Whoever is looked at stays where they are.
func (p *Patrons) reread() {
	if p.later(&p.waiting.reread) {
		return
	}
	q := p.query()
	q.After, q.Limit = p.fronts[len(p.fronts)-1], max(len(p.window), patronPage)
	p.ask(func(ctx context.Context, s *store.Store) (people, error) {
		got, err := around(ctx, s, q.Today)
		if err == nil {
			got.lines, err = s.Patrons(ctx, q)
		}
		return got, err
	}, func(got people) {
		p.takeAround(got)
		p.keepPlace(got.lines)
		p.bottom = len(got.lines) < q.Limit
		if len(p.window) == 0 && len(p.fronts) > 1 {
			p.fronts, p.waiting.reread = []*data.Patron{nil}, true // all of it left the filter: look from the top
		}
	})
}

// keepPlace puts other lines in place of the window and says how far the one a person looks at, or the next that is still
// there, has moved.
func (p *Patrons) keepPlace(lines []data.PatronLine) {
	at := make(map[int64]int, len(lines))
	for i := range lines {
		at[lines[i].ID] = i
	}
	place := 0
	if p.Place != nil {
		place = max(p.Place(), 0)
	}
	if place > 0 { // at the top one sees who comes in above
		for k := place; k < len(p.window); k++ {
			if now, ok := at[p.window[k].ID]; ok {
				p.moved.By += now - k
				break
			}
		}
	}
	p.window = lines
}
