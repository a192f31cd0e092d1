package screen

import (
	"context"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/store"
)

const (
	manyAtOnce = 5000 // numbers read in one go
	slice      = 500  // deliveries changed in one go: between two the service has its turn, and a person can stop
	undoMost   = 10_000
)

// actor does things to messages, one at a time, off the window's goroutine.
type actor struct {
	desk     *Desk
	job      *job // nil: nothing is being done
	progress func()

	// OnNotice is told how something ended; undo takes it back, nil: that is not honest or not possible.
	OnNotice func(text string, undo func())
}

// job is what is being done.
type job struct {
	words   func() string
	done    int // gone through
	changed int
	copied  int
	stopped bool
	taken   store.Taken
}

// Doing says how far something has come that takes a while; empty: nothing is being done.
func (a *actor) Doing() string {
	if a.job == nil {
		return ""
	}
	return a.job.words()
}

// StopDoing ends it after the slice in hand. What was done stays done.
func (a *actor) StopDoing() {
	if a.job != nil {
		a.job.stopped = true
	}
}

func (a *actor) told() {
	if a.progress != nil {
		a.progress()
	}
}

func (a *actor) finish() {
	a.job = nil
	a.told()
}

func (a *actor) tell(text string, undo func()) {
	if a.OnNotice != nil {
		a.OnNotice(text, undo)
	}
}

func (a *actor) fail(err error) {
	e := asError(err)
	a.tell(sentences(e.Sentence, e.Next), nil)
}

func sentences(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// The reasons that stay with a message, in the words the command line writes too.
const (
	reasonAgain    = "Sent again by a person."
	reasonHeld     = "Held by a person."
	reasonReleased = "Released by a person."
	reasonCancel   = "Cancelled by a person."
)

// Do does what was planned, a slice at a time. How it ended comes as a notice.
func (a *actor) Do(p Plan) {
	if a.job != nil || p.Count == 0 {
		return
	}
	j := &job{words: func() string {
		return a.desk.Say("Working: {{.N}} of {{.All}} messages", With("N", thousands(a.job.done), "All", thousands(p.Count)))
	}}
	a.job = j
	a.told()
	a.slice(p, j)
}

// slice does the next slice and then the one after it. The job belongs to the window's goroutine: work gets what it
// needs by value and hands back what came of it.
func (a *actor) slice(p Plan, j *job) {
	some := p.ids[j.done:min(j.done+slice, len(p.ids))]
	last := j.done+len(some) == len(p.ids)
	keep := len(p.ids) <= undoMost
	kick := a.desk.facts.Service.Running()
	total := j.changed
	GoStore(a.desk, func(ctx context.Context, s *store.Store) (done, error) {
		got, err := doSome(ctx, s, p.Action, some)
		if !keep {
			got.taken = store.Taken{}
		}
		if err == nil && last {
			err = after(ctx, s, p.Action, total+got.changed, kick)
		}
		return got, err
	}, func(got done, err error) {
		j.done += len(some)
		j.changed += got.changed
		j.copied += got.gone
		j.taken = j.taken.Join(got.taken)
		if err == nil && !last && !j.stopped {
			a.told()
			a.slice(p, j)
			return
		}
		if j.stopped && !last && err == nil {
			a.wrapUp(p, j, kick)
			return
		}
		a.end(p, j, err)
	})
}

// wrapUp writes down what was done before a person stopped it.
func (a *actor) wrapUp(p Plan, j *job, kick bool) {
	n := j.changed
	GoStore(a.desk, func(ctx context.Context, s *store.Store) (struct{}, error) {
		return struct{}{}, after(ctx, s, p.Action, n, kick)
	}, func(_ struct{}, err error) { a.end(p, j, err) })
}

// done is what came of one slice.
type done struct {
	changed int
	gone    int // messages whose text is no longer kept
	taken   store.Taken
}

func doSome(ctx context.Context, s *store.Store, action Action, ids []int64) (done, error) {
	step := func(step store.Step, reason string) (done, error) {
		taken, err := s.Step(ctx, step, ids, reason)
		return done{changed: taken.Len(), taken: taken}, err
	}
	switch action {
	case ActHold:
		return step(store.StepHold, reasonHeld)
	case ActRelease:
		return step(store.StepRelease, reasonReleased)
	case ActCancel:
		return step(store.StepCancel, reasonCancel)
	case ActNow, ActAgain:
		n, err := s.Retry(ctx, ids, reasonAgain)
		return done{changed: int(n)}, err
	case ActCopy:
		var d done
		values, _, err := s.Settings(ctx)
		if err != nil {
			return d, err
		}
		set, _ := data.ParseSettings(values)
		for _, message := range ids {
			switch _, err := s.Copy(ctx, message, set.From.Address, func(header []byte) ([]byte, string, error) {
				return mail.Copied(header, set.From, set.Server1.EHLO)
			}); {
			case data.CodeOf(err) == data.CodeNotFound:
				d.gone++
			case err != nil:
				return d, err
			default:
				d.changed++
			}
		}
		return d, nil
	}
	return done{}, nil
}

// after notes in the journal what a person did, and asks the service for a check where something is to go out now.
func after(ctx context.Context, s *store.Store, action Action, n int, kick bool) error {
	if n == 0 {
		return nil
	}
	if err := s.Note(ctx, data.JournalLine{Kind: data.JournalPerson, Text: fmt.Sprintf("A person asked: %s, %d messages.", action, n)}); err != nil {
		return err
	}
	if kick && (action == ActNow || action == ActAgain) {
		_, err := s.Ask(ctx, data.Request{Kind: data.RequestCheck})
		return err
	}
	return nil
}

// end says how it ended and makes every screen look.
func (a *actor) end(p Plan, j *job, err error) {
	a.job = nil
	a.desk.Wake()
	text := ""
	if err == nil || j.changed > 0 {
		text = a.ended(p, j, err)
	}
	if err != nil {
		e := asError(err)
		text = sentences(sentences(e.Sentence, e.Next), text)
		if j.changed == 0 {
			text = sentences(a.desk.Say("Nothing was changed."), text)
		}
	}
	var undo func()
	if taken := j.taken; taken.Len() > 0 && taken.Len() == j.changed {
		undo = func() { a.takeBack(taken) }
	}
	a.told()
	a.tell(text, undo)
}

// ended says what was done, and what was not.
func (a *actor) ended(p Plan, j *job, err error) string {
	text := a.desk.doneWords(p.Action, j.changed)
	left := j.done - j.changed - j.copied
	if err != nil {
		left = p.Count - j.changed - j.copied
	}
	switch {
	case err != nil && left > 0: // those it did not come to are among them
		text = sentences(text, a.desk.Say("The others stay as they are."))
	case left == 1:
		text = sentences(text, a.desk.Say("1 had changed meanwhile and stays as it is."))
	case left > 1:
		text = sentences(text, a.desk.Say("{{.N}} had changed meanwhile and stay as they are.", With("N", thousands(left))))
	}
	if j.copied > 0 {
		text = sentences(text, a.desk.Say("The text of {{.N}} is no longer kept.", With("N", thousands(j.copied))))
	}
	if j.stopped && j.done < p.Count {
		text = sentences(a.desk.Say("Stopped."), text)
	}
	if (p.Action == ActNow || p.Action == ActAgain || p.Action == ActCopy) && j.changed > 0 && !a.desk.facts.Service.Running() {
		text = sentences(text, a.desk.Say("They go out when the service is started."))
	}
	return text
}

// takeBack undoes, once.
func (a *actor) takeBack(taken store.Taken) {
	if a.job != nil {
		return
	}
	a.job = &job{words: func() string { return a.desk.Say("Bringing back.") }}
	a.told()
	type counts struct{ back, passed int64 }
	GoStore(a.desk, func(ctx context.Context, s *store.Store) (counts, error) {
		back, passed, err := s.TakeBack(ctx, taken)
		if err == nil && back > 0 {
			err = s.Note(ctx, data.JournalLine{Kind: data.JournalPerson, Text: fmt.Sprintf("A person took it back: %d messages.", back)})
		}
		return counts{back, passed}, err
	}, func(n counts, err error) {
		a.job = nil
		a.desk.Wake()
		a.told()
		if err != nil {
			a.fail(err)
			return
		}
		text := a.desk.Say("{{.N}} messages are as they were.", With("N", thousands(n.back)))
		if n.back == 1 {
			text = a.desk.Say("1 message is as it was.")
		}
		switch {
		case n.passed == 1:
			text = sentences(text, a.desk.Say("1 had gone on meanwhile and stays as it is."))
		case n.passed > 1:
			text = sentences(text, a.desk.Say("{{.N}} had gone on meanwhile and stay as they are.", With("N", thousands(n.passed))))
		}
		a.tell(text, nil)
	})
}

// doneWords say what was done.
func (d *Desk) doneWords(a Action, n int) string {
	with := With("N", thousands(n))
	say := func(single, plural string) string {
		if n == 1 {
			return single
		}
		return plural
	}
	switch a {
	case ActNow:
		return say(d.Say("1 message goes out now."), d.Say("{{.N}} messages go out now.", with))
	case ActAgain:
		return say(d.Say("1 message is sent again."), d.Say("{{.N}} messages are sent again.", with))
	case ActCopy:
		return say(d.Say("1 copy waits to be sent."), d.Say("{{.N}} copies wait to be sent.", with))
	case ActHold:
		return say(d.Say("1 message is held."), d.Say("{{.N}} messages are held.", with))
	case ActRelease:
		return say(d.Say("1 message is released."), d.Say("{{.N}} messages are released.", with))
	default:
		return say(d.Say("1 message is cancelled."), d.Say("{{.N}} messages are cancelled.", with))
	}
}
