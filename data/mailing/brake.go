package mailing

import (
	"context"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// brake decides whether a plan may go out: planned, or awaiting or held with the reason in words.
func (m *Mailer) brake(ctx context.Context, s *data.Settings, p *planned) (data.RunState, string, error) {
	why, err := m.stale(ctx, s, p)
	if err != nil || why != "" {
		return data.RunHeld, why, err
	}
	n := len(p.Mails)
	if n == 0 || p.input.Practice {
		return data.RunPlanned, "", nil
	}
	approved, err := m.o.Store.Approved(ctx)
	if err != nil {
		return "", "", err
	}
	median, runs, err := m.o.Store.Usual(ctx)
	if err != nil {
		return "", "", err
	}
	// Only a yes to a run counts as the first: ending practice for letters says nothing of how many notices wait.
	switch flood := notice.Flood(n, median, max(runs, 1), s.Overdue.Flood, s.Server1.RecipientsDay); {
	case approved.IsZero():
		return data.RunAwaiting, fmt.Sprintf("The first run for real: %s for your yes.", wait(n)), nil
	case flood != "":
		return data.RunAwaiting, flood, nil
	case s.Overdue.Approve:
		return data.RunAwaiting, wait(n) + " for your yes.", nil
	}
	return data.RunPlanned, "", nil
}

// stale says why the list of loans is too old to go by; empty: it is not.
func (m *Mailer) stale(ctx context.Context, s *data.Settings, p *planned) (string, error) {
	switch ok, age, err := m.fresh(ctx, s, p.input.Calendar); {
	case err != nil || ok:
		return "", err
	case age == "":
		return "No list of loans was taken in yet.", nil
	default:
		return fmt.Sprintf("The list of loans is %s; %s.", age, wait(len(p.Mails))), nil
	}
}

// Fresh reports whether the list of loans is young enough to go by now.
func (m *Mailer) Fresh(ctx context.Context, s *data.Settings) (bool, error) {
	cal, err := m.Calendar(ctx, s)
	if err != nil {
		return false, err
	}
	ok, _, err := m.fresh(ctx, s, cal)
	return ok, err
}

// fresh is Fresh, and how old the list is: "4 days old"; empty: there is none.
func (m *Mailer) fresh(ctx context.Context, s *data.Settings, cal notice.Calendar) (ok bool, age string, err error) {
	last, ok, err := m.o.Store.LastImport(ctx, data.RosterLoans)
	if err != nil || !ok {
		return false, "", err
	}
	taken := last.Taken
	if taken.IsZero() || taken.After(last.At) { // a clock elsewhere: the list is no younger than its arrival
		taken = last.At
	}
	ok, age = notice.Fresh(taken, m.o.Now(), cal, s.Overdue.FreshDays)
	return ok, age, nil
}

func wait(n int) string {
	if n == 1 {
		return "1 notice waits"
	}
	return fmt.Sprintf("%d notices wait", n)
}
