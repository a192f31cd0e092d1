package notice

import (
	"slices"

	"smtpgateway/data"
)

// Which says about which loans a person writes.
type Which string

// The choices of loans.
const (
	WhichOverdue Which = "overdue" // at least Days late, and at least 1
	WhichDue     Which = "due"     // due within Days, today included; not late
	WhichAll     Which = "all"     // everything that is out
	WhichNone    Which = "none"    // a free letter: to everybody chosen, whether they have something or not
)

// LetterInput is a person's choice of letters.
type LetterInput struct {
	Day        data.Date
	Template   string // key
	Audience   data.Audience
	Groups     []string // only these, compared without case; none: all
	Patrons    []int64  // only these; none: all
	Which      Which
	Days       int // for WhichOverdue and WhichDue
	Disclosure data.Disclosure
	Rules      []data.GroupRule
	Roster     *data.Roster // with Loans
	Language   string       // of the library, for patrons without one of their own
}

// Letters says who gets a letter a person sends: every chosen patron with such a loan, told before or not, automatic
// notices enabled or not. Holds, bad addresses and what guardians may read are kept to. Decisions are one for each
// patron, role and address, without a loan, and one for each loan that is held; patrons without such a loan are not
// spoken of.
func Letters(in LetterInput) Outcome {
	l := letters{house: newHouse(in.Day, in.Roster, in.Rules, in.Disclosure, in.Language), in: in}
	groups := make(map[string]bool, len(in.Groups))
	for _, g := range in.Groups {
		groups[foldGroup(g)] = true
	}
	patrons := make(map[int64]bool, len(in.Patrons))
	for _, id := range in.Patrons {
		patrons[id] = true
	}
	who := inClassOrder(in.Roster, func(who *data.Patron) bool {
		return (len(groups) == 0 || groups[foldGroup(who.Group)]) && (len(patrons) == 0 || patrons[who.ID])
	})
	for _, w := range who {
		l.patron(w, in.Roster.Loans[w.ID])
	}
	number(l.out.Mails)
	number(l.out.Print)
	return l.out
}

// letters is a choice of letters on its way through the roster.
type letters struct {
	house
	in  LetterInput
	out Outcome
}

func (l *letters) patron(who *data.Patron, loans []data.Loan) {
	var about []data.Loan
	var resting []*data.Loan
	for i := range loans {
		switch loan := &loans[i]; {
		case !loan.Returned.IsZero() || !l.wants(loan):
		case loan.Held(l.in.Day):
			resting = append(resting, loan)
		default:
			about = append(about, *loan)
		}
	}
	if len(about)+len(resting) == 0 && l.in.Which != WhichNone {
		return
	}
	if ruling, why := l.refusesPatron(who); ruling != "" {
		l.decide(who, firstRole(l.in.Audience), ruling, why)
		return
	}
	for _, loan := range resting {
		l.out.Decisions = append(l.out.Decisions, data.Decision{
			Patron: who.ID, Loan: loan.Key, Title: loan.Title, Due: loan.Due, Role: firstRole(l.in.Audience),
			Ruling: data.RulingHeldLoan, Detail: held(loan.HoldUntil, loan.HoldReason),
		})
	}
	if len(about) == 0 && l.in.Which != WhichNone {
		return
	}
	slices.SortStableFunc(about, func(a, b data.Loan) int { return compareLoans(&a, &b) })
	m := Mail{Patron: who, Template: l.in.Template, Language: l.languageOf(who), Loans: about}
	if l.in.Which != WhichNone {
		m.Also = others(loans, about, l.in.Day)
	}
	l.send(m)
}

// send gives the letter to everybody it is meant for.
func (l *letters) send(m Mail) {
	readers := l.readers(m.Patron, l.in.Audience)
	reached := false
	for i := range readers {
		r := &readers[i]
		if !r.reachable() {
			l.decide(m.Patron, r.role, r.ruling, r.why)
			continue
		}
		reached = true
		m.Role, m.Disclosure, m.Ruling = r.role, r.disclosure, data.RulingSend
		for n, address := range r.addresses {
			m.To = []string{address}
			if r.role == data.RoleGuardian {
				m.Guardian = r.guardians[n]
			}
			l.out.Mails = append(l.out.Mails, m)
			l.decide(m.Patron, r.role, data.RulingSend, address)
		}
	}
	if i := slices.IndexFunc(readers, func(r reader) bool { return r.lacksAddress() }); i >= 0 && !reached {
		r := &readers[i]
		m.Role, m.Disclosure, m.Ruling, m.Why = r.role, r.disclosure, r.ruling, r.paperWhy()
		l.out.Print = append(l.out.Print, m)
	}
}

func (l *letters) wants(loan *data.Loan) bool {
	late := loan.DaysLate(l.in.Day)
	switch l.in.Which {
	case WhichOverdue:
		return late >= max(1, l.in.Days)
	case WhichDue:
		return late <= 0 && -late <= l.in.Days
	case WhichAll:
		return true
	case WhichNone:
	}
	return false
}

func (l *letters) decide(who *data.Patron, role data.Role, ruling data.Ruling, detail string) {
	l.out.Decisions = append(l.out.Decisions, data.Decision{Patron: who.ID, Role: role, Ruling: ruling, Detail: detail})
}
