package gateway

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/service/dispatch"
)

// Test drops a test message into the folder, follows it to its end and stores when and with what result. It is the one
// message with a single try: whatever stops it, its file becomes .BAD at once.
func (g *Gateway) Test(ctx context.Context, report func(data.Step)) Answer {
	a := g.test(ctx, report)
	if err := g.store.SetLastTest(context.WithoutCancel(ctx), g.o.Now(), a.OK, a.Result); err != nil {
		g.o.Log.Error("the test result cannot be written", "error", err)
	}
	g.notef(context.WithoutCancel(ctx), data.JournalMail, a.Message, "Test: %s", a.Result)
	return a
}

func (g *Gateway) test(ctx context.Context, report func(data.Step)) Answer {
	var a Answer
	tell := a.teller(report)
	s := g.Settings()
	if s.TestTo == "" {
		a.Result, a.Remedy = "There is no address to send a test to.", "Fill in the Test to address."
		tell(data.Step{Name: "file", Text: a.Result, Remedy: a.Remedy})
		return a
	}
	began := g.o.Now()
	id, name, err := g.dropTest(ctx, s)
	if err != nil {
		a.Result, a.Remedy = sentence(err), next(err)
		tell(data.Step{Name: "file", Text: a.Result, Remedy: a.Remedy, Took: g.o.Now().Sub(began)})
		return a
	}
	a.Message, a.File = id, name
	tell(data.Step{Name: "file", OK: true, Text: "The test message lies in the folder as " + name + ".", Took: g.o.Now().Sub(began)})

	g.listen(tell)
	_, err = g.check(ctx, dispatch.Ask{Fresh: true, Message: id}, false)
	g.listen(nil)
	if err != nil {
		a.Result, a.Remedy = sentence(err), next(err)
		return a
	}
	g.follow(context.WithoutCancel(ctx), &a, tell, s)
	return a
}

// follow reads what became of the test message.
func (g *Gateway) follow(ctx context.Context, a *Answer, tell func(data.Step), s data.Settings) {
	all, err := g.store.Deliveries(ctx, a.Message)
	if err != nil || len(all) == 0 {
		a.Result = "The test message cannot be found any more."
		return
	}
	d := all[0]
	var took time.Duration
	tries, err := g.store.Attempts(ctx, d.ID)
	if err == nil && len(tries) > 0 {
		last := tries[len(tries)-1]
		a.Outcome = last.Outcome
		a.Advice = a.Outcome.Advice
		took = last.Ended.Sub(last.Started)
	}
	for i := len(a.Steps) - 1; i >= 0 && a.Advice == "" && d.State != data.Sent; i-- {
		a.Advice = a.Steps[i].Advice // the history keeps none
	}
	sender(a.Outcome, tell, s)
	if d.State == data.Sent {
		a.OK = true
		a.Result = fmt.Sprintf("The mail server accepted the test message for %s. Look whether it arrives.", s.TestTo)
		tell(data.Step{Name: "message", OK: true, Text: "The server took the message.", Detail: d.Line, Took: took})
		tell(data.Step{Name: "file", OK: true, Text: a.File + " is gone from the folder."})
		return
	}
	a.Result, a.Remedy = d.Reason, d.Remedy
	if n := len(a.Steps); n == 0 || a.Steps[n-1].OK {
		tell(data.Step{Name: "message", Text: d.Reason, Remedy: d.Remedy, Advice: a.Advice, Detail: d.Line})
	}
	if d.State == data.Failed {
		tell(data.Step{Name: "file", Text: a.File + " is now a .BAD file, with the reason beside it."})
	}
}

// sender tells whether the server takes mail from the sender: it is asked along with the message, so only what became
// of that shows it.
func sender(o data.Outcome, tell func(data.Step), s data.Settings) {
	switch o.Phase {
	case data.PhaseMail:
		tell(data.Step{Name: "sender", Text: o.Sentence, Remedy: o.Remedy, Advice: o.Advice, Detail: o.Line})
	case data.PhaseRcpt, data.PhaseData, data.PhaseBody, data.PhaseDot:
		tell(data.Step{Name: "sender", OK: true, Text: "The server takes mail from " + s.From.Address + "."})
	default:
	}
}

// dropTest writes the test message into the folder and takes it in at once, ahead of everything else.
func (g *Gateway) dropTest(ctx context.Context, s data.Settings) (int64, string, error) {
	f := g.openFolder(ctx)
	if f == nil {
		return 0, "", &data.Error{Code: data.CodeNoAccess, Sentence: "The folder " + s.Folder + " cannot be used.", Next: "Choose another folder, or ask IT for access."}
	}
	now := g.o.Now()
	m, err := mail.Compose(mail.Text{
		From: s.From, To: []string{s.TestTo}, Class: data.ClassTest, Now: now,
		Subject: "Test from SMTP Gateway",
		Text: "This is a test message from SMTP Gateway.\n\nIt was sent on " + now.Format("Mon 2 Jan 2006 at 15:04:05") +
			" through the settings of the library's mail gateway. If you can read it, mail leaves as it should.\n",
	})
	if err != nil {
		return 0, "", err
	}
	var whole bytes.Buffer
	whole.Write(m.Header)
	if m.Body != nil {
		if _, err := io.Copy(&whole, m.Body); err != nil {
			return 0, "", err
		}
	}
	name, err := f.Drop(ctx, "test-"+now.Format("20060102-150405"), whole.Bytes())
	if err != nil {
		return 0, "", err
	}
	id, err := f.Take(ctx, name, data.ClassTest)
	return id, name, err
}

// listen makes tell hear the steps of every dial from now on; nil ends it.
func (g *Gateway) listen(tell func(data.Step)) {
	g.mu.Lock()
	g.steps = tell
	g.mu.Unlock()
}

// line is the state in one line for the service manager.
func (g *Gateway) line() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t, bad := g.worst(); bad {
		return t.sentence
	}
	if g.beat.NextCheck.IsZero() {
		return "Running"
	}
	return "Running; next check at " + g.beat.NextCheck.Local().Format(time.TimeOnly)
}
