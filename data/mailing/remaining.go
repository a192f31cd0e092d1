package mailing

import (
	"cmp"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/notice"
)

// remaining is what of a letter is still true; nil: nothing worth a letter.
func (r *rechecker) remaining(l *data.StaleLetter, p *data.Patron) *notice.Mail {
	m := &notice.Mail{Patron: p, Role: l.Role, Template: l.Letter, Language: cmp.Or(p.Language, r.s.Library.Language)}
	if !r.reach(l, m) {
		return nil
	}
	causes := r.causes(l)
	loans := r.roster.Loans[p.ID]
	for i := range loans {
		loan := &loans[i]
		if loan.Held(r.today) {
			continue
		}
		cause := causes[loan.Key]
		switch {
		case cause != nil && cause.Due == loan.Due && !r.tooLate(loan, cause), l.Run == 0 && r.about(l, loan):
			m.Loans = append(m.Loans, *loan)
			if cause != nil {
				r.stage(m, *cause, l.Message)
			}
		default:
			m.Also = append(m.Also, *loan)
		}
	}
	switch {
	case len(l.Loans) == 0: // a free letter
		m.Also = nil
	case len(m.Loans) == 0:
		return nil
	}
	return m
}

// causes are the places in the ledger that a notice was sent for, by loan. The second parent's notice has none of its own:
// those are with the first's, the last that the role was told.
func (r *rechecker) causes(l *data.StaleLetter) map[string]*data.NoticeKey {
	if l.Run == 0 {
		return nil
	}
	message := l.Message
	if len(r.keys[message]) == 0 {
		for other, keys := range r.keys {
			if other > message && message != l.Message || !slices.ContainsFunc(keys, func(k data.NoticeKey) bool {
				return k.Role == l.Role && k.Practice == l.Practice && slices.Contains(l.Loans, k.Loan)
			}) {
				continue
			}
			if message == l.Message || other > message {
				message = other
			}
		}
	}
	causes := make(map[string]*data.NoticeKey)
	for _, k := range r.keys[message] {
		causes[k.Loan] = &k
	}
	return causes
}

// stage takes a place in the ledger along, and the words of the most urgent one.
func (r *rechecker) stage(m *notice.Mail, k data.NoticeKey, message int64) {
	if slices.Contains(r.keys[message], k) {
		m.Keys = append(m.Keys, k)
	}
	for _, st := range r.stages {
		if st.Name() == k.Stage && (m.Stage.Template == "" || st.Offset > m.Stage.Offset) {
			m.Stage, m.Template = st, st.Template
		}
	}
}

// tooLate reports whether a notice that a loan is due soon waited until it was due.
func (r *rechecker) tooLate(loan *data.Loan, cause *data.NoticeKey) bool {
	return strings.HasPrefix(cause.Stage, "-") && loan.DaysLate(r.today) > 0
}

// about reports whether a letter that a person sent is about a loan, or would only have named it besides.
func (r *rechecker) about(l *data.StaleLetter, loan *data.Loan) bool {
	if !slices.Contains(l.Loans, loan.Key) || slices.Contains(l.Gone, loan.Key) {
		return false
	}
	switch l.Letter {
	case letter.KeyAll, letter.KeyFree:
		return true
	case letter.KeyDueSoon:
		return loan.DaysLate(r.today) <= 0
	}
	return loan.DaysLate(r.today) > 0 || r.notLate(l)
}

// notLate reports whether a letter never was about anything late: its writer chose what is due soon, or all that is out. Of
// one that lost a loan nobody can tell.
func (r *rechecker) notLate(l *data.StaleLetter) bool {
	return len(l.Gone) == 0 && !slices.ContainsFunc(r.roster.Loans[l.Patron], func(loan data.Loan) bool {
		return loan.DaysLate(r.today) > 0 && slices.Contains(l.Loans, loan.Key)
	})
}

// reach finds the address and what may be told there; false: the letter has nobody to go to any more.
func (r *rechecker) reach(l *data.StaleLetter, m *notice.Mail) bool {
	if l.Role != data.RoleGuardian {
		a, err := data.ParseAddress(m.Patron.Email)
		if err != nil {
			return false
		}
		m.To = []string{a.String()}
		_, bad := r.roster.Health[a.Key()]
		return !bad
	}
	m.Disclosure = r.s.Overdue.Disclosure
	for _, rule := range r.rules {
		if strings.EqualFold(strings.TrimSpace(rule.Group), strings.TrimSpace(m.Patron.Group)) && rule.Disclosure != "" {
			m.Disclosure = rule.Disclosure
		}
	}
	if m.Disclosure != data.DiscloseTitles && m.Disclosure != data.DiscloseCount {
		return false
	}
	for i := range m.Patron.Guardians {
		g := &m.Patron.Guardians[i]
		a, ok := r.usable(g)
		// A practice copy does not say which of the parents it was for.
		if ok && (l.Practice || isAmong(l.Open, a)) {
			m.Guardian, m.To = g, []string{a.String()}
			return true
		}
	}
	return r.corrected(l, m)
}

// usable is the address of a guardian who may get mail; false: none of theirs takes it.
func (r *rechecker) usable(g *data.Guardian) (data.Address, bool) {
	a, err := data.ParseAddress(g.Email)
	if err != nil || !g.Notices {
		return a, false
	}
	_, bad := r.roster.Health[a.Key()]
	return a, !bad
}

// corrected finds the guardian whose address took the place of the one the letter was written to: one to whom nothing of
// it went. A guardian who is still there, but is to get no letters, has no successor.
func (r *rechecker) corrected(l *data.StaleLetter, m *notice.Mail) bool {
	if l.Cause != data.StaleAddress {
		return false
	}
	for i := range m.Patron.Guardians {
		if a, err := data.ParseAddress(m.Patron.Guardians[i].Email); err == nil && isAmong(l.Open, a) {
			return false
		}
	}
	for i := range m.Patron.Guardians {
		g := &m.Patron.Guardians[i]
		if a, ok := r.usable(g); ok && !isAmong(r.told, a) {
			m.Guardian, m.To = g, []string{a.String()}
			return true
		}
	}
	return false
}

func isAmong(all []string, a data.Address) bool {
	return slices.ContainsFunc(all, func(to string) bool { return strings.EqualFold(to, a.String()) })
}

// why is the reason that the old letter's history gives.
func (r *rechecker) why(l *data.StaleLetter, with *data.Letter) string {
	if with == nil {
		return cmp.Or(l.Why, "It does not fit any more.")
	}
	if l.Cause == data.StaleTelling {
		return l.Why + " One that says less goes in its place."
	}
	return l.Why + " One about what remains goes in its place."
}
