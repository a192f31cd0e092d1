package notice

import (
	"cmp"
	"slices"
	"strings"

	"smtpgateway/data"
)

// mail makes the mails of one role, with a decision for each loan.
func (p *planner) mail(who *data.Patron, loans []data.Loan, pl *pile) {
	m := p.compose(who, loans, pl)
	m.Ruling = data.RulingSend
	for i, address := range pl.to.addresses {
		one := m
		one.To = []string{address}
		if pl.to.role == data.RoleGuardian {
			one.Guardian = pl.to.guardians[i]
		}
		if i > 0 {
			one.Keys = nil
		}
		p.mails[pl.at[0].stage.index] = append(p.mails[pl.at[0].stage.index], one)
	}
	detail := strings.Join(pl.to.addresses, ", ")
	for _, a := range pl.at {
		ruling := data.RulingSend
		if a.stage.Offset != m.Stage.Offset {
			ruling = data.RulingAlong
		}
		p.decide(who, a.loan, a.stage, pl.to.role, ruling, detail)
	}
}

// compose fills what mail and paper have in common.
func (p *planner) compose(who *data.Patron, loans []data.Loan, pl *pile) Mail {
	slices.SortStableFunc(pl.at, func(a, b atStage) int {
		return cmp.Or(b.stage.Offset-a.stage.Offset, compareLoans(a.loan, b.loan))
	})
	m := Mail{
		Patron: who, Role: pl.to.role, Stage: pl.at[0].stage.Stage, Template: pl.at[0].stage.Template, Language: p.languageOf(who),
		Disclosure: pl.to.disclosure, Loans: make([]data.Loan, len(pl.at)), Keys: make([]data.NoticeKey, len(pl.at)),
	}
	for i, a := range pl.at {
		m.Loans[i], m.Keys[i] = *a.loan, p.key(a, pl.to.role)
	}
	m.Also = others(loans, m.Loans, p.in.Day)
	return m
}

// others are the loans still out and not held that are not among those spoken of already, earliest due first.
func others(loans, spoken []data.Loan, day data.Date) []data.Loan {
	if len(loans) <= len(spoken) {
		return nil
	}
	also := make([]data.Loan, 0, len(loans)-len(spoken))
	for i := range loans {
		loan := &loans[i]
		if loan.Returned.IsZero() && !loan.Held(day) && !speaks(spoken, loan.Key) {
			also = append(also, *loan)
		}
	}
	slices.SortStableFunc(also, func(a, b data.Loan) int { return compareLoans(&a, &b) })
	return also
}

func speaks(loans []data.Loan, key string) bool {
	for i := range loans {
		if loans[i].Key == key {
			return true
		}
	}
	return false
}

func compareLoans(a, b *data.Loan) int {
	return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.Title, b.Title), strings.Compare(a.Key, b.Key))
}
