package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// demoRun watches the queue drain.
type demoRun struct {
	app   *app
	box   *mailbox
	live  bool // somebody watches: the bar moves
	total int
	ended int
	tally map[data.State]int
}

// done is told of each recorded result.
func (d *demoRun) done(r data.Result) {
	for _, v := range r.Verdicts {
		if v.State == data.Sent || v.State == data.Failed {
			d.ended++
		}
	}
	d.bar()
}

func (d *demoRun) bar() {
	if d.app.json || d.total == 0 || !d.live {
		return
	}
	const width = 40
	full := min(width, width*d.ended/d.total)
	_, _ = fmt.Fprintf(d.app.Out, "\r   [%s%s] %d of %d recipients ", strings.Repeat("#", full), strings.Repeat(".", width-full), d.ended, d.total)
}

// endBar leaves the bar of a check on a line of its own.
func (d *demoRun) endBar(check int, rep gateway.Report, took time.Duration) {
	live := d.live
	d.live = true
	d.bar()
	d.live = live
	d.app.sayf("\n   check %d: %s (%s)", check, rep, took.Round(time.Millisecond))
}

// drain runs checks until nothing waits: a school's gateway would run one every three minutes.
func (d *demoRun) drain(ctx context.Context, g *gateway.Gateway) error {
	for check := 1; check <= 20; check++ {
		if check == 1 {
			d.app.sayf("8. Check by check, as the service does every 3 minutes:")
		}
		began := time.Now()
		if check == 1 {
			if err := g.Look(ctx); err != nil {
				return err
			}
			counts, err := g.Store().Counts(ctx)
			if err != nil {
				return err
			}
			d.total = int(counts[data.Waiting])
		}
		rep, err := g.Once(ctx)
		if err != nil {
			return err
		}
		d.endBar(check, rep, time.Since(began))
		if rep.Waiting == 0 {
			return nil
		}
		// The return mail joins the queue at the end of a check.
		counts, err := g.Store().Counts(ctx)
		if err != nil {
			return err
		}
		d.total = d.ended + int(counts[data.Waiting])
	}
	return nil
}

// tell says what became of everything, and of the address that failed.
func (d *demoRun) tell(ctx context.Context, s *store.Store, p place.Place) error {
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	for st, n := range counts {
		d.tally[st] = int(n)
	}
	d.app.sayf("\n9. What became of them: %d sent, %d could not be sent, %d waiting.", counts[data.Sent], counts[data.Failed], counts[data.Waiting])
	failed, err := s.List(ctx, data.ListQuery{States: []data.State{data.Failed}, Limit: 20})
	if err != nil {
		return err
	}
	for _, e := range failed {
		d.app.sayf("   %s (%s): %s %s", e.Recipient, e.Letter.Class, e.Reason, e.Remedy)
	}
	bad, err := s.Patrons(ctx, data.PatronQuery{Filter: data.FilterBad, Limit: 20})
	if err != nil {
		return err
	}
	for _, l := range bad {
		d.app.sayf("   The address of %s is marked: from now on letters to %s go to a guardian or onto paper.", l.Name(), l.First)
	}
	left, err := os.ReadDir(p.Folder)
	if err != nil {
		return err
	}
	for _, f := range left {
		d.app.sayf("   in the folder: %s", f.Name())
	}
	return nil
}
