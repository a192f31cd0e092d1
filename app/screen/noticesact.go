package screen

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// askPatience is how long a request waits for a service that should take it at once.
const askPatience = time.Minute

// noticesWork is what a deed has at hand, off the window's goroutine.
type noticesWork struct {
	ctx    context.Context //nolint:containedctx // of one call
	store  *store.Store
	mailer *mailing.Mailer
	desk   *Desk
}

// save stores settings at once, over whatever else was saved meanwhile.
func (w *noticesWork) save(ctx context.Context, changes map[string]string) error {
	for range 5 {
		_, revision, err := w.store.Settings(ctx)
		if err != nil {
			return err
		}
		done, err := w.desk.write(ctx, w.store, revision, changes, nil)
		switch {
		case err != nil:
			return err
		case done.met:
			continue
		case done.problems.Wrong():
			for _, p := range done.problems {
				if !p.Warning && !p.Missing {
					return &data.Error{Code: data.CodeBadSettings, Sentence: w.desk.Say("A setting cannot be used.") + " " + p.Sentence, Next: w.desk.Say("Correct it under Settings.")}
				}
			}
		}
		return nil
	}
	return &data.Error{Code: data.CodeConflict, Sentence: w.desk.Say("Somebody else is changing the settings."), Next: w.desk.Say("Try again.")}
}

// do runs a deed and then says how it ended; a failed one says why.
func (n *Notices) do(doing string, deed func(w *noticesWork) error, then func()) {
	if n.doing != "" {
		return
	}
	n.doing = doing
	n.changed()
	GoStore(n.desk, func(ctx context.Context, s *store.Store) (struct{}, error) {
		return struct{}{}, deed(&noticesWork{ctx: ctx, store: s, mailer: mailing.New(mailing.Options{Store: s, Now: n.desk.Now}), desk: n.desk})
	}, func(_ struct{}, err error) {
		n.doing = ""
		switch {
		case err != nil:
			n.notice(asError(err).Error(), nil)
		case then != nil:
			then()
		}
		n.desk.Wake()
		n.load()
		n.changed()
	})
}

// SwitchWords ask before notices are switched on: what will happen, when, to whom.
func (n *Notices) SwitchWords() (title, text string) {
	d, s := n.desk, &n.seen.set
	var all []string
	if n.seen.standing.From == 0 && len(n.seen.runs) == 0 {
		all = append(all, d.Say("Every day at {{.Time}} the loans are looked through. Who has something due soon or overdue gets one e-mail by itself: {{.Stages}}.", With("Time", s.Overdue.At, "Stages", n.StagesWords())))
	}
	begin := d.Say("It begins today at {{.Time}}.", With("Time", s.Overdue.At))
	if at, ok := mailing.DueOn(s.Overdue.At, d.today(), d.Now().Location()); ok && !at.After(d.Now()) {
		begin = d.Say("It begins today, with a first run right away.")
	}
	all = append(all, begin+" "+d.Say("Notices of earlier days are not sent afterwards."))
	switch {
	case s.Practice:
		all = append(all, d.Say("Practice mode is on for everything: the notices go to {{.Address}}, with a note saying for whom they are. Patrons and guardians get nothing before it is switched off under Settings.", With("Address", s.TestTo)))
	case s.PracticeLetters:
		all = append(all, d.Say("It is practice for now: the notices go to {{.Address}}, with a note saying for whom they are. Patrons and guardians get nothing before you approve.", With("Address", s.TestTo)))
	default:
		all = append(all, d.Say("The notices leave for the patrons and guardians themselves."))
	}
	patrons, on := n.enabled()
	all = append(all, d.Say("Only those patrons get them who have automatic notices switched on: {{.N}} of {{.All}}.", With("N", thousands(on), "All", thousands(patrons))))
	return d.Say("Switch automatic notices on?"), strings.Join(all, "\n\n")
}

// Switch turns notices on or off, at once.
func (n *Notices) Switch(on bool) {
	d := n.desk
	doing, done := d.Say("Switching on."), d.Say("Automatic notices are on.")
	if !on {
		doing, done = d.Say("Switching off."), d.Say("Automatic notices are off. Nobody is reminded by itself any more.")
	}
	n.do(doing, func(w *noticesWork) error {
		if err := w.save(w.ctx, map[string]string{"overdue.enabled": fmt.Sprint(on)}); err != nil {
			return err
		}
		s, err := storedSettings(w.ctx, w.store)
		if err != nil {
			return err
		}
		return w.mailer.Switched(w.ctx, &s) // at once: a service that is stopped would begin with the day it starts
	}, func() { n.notice(done, nil) })
}

// ApproveWords ask before practice ends; no yes: it does not end by that, and text says what ends it.
func (n *Notices) ApproveWords() (title, text, yes string) {
	d := n.desk
	if n.seen.set.Practice {
		title, text = d.stillPractice()
		return title, text, ""
	}
	return d.Say("Send for real from now on?"), strings.Join([]string{
		d.Say("From the next run on, notices leave for the patrons and guardians themselves; so do the letters you send."),
		d.Say("What was only practised counts as not sent, but days that are over are not made up for."),
		d.Say("The first run for real waits for your yes; later ones go out without asking, unless one is far larger than usual. You can practise again at any time."),
	}, "\n\n"), d.Say("Approve")
}

// Approve ends practice for letters and notices.
func (n *Notices) Approve() {
	var set data.Settings
	n.do(n.desk.Say("Approving."), func(w *noticesWork) (err error) {
		if err = w.mailer.Approve(w.ctx, w.save); err == nil {
			set, err = storedSettings(w.ctx, w.store)
		}
		return err
	}, func() { n.notice(n.desk.approvedWords(&set), nil) })
}

// Practise begins practice again.
func (n *Notices) Practise() {
	n.do(n.desk.Say("Saving."), func(w *noticesWork) error {
		return w.save(w.ctx, map[string]string{"practice.letters": "true"})
	}, func() { n.notice(n.desk.Say("Letters and notices are practice again."), nil) })
}
