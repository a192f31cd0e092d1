package mailing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpgateway/data"
)

// Order is what is asked of Run.
type Order struct {
	Day      data.Date             // as of which the loans are looked through
	Yes      int64                 // number of the open run that a person said yes to; 0: nobody was asked
	Progress func(done, total int) // told of mails queued; nil: nobody
}

// Run looks through the loans and queues what is to be told, or says in the run why it waits. A run that is open goes
// on as one of that day, so that the words are those of today, and nothing is told twice. Notices whose letter cannot be
// written are left out and made up for by a later run, see Run.Unwritten. A yes skips every brake. Errors: CodeNotNow when notices are switched off, CodeConflict when the run a yes was said to is not open any
// more, CodeNotConfigured without a From or, in practice, a Test to address.
func (m *Mailer) Run(ctx context.Context, s *data.Settings, o Order) (data.Run, error) {
	if !s.Overdue.Enabled {
		return data.Run{}, &data.Error{Code: data.CodeNotNow, Sentence: "Automatic notices are switched off.", Next: "Switch them on: overdue.enabled=true."}
	}
	if err := ready(s); err != nil {
		return data.Run{}, err
	}
	if err := errors.Join(m.Switched(ctx, s), m.endOthers(ctx, Practising(s))); err != nil {
		return data.Run{}, err
	}
	st, err := m.Standing(ctx, s)
	if err != nil {
		return data.Run{}, err
	}
	if o.Yes != 0 && (st.Open == nil || st.Open.ID != o.Yes) {
		return data.Run{}, notOpen(o.Yes)
	}
	run := st.next(o.Day, m.o.Now())
	p, err := m.plan(ctx, s, run.From, run.Day)
	if err != nil {
		return run, err
	}
	was := run.State
	if st.Open != nil && was == data.RunPlanned { // broken off
		if run.Queued, err = m.o.Store.QueuedOfRun(ctx, run.ID); err != nil {
			return run, err
		}
	}
	run.Planned, run.Print, run.Skipped = len(p.Mails)+run.Queued, people(p.Print), skipped(p.Decisions)
	run.State, run.Why, run.Unwritten = data.RunPlanned, "", p.unwritten.loans
	goesOn := st.Open != nil && was == data.RunPlanned && st.Open.Day == run.Day // broken off after it was let go
	if o.Yes == 0 && !goesOn && !p.Closed {
		if run.State, run.Why, err = m.brake(ctx, s, p); err != nil {
			return run, err
		}
	}
	if run, err = m.save(ctx, run); err != nil || run.State != data.RunPlanned {
		return run, err
	}
	if o.Yes != 0 && !run.Practice {
		if err := m.approved(ctx); err != nil {
			return run, err
		}
	}
	return m.carryOut(ctx, s, run, p, o.Progress)
}

func notOpen(id int64) error {
	return &data.Error{Code: data.CodeConflict, Sentence: fmt.Sprintf("Run %d does not wait for an answer any more.", id), Next: "Look at the runs again."}
}

func (m *Mailer) save(ctx context.Context, r data.Run) (data.Run, error) {
	if r.ID == 0 {
		return m.o.Store.BeginRun(ctx, r)
	}
	return r, m.o.Store.SaveRun(ctx, r)
}

// approved remembers the first yes to a run for real.
func (m *Mailer) approved(ctx context.Context) error {
	at, err := m.o.Store.Approved(ctx)
	if err != nil || !at.IsZero() {
		return err
	}
	return m.o.Store.Approve(ctx, m.o.Now())
}

// carryOut queues what is planned and closes the run.
func (m *Mailer) carryOut(ctx context.Context, s *data.Settings, run data.Run, p *planned, progress func(done, total int)) (data.Run, error) {
	if err := m.decide(ctx, run, p); err != nil {
		return run, err
	}
	texts, err := m.texts(ctx, s)
	if err != nil {
		return run, err
	}
	w := &writer{s: s, texts: texts, now: m.o.Now(), class: data.ClassNotice, door: data.DoorNotice, run: run.ID}
	q := &queuer{store: m.o.Store, w: w, progress: progress}
	q.most = q.limit(p.Mails, run.Queued)
	if err := q.all(ctx, p.Mails); err != nil {
		return run, err
	}
	if err := m.o.Store.DecisionsTold(ctx, run.ID); err != nil {
		return run, err
	}
	run.Queued += q.queued
	run.State, run.Ended, run.Why = data.RunDone, m.o.Now(), p.unwritten.why
	if q.passed > 0 {
		run.Why = strings.TrimSpace(run.Why + " " + fmt.Sprintf("Practice: %d of %d were sent to %s, enough to see what they look like.", run.Queued, run.Queued+q.passed, s.TestTo))
	}
	if err := m.o.Store.SaveRun(ctx, run); err != nil {
		return run, err
	}
	return run, m.o.Store.Note(ctx, data.JournalLine{At: m.o.Now(), Kind: data.JournalNotices, Text: Summary(run)})
}

// Summary is a run in one sentence, with counts only.
func Summary(r data.Run) string {
	what := "Notices of " + r.Day.String()
	if r.Practice {
		what = "Practice notices of " + r.Day.String()
	}
	if r.From != 0 && r.From < r.Day {
		what += " and of the days since " + r.From.String()
	}
	switch r.State {
	case data.RunDone:
		what = fmt.Sprintf("%s: %d queued, %d to print, %d left out.", what, r.Queued, r.Print, r.Skipped)
	case data.RunRefused:
		what = fmt.Sprintf("%s: %d not sent.", what, r.Planned-r.Queued)
	default:
		what += "."
	}
	if r.Why != "" {
		what += " " + r.Why
	}
	return what
}
