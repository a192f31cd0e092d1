package screen

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// patience is how long a test waits for what.
type patience struct {
	look  time.Duration // between two looks at the answer
	alive time.Duration // between two questions whether the service lives
	note  time.Duration // without a word from the service, after which it is said what is waited for
	mute  time.Duration // without anybody taking the request, after which nobody will
	agree time.Duration // for a running service to work with what is saved
	most  time.Duration // in all: every deadline of a server that stalls at each step, and some
}

func usualPatience() patience {
	return patience{
		look: 150 * time.Millisecond, alive: 2 * time.Second, note: 4 * time.Second, mute: 20 * time.Second,
		agree: 6 * time.Second, most: 30 * time.Minute,
	}
}

// following is one request on its way. It lives off the window's goroutine and shows what it sees there.
type following struct {
	test   *ServerTest
	desk   *Desk
	number int
	patience
	left chan struct{} // closed when nobody waits here any more

	store  *store.Store
	folder string
	file   string // name of the test message's file; empty: not known yet

	shown progress
}

// progress is what a person sees of a test under way.
type progress struct {
	stage TestStage
	note  string
	steps []data.Step
	file  TestFile
}

func newFollowing(t *ServerTest) *following {
	return &following{test: t, desk: t.desk, number: t.number, patience: t.patience, left: make(chan struct{})}
}

// show brings progress to the window's goroutine, if it is any.
func (f *following) show(p progress) {
	if p.stage == f.shown.stage && p.note == f.shown.note && p.file == f.shown.file && len(p.steps) == len(f.shown.steps) {
		return
	}
	f.shown = p
	p.steps = slices.Clone(p.steps)
	if !f.desk.begin() {
		return
	}
	f.desk.finish(func() {
		t := f.test
		if t.run != f {
			return
		}
		t.stage, t.note, t.steps, t.file = p.stage, p.note, p.steps, p.file
		t.changed()
	})
}

// follow asks the service and comes back with the end.
func (f *following) follow(ctx context.Context) (testEnd, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-f.left:
			cancel()
		case <-ctx.Done():
		}
	}()
	s, release, problem := f.desk.use()
	defer release()
	if s == nil {
		return testEnd{}, problem
	}
	f.store = s
	if err := f.desk.believe(ctx, s); err != nil {
		return testEnd{}, err
	}
	if err := f.wake(ctx); err != nil {
		return testEnd{}, err
	}
	if err := f.agreed(ctx); err != nil {
		return testEnd{}, err
	}
	r := data.Request{Kind: data.RequestTest}
	if f.number == 2 {
		r = data.Request{Kind: data.RequestProbe, Server: 2}
	}
	id, err := s.Ask(ctx, r)
	if err != nil {
		return testEnd{}, err
	}
	f.show(progress{stage: TestWaiting, note: f.shown.note})
	return f.wait(ctx, id)
}

// wake starts the service where it is stopped.
func (f *following) wake(ctx context.Context) error {
	switch f.desk.askService(ctx).State {
	case ServiceRunning, ServiceUnknown:
		return nil
	case ServiceStarting, ServiceRestarting:
		f.show(progress{stage: TestStarting, note: f.desk.Say("The service is starting.")})
		return nil
	default:
	}
	f.show(progress{stage: TestStarting, note: f.desk.Say("The service is stopped. Starting it first.")})
	err := f.desk.o.Service.Start(ctx)
	f.desk.Wake()
	if err == nil {
		f.show(progress{stage: TestStarting, note: f.desk.Say("The service was stopped and has been started.")})
	}
	return err
}

// agreed waits until the service works with the settings as they are saved: a test of the ones before would mislead.
func (f *following) agreed(ctx context.Context) error {
	values, revision, err := f.store.Settings(ctx)
	if err != nil {
		return err
	}
	set, _ := data.ParseSettings(values)
	if f.folder = set.Folder; f.folder == "" {
		f.folder = f.desk.o.Place.Folder
	}
	look := time.NewTicker(f.look)
	defer look.Stop()
	end := time.NewTimer(f.agree)
	defer end.Stop()
	for {
		beat, err := f.store.Heartbeat(ctx)
		switch {
		case err != nil:
			return err
		case beat.Started.IsZero() || !beat.Stopped.IsZero() || beat.Revision >= revision:
			return nil // where nobody runs, nobody takes the request either, and that is said
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		case <-end.C:
			if beat.Trouble != "" {
				return &data.Error{Code: data.CodeNotNow, Sentence: beat.Trouble, Next: beat.Remedy}
			}
			return &data.Error{
				Code: data.CodeNotNow, Sentence: f.desk.Say("The service does not work with the new settings yet."),
				Next: f.desk.Say("Stop the service and start it again, then test again."),
			}
		}
	}
}

// wait looks at the request until it is answered, or nobody is there to answer.
func (f *following) wait(ctx context.Context, id int64) (testEnd, error) {
	asked := time.Now()
	heard, alive := asked, asked
	steps, failures := 0, 0
	look := time.NewTicker(f.look)
	defer look.Stop()
	for {
		r, err := f.store.Request(ctx, id)
		switch {
		case err != nil && ctx.Err() != nil:
			return testEnd{}, ctx.Err()
		case err != nil:
			// Another program may hold the database for a moment; what lasts longer is told.
			if failures++; failures > 20 {
				return testEnd{}, err
			}
		default:
			failures = 0
			if len(r.Steps) > steps {
				steps, heard = len(r.Steps), time.Now()
			}
			f.showRequest(ctx, r, time.Since(heard))
			if !r.Done.IsZero() {
				return ended(r), nil
			}
		}
		if time.Since(alive) >= f.alive {
			if err := f.desk.believe(ctx, f.store); err != nil {
				return testEnd{}, err
			}
			if gone := f.gone(ctx, r, time.Since(asked)); gone != nil {
				return f.lastWord(ctx, r, gone)
			}
			alive = time.Now()
		}
		select {
		case <-ctx.Done():
			return testEnd{}, ctx.Err()
		case <-look.C:
		}
	}
}

// showRequest shows how far the service says it is.
func (f *following) showRequest(ctx context.Context, r data.Request, silent time.Duration) {
	p := progress{stage: TestRunning, steps: r.Steps}
	// The service takes a request at once, and begins with it when the message in its hands is done.
	begun := len(r.Steps) > 0 || !r.Taken.IsZero() && silent >= f.note && !f.sending(ctx)
	switch {
	case !begun:
		p.stage, p.note = TestWaiting, f.shown.note
		if silent >= f.note {
			p.note = f.desk.Say("Waiting for the service. It answers after what it has in hand.")
		}
	case silent >= 2*f.note && r.Done.IsZero():
		p.note = f.desk.Say("The mail server takes its time. This can last some minutes; you need not wait.")
	}
	p.file = f.watch(ctx, r)
	f.show(p)
}

// gone says why nobody will answer; nil: somebody will.
func (f *following) gone(ctx context.Context, r data.Request, waited time.Duration) *data.Error {
	st := f.desk.askService(ctx)
	next := f.desk.Say("Start the service again, then test again.")
	if st.Reason != "" {
		next = st.Reason + " " + next
	}
	switch st.State {
	case ServiceStopped, ServiceFailed, ServiceNotInstalled:
		if r.Taken.IsZero() {
			return &data.Error{Code: data.CodeNotNow, Sentence: f.desk.Say("Nobody answered: the service is not running."), Next: next}
		}
		return &data.Error{Code: data.CodeNotNow, Sentence: f.desk.Say("The service stopped in the middle of the test."), Next: next}
	default:
	}
	if !r.Taken.IsZero() {
		if f.bornAgain(ctx, r) {
			return &data.Error{
				Code: data.CodeNotNow, Sentence: f.desk.Say("The service stopped in the middle of the test and was started again."),
				Next: f.desk.Say("Test again."),
			}
		}
		if waited > f.most {
			return &data.Error{Code: data.CodeNotNow, Sentence: f.desk.Say("The test did not come to an end."), Next: f.desk.Say("Stop the service and start it again, then test again.")}
		}
		return nil
	}
	// A request waits while a message is being sent, and rightly so.
	if waited < f.mute || f.sending(ctx) && waited < f.most {
		return nil
	}
	return &data.Error{
		Code: data.CodeNotNow, Sentence: f.desk.Say("The service does not answer, although it is said to be running."),
		Next: f.desk.Say("Stop the service and start it again, then test again."),
	}
}

// bornAgain reports whether another life of the service took the request than the one that runs now.
func (f *following) bornAgain(ctx context.Context, r data.Request) bool {
	beat, err := f.store.Heartbeat(ctx)
	return err == nil && beat.Started.Truncate(time.Millisecond).After(r.Taken)
}

// sending reports whether a message is on its way right now. It does as long as nobody can tell.
func (f *following) sending(ctx context.Context) bool {
	counts, err := f.store.Counts(ctx)
	return err != nil || counts[data.Sending] > 0
}

// lastWord closes a request nobody took, so that no later service sends a test nobody waits for, and reads once more
// what may have come meanwhile.
func (f *following) lastWord(ctx context.Context, r data.Request, gone *data.Error) (testEnd, error) {
	if again, err := f.store.Request(ctx, r.ID); err == nil {
		r = again
	}
	if !r.Done.IsZero() {
		f.showRequest(ctx, r, 0)
		return ended(r), nil
	}
	if r.ID != 0 && r.Taken.IsZero() {
		if err := f.store.FinishRequest(ctx, r.ID, false, gone.Sentence, nil); err != nil {
			f.desk.o.Log.Error("a request cannot be taken back", "error", err)
		}
	}
	return testEnd{}, gone
}

// ended reads the end the service wrote.
func ended(r data.Request) testEnd {
	var more struct {
		Remedy string `json:"remedy"`
		Advice string `json:"advice"`
	}
	if len(r.Details) > 0 {
		_ = json.Unmarshal(r.Details, &more) // without details the sentence alone will do
	}
	for i := len(r.Steps) - 1; i >= 0 && more.Advice == "" && !r.OK; i-- {
		more.Advice = r.Steps[i].Advice // the history of a message keeps none
	}
	return testEnd{ok: r.OK, result: r.Result, remedy: more.Remedy, advice: more.Advice}
}

func (d *Desk) orderStartup(ctx context.Context) (struct{}, error) {
	return struct{}{}, d.o.Service.SetStartup(ctx, true)
}
