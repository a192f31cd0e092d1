package mailing

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// keyOf is what a decision is about.
func keyOf(d *data.Decision) data.NoticeKey {
	return data.NoticeKey{Loan: d.Loan, Due: d.Due, Stage: d.Stage, Role: d.Role}
}

// decide writes down what a run decided, before it queues anything. A run that goes on adds what it had not written yet.
func (m *Mailer) decide(ctx context.Context, run data.Run, p *planned) error {
	old, err := m.decisions(ctx, run.ID)
	if err != nil {
		return err
	}
	had := make(map[data.NoticeKey]bool, len(old))
	for i := range old {
		had[keyOf(&old[i])] = true
	}
	now := m.o.Now()
	for _, d := range p.Decisions {
		if !had[keyOf(&d)] {
			d.Run, d.At = run.ID, now
			old = append(old, d)
		}
	}
	return m.o.Store.SaveDecisions(ctx, run.ID, old)
}

func (m *Mailer) decisions(ctx context.Context, run int64) ([]data.Decision, error) {
	const page = 500
	var all []data.Decision
	for {
		some, err := m.o.Store.Decisions(ctx, run, len(all), page)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < page {
			return all, nil
		}
	}
}

// skipped counts the loans at a stage whose patron gets nothing by mail.
func skipped(all []data.Decision) int {
	n := 0
	for i := range all {
		switch all[i].Ruling {
		case data.RulingSend, data.RulingAlong, data.RulingTold, data.RulingLater, data.RulingClosed:
		default:
			n++
		}
	}
	return n
}

// people counts the patrons of mails.
func people(all []notice.Mail) int {
	seen := make(map[int64]bool)
	for i := range all {
		seen[all[i].Patron.ID] = true
	}
	return len(seen)
}
