package mailing

import (
	"context"

	"smtpgateway/data"
)

// Refuse is a person's no to a run that awaits an answer or is held: what it would have told counts as told, and no mail
// leaves. CodeConflict: the run is not open any more.
func (m *Mailer) Refuse(ctx context.Context, s *data.Settings, id int64) (data.Run, error) {
	run, err := m.o.Store.RunByID(ctx, id)
	if err != nil {
		return run, err
	}
	if run.State != data.RunAwaiting && run.State != data.RunHeld {
		return run, notOpen(id)
	}
	p, err := m.plan(ctx, s, run.From, run.Day)
	if err != nil {
		return run, err
	}
	var keys []data.NoticeKey
	for i := range p.Mails {
		keys = append(keys, p.Mails[i].Keys...)
	}
	for i := range keys {
		keys[i].Practice = run.Practice
	}
	if err := m.o.Store.EnterLedger(ctx, keys, run.ID); err != nil {
		return run, err
	}
	now := m.o.Now()
	for i := range p.Decisions {
		d := &p.Decisions[i]
		d.Run, d.At = run.ID, now
		if d.Ruling == data.RulingSend || d.Ruling == data.RulingAlong {
			d.Ruling, d.Detail = data.RulingRefused, ""
		}
	}
	if err := m.o.Store.SaveDecisions(ctx, run.ID, p.Decisions); err != nil {
		return run, err
	}
	run.Planned, run.Print, run.Skipped = run.Queued+len(p.Mails), people(p.Print), skipped(p.Decisions)
	run.State, run.Ended, run.Why, run.Unwritten = data.RunRefused, now, "A person said no.", p.unwritten.loans
	if err := m.o.Store.SaveRun(ctx, run); err != nil {
		return run, err
	}
	return run, m.o.Store.Note(ctx, data.JournalLine{At: now, Kind: data.JournalPerson, Text: Summary(run)})
}

// Approve ends practice for letters and notices: from now on they leave for real. The first run of notices that does still
// waits for a yes of its own: who looked at letters has not seen it. save stores the setting.
func (m *Mailer) Approve(ctx context.Context, save func(ctx context.Context, changes map[string]string) error) error {
	if err := save(ctx, map[string]string{"practice.letters": "false"}); err != nil {
		return err
	}
	return m.o.Store.Note(ctx, data.JournalLine{At: m.o.Now(), Kind: data.JournalPerson, Text: "A person ended practice for letters and notices."})
}
