package gateway

import (
	"context"
	"encoding/json"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/service/dispatch"
)

// requests turns what other programs asked for into jobs. The check under way ends after the message in its hands, so
// that nobody waits behind a long batch.
func (g *Gateway) requests(ctx context.Context) []job {
	var jobs []job
	for {
		r, err := g.store.TakeRequest(ctx)
		if err != nil {
			g.o.Log.Error("requests cannot be read", "error", err)
			return jobs
		}
		if r == nil {
			return jobs
		}
		if r.Kind == data.RequestSignIn {
			g.finishSignIn(ctx, *r)
			continue
		}
		g.setEnough(true)
		jobs = append(jobs, func(ctx context.Context) {
			g.setEnough(false)
			g.answer(ctx, *r)
		})
	}
}

// answer does what one request asks and writes every step down as it happens.
func (g *Gateway) answer(ctx context.Context, r data.Request) {
	var steps []data.Step
	report := func(s data.Step) {
		steps = append(steps, s)
		if err := g.store.AnswerSteps(ctx, r.ID, steps); err != nil {
			g.o.Log.Error("a step cannot be written", "error", err)
		}
	}
	var ok bool
	var result string
	var answer any
	switch r.Kind {
	case data.RequestTest:
		a := g.Test(ctx, report)
		ok, result = a.OK, a.Result
		answer = a
	case data.RequestProbe:
		a := g.Probe(ctx, r.Server, report)
		ok, result = a.OK, a.Result
		answer = a
	case data.RequestNotices:
		run, err := g.Notices(ctx, int64(r.Server))
		ok, result = err == nil, mailing.Summary(run)
		if err != nil {
			result = err.Error()
		}
		answer = run
	case data.RequestSignIn: // is no job: see requests
	case data.RequestCheck:
		rep, err := g.check(ctx, dispatch.Ask{Fresh: true, Now: true}, true)
		ok, result = err == nil, "Check: "+rep.String()+"."
		if err != nil {
			result = err.Error()
		}
		answer = rep
	}
	details, err := json.Marshal(answer)
	if err != nil {
		g.o.Log.Error("an answer cannot be written", "error", err)
	}
	if err := g.store.FinishRequest(context.WithoutCancel(ctx), r.ID, ok, result, details); err != nil {
		g.o.Log.Error("an answer cannot be written", "error", err)
	}
}

// Answer is the end of a Test or Probe.
type Answer struct {
	OK      bool         `json:"ok"`
	Result  string       `json:"result"`
	Remedy  string       `json:"remedy,omitempty"`
	Advice  string       `json:"advice,omitempty"` // see data.Outcome.Advice
	Outcome data.Outcome `json:"outcome,omitzero"`
	Steps   []data.Step  `json:"steps"`
	Message int64        `json:"message,omitempty"` // of the test mail
	File    string       `json:"file,omitempty"`    // it lay in the folder under this name
}

// Load reads the settings for a Test or Probe without a running service.
func (g *Gateway) Load(ctx context.Context) error { return g.apply(ctx, true) }

// Probe looks at server n step by step and sends nothing.
func (g *Gateway) Probe(ctx context.Context, n int, report func(data.Step)) Answer {
	var a Answer
	tell := a.teller(report)
	s := g.Settings()
	v := *s.Server(max(n, 1))
	if !v.Set() {
		a.Result = fmt.Sprintf("There is no %s in the settings.", data.ServerName(n))
		return a
	}
	a.Outcome = g.withSignIn(ctx, v, tell, func(v data.Server, tell func(data.Step)) data.Outcome {
		return g.relay.Probe(ctx, v, s.From.Address, tell)
	})
	a.OK = a.Outcome.Kind == data.KindSent
	a.Result, a.Remedy, a.Advice = a.Outcome.Sentence, a.Outcome.Remedy, a.Outcome.Advice
	if a.OK {
		a.Result = fmt.Sprintf("%s at %s answers and would take mail from %s.", data.ServerName(n), v.Address(), s.From.Address)
	}
	return a
}

// teller collects the steps and passes them on.
func (a *Answer) teller(report func(data.Step)) func(data.Step) {
	return func(s data.Step) {
		a.Steps = append(a.Steps, s)
		if report != nil {
			report(s)
		}
	}
}
