package notice

import (
	"cmp"
	"slices"
	"strings"

	"smtpgateway/data"
)

// planner is one run on its way through the roster.
type planner struct {
	house
	in     Input
	day    data.Date // on which what is found would be told: Input.Day, or the next open one
	from   data.Date
	stages []stage // in the order of their days
	isOpen func(data.Date) bool
	dues   map[data.Date][]reached
	out    Outcome
	mails  [][]Mail // of each stage

	// Of the patron at hand, kept for their room.
	at    []atStage
	known map[data.Audience][]reader
	piles [2]pile // of the patron, of the guardians
	paper [2]pile
}

// stage is a stage with what is needed of it for each loan.
type stage struct {
	data.Stage
	name  string
	index int // in planner.stages
}

// atStage is a loan that is told something, if somebody can be told.
type atStage struct {
	loan  *data.Loan
	stage *stage
}

func newPlanner(in Input) *planner {
	if in.From == 0 || in.From > in.Day {
		in.From = in.Day
	}
	p := &planner{
		house: newHouse(in.Day, in.Roster, in.Rules, in.Settings.Disclosure, in.Language),
		in:    in, day: in.Day, from: in.From, isOpen: newTable(in.Calendar, in.Day).isOpen,
		dues: make(map[data.Date][]reached), known: make(map[data.Audience][]reader),
	}
	for i, st := range in.Settings.StageList() {
		p.stages = append(p.stages, stage{st, st.Name(), i})
	}
	p.mails = make([][]Mail, len(p.stages))
	if in.Calendar.waits() && !p.isOpen(in.Day) {
		p.out.Closed = true
		p.day = nextOpen(p.isOpen, in.Day)
	}
	return p
}

// outcome is what was gathered, most urgent mails first.
func (p *planner) outcome() Outcome {
	slices.Reverse(p.mails)
	p.out.Mails = slices.Concat(p.mails...)
	number(p.out.Mails)
	number(p.out.Print)
	return p.out
}

// countStages is at how many stages the loans are.
func (p *planner) countStages(loans []data.Loan) int {
	n := 0
	for i := range loans {
		if loans[i].Returned.IsZero() {
			n += len(p.reach(loans[i].Due))
		}
	}
	return n
}

// patron goes through the loans of one patron.
func (p *planner) patron(who *data.Patron, loans []data.Loan) {
	p.at = p.at[:0]
	before := len(p.out.Decisions)
	for i := range loans {
		loan := &loans[i]
		if !loan.Returned.IsZero() {
			continue
		}
		all := p.reach(loan.Due)
		for n, r := range all {
			switch ruling, why := p.refuses(who, loan, r); {
			case n < len(all)-1:
				p.decide(who, loan, r.stage, firstRole(r.stage.Audience), data.RulingLater, all[len(all)-1].stage.name)
			case ruling != "":
				p.decide(who, loan, r.stage, firstRole(r.stage.Audience), ruling, why)
			default:
				p.at = append(p.at, atStage{loan, r.stage})
			}
		}
	}
	if len(p.at) > 0 {
		p.tell(who, loans)
	}
	slices.SortFunc(p.out.Decisions[before:], func(a, b data.Decision) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.Loan, b.Loan), strings.Compare(a.Stage, b.Stage), -strings.Compare(string(a.Role), string(b.Role)))
	})
}

// refuses says why a loan is told to nobody.
func (p *planner) refuses(who *data.Patron, loan *data.Loan, r reached) (ruling data.Ruling, why string) {
	if ruling, why = p.refusesPatron(who); ruling != "" {
		return ruling, why
	}
	switch {
	case !who.AutoOverdue:
		return data.RulingOff, ""
	case p.rule(who).Excluded:
		return data.RulingExcluded, who.Group
	case loan.Held(p.in.Day):
		return data.RulingHeldLoan, held(loan.HoldUntil, loan.HoldReason)
	}
	return r.late, r.why
}

// pile is what one role of a patron is told in one mail.
type pile struct {
	to *reader
	at []atStage
}

// put adds a loan to the pile of a reader.
func put(piles *[2]pile, to *reader, a atStage) {
	one := &piles[0]
	if to.role == data.RoleGuardian {
		one = &piles[1]
	}
	one.to, one.at = to, append(one.at, a)
}

// tell finds those who read of the loans at a stage, and makes their mails.
func (p *planner) tell(who *data.Patron, loans []data.Loan) {
	clear(p.known)
	for i := range p.piles {
		p.piles[i].at, p.paper[i].at = p.piles[i].at[:0], p.paper[i].at[:0]
	}
	for _, a := range p.at {
		readers := p.readersOf(who, a.stage.Audience)
		reached := false
		for i := range readers {
			r := &readers[i]
			switch message, told := p.told(a, r.role); {
			case told:
				reached = true
				p.decideTold(who, a, r.role, message)
			case p.out.Closed:
				reached = true
				p.decide(who, a.loan, a.stage, r.role, data.RulingClosed, p.day.String())
			case r.reachable():
				reached = true
				put(&p.piles, r, a)
			default:
				p.decide(who, a.loan, a.stage, r.role, r.ruling, r.why)
			}
		}
		if i := slices.IndexFunc(readers, func(r reader) bool { return r.lacksAddress() }); i >= 0 && !reached {
			put(&p.paper, &readers[i], a)
		}
	}
	for i := range p.piles {
		if pl := &p.piles[i]; len(pl.at) > 0 {
			p.mail(who, loans, pl)
		}
		if pl := &p.paper[i]; len(pl.at) > 0 {
			m := p.compose(who, loans, pl)
			m.Ruling, m.Why = pl.to.ruling, pl.to.paperWhy()
			p.out.Print = append(p.out.Print, m)
		}
	}
}

func (p *planner) readersOf(who *data.Patron, to data.Audience) []reader {
	all, ok := p.known[to]
	if !ok {
		all = p.readers(who, to)
		p.known[to] = all
	}
	return all
}

// told looks into the ledger. Where either of two readers is enough, one who was told is.
func (p *planner) told(a atStage, role data.Role) (message int64, told bool) {
	message, told = p.in.Ledger[p.key(a, role)]
	if !told && a.stage.Audience == data.ToEither {
		message, told = p.in.Ledger[p.key(a, data.RoleGuardian)]
		if !told {
			message, told = p.in.Ledger[p.key(a, data.RolePatron)]
		}
	}
	return message, told
}

func (p *planner) key(a atStage, role data.Role) data.NoticeKey {
	return data.NoticeKey{Loan: a.loan.Key, Due: a.loan.Due, Stage: a.stage.name, Role: role, Practice: p.in.Practice}
}

func (p *planner) decide(who *data.Patron, loan *data.Loan, at *stage, role data.Role, ruling data.Ruling, detail string) {
	p.out.Decisions = append(p.out.Decisions, data.Decision{
		Patron: who.ID, Loan: loan.Key, Title: loan.Title, Due: loan.Due, Stage: at.name, Role: role, Ruling: ruling, Detail: detail,
	})
}

func (p *planner) decideTold(who *data.Patron, a atStage, role data.Role, message int64) {
	p.decide(who, a.loan, a.stage, role, data.RulingTold, "")
	p.out.Decisions[len(p.out.Decisions)-1].Message = message
}
