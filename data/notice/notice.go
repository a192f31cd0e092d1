// Package notice is in charge of which loans deserve which notice on a day, and of the school calendar that says on which
// days the library is open. It is pure: what it is given decides, no clock, no store, no network.
package notice

import (
	"cmp"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Input is all that a run of automatic notices looks at.
type Input struct {
	Day      data.Date // as of which it looks; one in the future is a rehearsal, with the loans as they are today
	From     data.Date // first day that was missed and may be made up for; 0 or Day: none was. See Calendar.Rests
	Start    data.Date // when automatic notices were switched on: stages of earlier days are not told; 0: always on
	Settings data.Overdue
	Calendar Calendar
	Roster   *data.Roster // with Loans; the patrons and loans may stand in any order
	Ledger   data.Ledger
	Rules    []data.GroupRule
	Language string // of the library, for patrons without one of their own
	Practice bool   // looks at, and gives keys for, the ledger of practice
}

// Outcome is what a run, or a person's choice of letters, comes to.
type Outcome struct {
	Mails     []Mail          // most urgent first, then by group and name; those of one patron and role stand side by side
	Decisions []data.Decision // for every loan at a stage and every role, told or not, by group and name; Run, At and, for new mails, Message are left empty
	Print     []Mail          // for paper, by group and name: patrons whom no mail can reach, see Ruling and Why
	Closed    bool            // the library is closed and the calendar says to wait: nothing goes out. Such a day counts as missed
}

// Mail is one mail to one address, or one letter on paper.
type Mail struct {
	Patron     *data.Patron    // into Input.Roster
	Role       data.Role       // whose address it is
	Guardian   *data.Guardian  // who reads it, for RoleGuardian; nil on paper
	To         []string        // the address; none on paper
	Stage      data.Stage      // most urgent one of Loans; the zero value for a person's letter
	Template   string          // key
	Language   string          // patron's, else the library's
	Loans      []data.Loan     // that cause it, most urgent first
	Also       []data.Loan     // others of the patron that are out, earliest due first; held ones are not spoken of
	Disclosure data.Disclosure // how much it may say: DiscloseTitles or DiscloseCount
	// Keys enter the ledger with it. A patron's guardians get one mail each but share the keys, for parents who live apart
	// do not read each other's address: the first has the keys, the others none.
	Keys []data.NoticeKey
	// With is the index in Outcome.Mails, or Outcome.Print, of the first mail of the same patron and role, which has the
	// keys; its own index for a mail by itself. They are queued in one transaction or not at all.
	With   int
	Ruling data.Ruling // on paper: RulingNoAddress or RulingBadAddress; else RulingSend
	Why    string      // on paper: one sentence
}

// LoanKeys are the keys of all loans the mail speaks of, for data.Letter.Loans.
func (m *Mail) LoanKeys() []string {
	keys := make([]string, 0, len(m.Loans)+len(m.Also))
	for i := range m.Loans {
		keys = append(keys, m.Loans[i].Key)
	}
	for i := range m.Also {
		keys = append(keys, m.Also[i].Key)
	}
	return keys
}

// Plan says who gets which notice. A loan is told the stage whose day is Input.Day; for days that were missed, the latest
// stage it reached. Each patron gets one mail a run and role.
func Plan(in Input) Outcome {
	p := newPlanner(in)
	all := 0
	who := inClassOrder(in.Roster, func(who *data.Patron) bool {
		n := p.countStages(in.Roster.Loans[who.ID])
		all += n
		return n > 0
	})
	p.out.Decisions = make([]data.Decision, 0, all)
	for _, w := range who {
		p.patron(w, in.Roster.Loans[w.ID])
	}
	return p.outcome()
}

// inClassOrder are the chosen patrons in the order of class lists, so that the order of the lists they came from does not
// show in what comes out.
func inClassOrder(r *data.Roster, chosen func(*data.Patron) bool) []*data.Patron {
	var all []*data.Patron
	for i := range r.Patrons {
		if chosen(&r.Patrons[i]) {
			all = append(all, &r.Patrons[i])
		}
	}
	slices.SortFunc(all, func(a, b *data.Patron) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Last, b.Last), strings.Compare(a.First, b.First), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// number fills With of mails that stand side by side.
func number(mails []Mail) {
	for i := range mails {
		mails[i].With = i
		if i > 0 && mails[i].Patron == mails[i-1].Patron && mails[i].Role == mails[i-1].Role {
			mails[i].With = mails[i-1].With
		}
	}
}
