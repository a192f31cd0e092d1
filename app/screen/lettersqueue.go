package screen

import (
	"context"
	"errors"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// letterJob is what is being done with the list.
type letterJob struct {
	words       func(j *letterJob) string
	done, total int
	stop        context.CancelFunc
}

// letterDone is how the last thing done with the list ended.
type letterDone struct {
	words    string
	bad      bool
	messages []int64 // that were queued and may be taken back
	lines    []int   // of the list, beside messages
}

// Doing says how far something has come that takes a while, and how much of all that is; empty: nothing is being done.
func (l *Letters) Doing() (words string, done, total int) {
	if l.job == nil {
		return "", 0, 0
	}
	return l.job.words(l.job), l.job.done, l.job.total
}

// StopDoing ends it after the slice in hand. What was done stays done.
func (l *Letters) StopDoing() {
	if l.job != nil {
		l.job.stop()
	}
}

// Done is how the last thing done with the list ended; empty: nothing was done.
func (l *Letters) Done() (words string, bad bool) { return l.done.words, l.done.bad }

// InQueue reports whether letters of the list lie in the queue, to be looked at there.
func (l *Letters) InQueue() bool { return len(l.done.messages) > 0 }

// CanUndo reports whether what was queued can be taken back.
func (l *Letters) CanUndo() bool { return l.job == nil && len(l.done.messages) > 0 }

// LetterPlan is what queueing the letters that are ticked would mean, for the question before.
type LetterPlan struct {
	Title, Text, Yes string
	Count            int // 0: nothing can be queued, and Text says why

	practice bool
	testTo   string
}

// QueueWords are what queueing is called.
func (l *Letters) QueueWords() string {
	n, _ := l.Ticked()
	switch n {
	case 0:
		return l.desk.Say("Queue letters")
	case 1:
		return l.desk.Say("Queue 1 letter")
	}
	return l.desk.Say("Queue {{.N}} letters", With("N", thousands(n)))
}

// Plan is what queueing would mean.
func (l *Letters) Plan() LetterPlan {
	d, set := l.desk, &l.desk.facts.Settings
	n, paper := l.Ticked()
	p := LetterPlan{Count: n, practice: mailing.Practising(set), testTo: set.TestTo}
	with := With("N", thousands(n), "Address", set.TestTo, "Most", mailing.MostPractice, "Name", l.Title(), "About", l.list.about, "Paper", thousands(paper))
	switch {
	case n == 0:
		p.Title, p.Text = d.Say("Nothing to queue"), d.Say("No letter is ticked that could go by e-mail. Letters for paper are printed.")
		return p
	case set.From.Address == "":
		p.Count, p.Title, p.Text = 0, d.Say("Nothing was queued"), d.Say("There is no From address yet that letters could come from. Fill it in under Settings.")
		return p
	case p.practice && set.TestTo == "":
		p.Count, p.Title, p.Text = 0, d.Say("Nothing was queued"), d.Say("Letters are practice for now, and there is no Test to address that they could go to. Fill it in under Settings.")
		return p
	case p.practice:
		p.Title, p.Yes = d.Say("Queue {{.N}} letters for practice?", with), d.Say("Queue for practice")
		if n == 1 {
			p.Title = d.Say("Queue 1 letter for practice?")
		}
		p.Text = d.Say("{{.Name}}: {{.About}}. They go to {{.Address}}, each with a note on top saying for whom it was. Patrons and guardians get nothing.", with)
		if n > mailing.MostPractice {
			p.Text += " " + d.Say("The first {{.Most}} are sent: they show what the letters look like.", with)
		}
	default:
		p.Title, p.Yes = d.Say("Send {{.N}} letters for real?", with), d.Say("Queue {{.N}} letters", with)
		if n == 1 {
			p.Title, p.Yes = d.Say("Send 1 letter for real?"), d.Say("Queue 1 letter")
		}
		p.Text = d.Say("{{.Name}}: {{.About}}. They go to the patrons and guardians themselves, as fast as the settings allow.", with)
	}
	switch {
	case paper == 1:
		p.Text += "\n\n" + d.Say("1 ticked letter has no address to go to: print it.")
	case paper > 1:
		p.Text += "\n\n" + d.Say("{{.Paper}} ticked letters have no address to go to: print them.", with)
	}
	return p
}

// Queue puts the ticked letters into the queue, after a question. Nothing is queued when what the question said is not so
// any more.
func (l *Letters) Queue(p LetterPlan) {
	if l.job != nil || l.list == nil || p.Count == 0 {
		return
	}
	var lines []int
	for i := range l.list.batch.Lines {
		if line := &l.list.batch.Lines[i]; line.Ticked && line.Way == mailing.ByMail && !line.Queued {
			lines = append(lines, i)
		}
	}
	// A copy: what is shown belongs to the window's goroutine.
	batch := *l.list.batch
	batch.Lines = slices.Clone(batch.Lines)
	choice, revision := l.list.choice, l.list.revision
	ctx, j := l.begin(len(lines), func(j *letterJob) string {
		return l.desk.Say("Queueing letters: {{.N}} of {{.All}}", With("N", thousands(j.done), "All", thousands(j.total)))
	})
	var queued []int64
	GoStore(l.desk, func(_ context.Context, s *store.Store) (mailing.Sent, error) {
		set, err := storedSettings(ctx, s)
		if err == nil {
			err = l.unchanged(ctx, s, &set, p, revision)
		}
		if err != nil {
			return mailing.Sent{}, err
		}
		m, on := l.mailerOf(s, &choice)
		sent, err := m.Queue(ctx, &set, &batch, func(done, total int) { l.report(j, done, total) })
		queued = on.queued
		return sent, err
	}, func(sent mailing.Sent, err error) { l.queued(sent, queued, lines, err) })
}

// errRosterChanged says that people or loans are not those the list was made from.
var errRosterChanged = &data.Error{Code: data.CodeConflict, Sentence: "Patrons or loans have changed since the list was made."}

// unchanged fails when what a person was asked is not so any more.
func (l *Letters) unchanged(ctx context.Context, s *store.Store, set *data.Settings, p LetterPlan, revision int64) error {
	now, err := s.RosterRevision(ctx)
	switch practice := mailing.Practising(set); {
	case err != nil:
		return err
	case practice != p.practice || practice && set.TestTo != p.testTo:
		return &data.Error{Code: data.CodeConflict, Sentence: l.desk.Say("The settings for practice have changed meanwhile. Nothing was queued."), Next: l.desk.Say("Look at them, and queue again.")}
	case now != revision:
		return errRosterChanged
	}
	return nil
}

// begin starts a job.
func (l *Letters) begin(total int, words func(j *letterJob) string) (context.Context, *letterJob) {
	ctx, stop := context.WithCancel(l.desk.ctx)
	l.job = &letterJob{words: words, total: total, stop: stop}
	l.done = letterDone{}
	l.changed()
	return ctx, l.job
}

// report is called by the work: it tells the window's goroutine how far it is.
func (l *Letters) report(j *letterJob, done, total int) {
	l.desk.o.Post(func() {
		if l.job == j && l.desk.ctx.Err() == nil {
			j.done, j.total = done, total
			l.changed()
		}
	})
}

// queued says how queueing ended.
func (l *Letters) queued(sent mailing.Sent, messages []int64, lines []int, err error) {
	l.end()
	if errors.Is(err, errRosterChanged) {
		l.Again()
		l.done = letterDone{words: l.desk.Say("Nothing was queued: patrons or loans have changed since the list was made, so it was made again. Look at it, and queue again."), bad: true}
		l.changed()
		return
	}
	n := min(len(messages), len(lines))
	l.done = letterDone{}
	for k, i := range lines[:n] {
		l.list.batch.Lines[i].Queued = true
		if messages[k] != 0 { // else it waited already: what somebody else queued is not taken back here
			l.done.messages, l.done.lines = append(l.done.messages, messages[k]), append(l.done.lines, i)
		}
	}
	sent.Waiting = n - len(l.done.messages)
	l.done.words, l.done.bad = l.sentWords(sent, len(l.done.messages), err)
	l.desk.Wake()
	l.changed()
}

func (l *Letters) end() {
	l.job.stop()
	l.job = nil
}

// sentWords are how it ended, such as "23 letters are in the queue.", and whether that is bad.
func (l *Letters) sentWords(sent mailing.Sent, n int, err error) (words string, bad bool) {
	say := l.desk.Say
	with := With("N", thousands(n), "Rest", thousands(sent.Rest), "Held", thousands(sent.Held), "Waiting", thousands(sent.Waiting))
	switch {
	case n == 1:
		words = say("1 letter is in the queue.")
	case n > 1:
		words = say("{{.N}} letters are in the queue.", with)
	case sent.Waiting > 0:
		words = say("Nothing new was queued.")
	}
	switch {
	case sent.Waiting == 1:
		words += " " + say("1 of those ticked waited already.")
	case sent.Waiting > 1:
		words += " " + say("{{.Waiting}} of those ticked waited already.", with)
	}
	nothing := n == 0 && sent.Waiting == 0
	switch {
	case err != nil && nothing:
		return sentences(say("Nothing was queued."), asError(err).Error()), true
	case err != nil:
		return sentences(asError(err).Error(), words) + " " + say("The others are not. Queue again goes on with them."), true
	case sent.Stopped && nothing:
		return say("Stopped. Nothing was queued."), false
	case sent.Stopped && sent.Rest == 1:
		words = say("Stopped.") + " " + words + " " + say("1 is not. Queue again goes on with it.")
	case sent.Stopped:
		words = say("Stopped.") + " " + words + " " + say("{{.Rest}} are not. Queue again goes on with them.", with)
	case sent.Held == 1:
		words += " " + say("It is practice: 1 more was not queued.")
	case sent.Held > 0:
		words += " " + say("It is practice: the other {{.Held}} were not queued.", with)
	}
	if l.desk.facts.Service.Running() {
		return words, false
	}
	if n+sent.Waiting == 1 {
		return sentences(words, say("It goes out when the service is started.")), false
	}
	return sentences(words, say("They go out when the service is started.")), false
}
