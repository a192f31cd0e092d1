package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// askEvery is how often an answer is looked for; answerBy how long a test may take: every deadline of a server that
// stalls at each step, and some.
const (
	askEvery = 150 * time.Millisecond
	answerBy = 30 * time.Minute
)

func (a *app) testCommand() *cobra.Command {
	return &cobra.Command{Use: "test", Short: "Send a test message and follow it to its end", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.request(c.Context(), data.Request{Kind: data.RequestTest}, func(g *gateway.Gateway, tell func(data.Step)) gateway.Answer {
			return g.Test(c.Context(), tell)
		})
	}}
}

func (a *app) probeCommand() *cobra.Command {
	var server int
	c := &cobra.Command{Use: "probe", Short: "Look at the mail server step by step, sending nothing", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if server < 1 || server > 2 {
			return &data.Error{Code: data.CodeUsage, Sentence: "There are servers 1 and 2.", Next: "Use --server 1 or --server 2."}
		}
		return a.request(c.Context(), data.Request{Kind: data.RequestProbe, Server: server}, func(g *gateway.Gateway, tell func(data.Step)) gateway.Answer {
			return g.Probe(c.Context(), server, tell)
		})
	}}
	c.Flags().IntVar(&server, "server", 1, "which server: 1 or 2")
	return c
}

// request is answered by the running service, or by ourselves where none runs and we may open the password.
func (a *app) request(ctx context.Context, r data.Request, own func(*gateway.Gateway, func(data.Step)) gateway.Answer) error {
	tell := func(s data.Step) {
		if !a.json {
			printStep(a.Out, s)
		}
	}
	var answer gateway.Answer
	err := a.ownGateway(ctx, func(g *gateway.Gateway) error {
		if err := g.Load(ctx); err != nil {
			return err
		}
		answer = own(g, tell)
		return nil
	})
	if data.CodeOf(err) == data.CodeInUse {
		err = a.withStore(ctx, func(s *store.Store) error {
			done, err := a.ask(ctx, s, r, tell)
			if err != nil {
				return err
			}
			return json.Unmarshal(done.Details, &answer)
		})
	}
	if err != nil {
		return err
	}
	if !answer.OK {
		a.exit = exitNo
	}
	if a.json {
		return encode(a.Out, answer)
	}
	a.sayf("\n%s", answer.Result)
	if answer.Remedy != "" {
		a.sayf("%s", answer.Remedy)
	}
	return nil
}

// ownGateway runs work on a gateway of this process; CodeInUse when the service runs.
func (a *app) ownGateway(ctx context.Context, work func(*gateway.Gateway) error) (err error) {
	g := gateway.New(gateway.Options{Place: a.place(), Version: version})
	if err := g.Open(ctx); err != nil {
		return err
	}
	defer func() {
		if e := errors.Join(g.Flush(ctx), g.Close()); e != nil && err == nil {
			err = e
		}
	}()
	return work(g)
}

// ask writes a request row and follows its steps to the answer. CodeBusy when who held the data was another command, or a
// service that stopped: nobody is there to answer.
func (a *app) ask(ctx context.Context, s *store.Store, r data.Request, tell func(data.Step)) (data.Request, error) {
	r.Asked = time.Now()
	id, err := s.Ask(ctx, r)
	if err != nil {
		return r, err
	}
	told := 0
	look := time.NewTicker(askEvery)
	defer look.Stop()
	ctx, cancel := context.WithTimeout(ctx, answerBy)
	defer cancel()
	for gone := false; ; {
		got, err := s.Request(ctx, id)
		if err != nil {
			return r, err
		}
		for ; told < len(got.Steps); told++ {
			tell(got.Steps[told])
		}
		if !got.Done.IsZero() {
			return got, nil
		}
		if gone {
			return r, &data.Error{Code: data.CodeBusy, Sentence: "Another command was busy with the same data; nothing was done.", Next: "Try again."}
		}
		select {
		case <-ctx.Done():
			return r, fmt.Errorf("the service did not answer: %w", errNotRunning)
		case <-look.C:
		}
		if lock, err := a.place().Lock(ctx); err == nil {
			if err := lock.Unlock(); err != nil {
				return r, err
			}
			gone = true // it may have answered at the last moment
		}
	}
}

func (a *app) onceCommand() *cobra.Command {
	return &cobra.Command{Use: "once", Short: "Run one check now and tell what happened", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		ctx := c.Context()
		var rep gateway.Report
		err := a.ownGateway(ctx, func(g *gateway.Gateway) error {
			var err error
			rep, err = g.Once(ctx)
			return err
		})
		if data.CodeOf(err) == data.CodeInUse {
			err = a.withStore(ctx, func(s *store.Store) error {
				done, err := a.ask(ctx, s, data.Request{Kind: data.RequestCheck}, func(data.Step) {})
				if err != nil {
					return err
				}
				if !done.OK {
					return &data.Error{Code: data.CodeNotNow, Sentence: done.Result}
				}
				return json.Unmarshal(done.Details, &rep)
			})
		}
		if err != nil {
			return err
		}
		if rep.Summary.Trouble != nil {
			a.exit = exitNo
		}
		if a.json {
			return encode(a.Out, rep)
		}
		a.sayf("Check: %s.", rep)
		if t := rep.Summary.Trouble; t != nil {
			a.sayf("%s", t.Sentence)
			a.sayf("%s", t.Remedy)
		}
		return nil
	}}
}
