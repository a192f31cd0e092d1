package dispatch

import (
	"context"
	"errors"
	"time"

	"smtpgateway/data"
)

// check is one check under way.
type check struct {
	*Dispatcher

	ask      Ask
	set      data.Settings
	start    time.Time
	running  time.Duration // running clock when the check began
	began    time.Duration // monotonic clock then
	routes   [2]*route
	left     int          // messages that may still go
	charged  bool         // they count against the interval
	result   *data.Result // judged, not yet recorded
	stopped  func() bool  // the check is to end
	claims   int
	interval bool // this check began an interval
	sum      Summary
}

// Check sends what may go now and judges what became of it. It returns when the budget is used, nothing more is due, no
// server is left, or ctx ends; a message under way is then finished or put back, and recorded, first.
//
// The error is the store's. data.CodeDiskFull and the like after a message was handed over are kept in mind: nothing
// more is sent until that result could be recorded, by a later Check or by Flush.
func (d *Dispatcher) Check(ctx context.Context, s data.Settings, ask Ask) (Summary, error) {
	d.check.Lock()
	defer d.check.Unlock()
	ask.Now = ask.Now || ask.Message != 0
	ask.Fresh = ask.Fresh || ask.Now
	c := &check{Dispatcher: d, ask: ask, set: s, stopped: func() bool { return ctx.Err() != nil }}
	err := c.run(ctx)
	for _, r := range c.routes {
		if r != nil {
			r.close()
		}
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil && d.pending == nil {
		err = nil
	}
	d.pace.done(d.clock, err)
	if err != nil {
		d.log.Error("The check could not be finished.", "error", err)
	}
	return c.sum, err
}

func (c *check) run(ctx context.Context) error {
	if !c.set.Server1.Set() {
		return &data.Error{Code: data.CodeNotConfigured, Sentence: "No mail server is set.", Next: "Fill in the SMTP server in the settings."}
	}
	// A stop must not keep what was said by a server from being recorded.
	keep := context.WithoutCancel(ctx)
	if err := c.flush(keep); err != nil {
		return err
	}
	if err := c.begin(ctx); err != nil {
		return err
	}
	if err := c.send(ctx, keep); err != nil {
		return err
	}
	if ctx.Err() == nil {
		if err := c.aftermath(keep); err != nil {
			return err
		}
	}
	return c.end(keep)
}

// begin reads what outlives a check: clocks, budget, servers.
func (c *check) begin(ctx context.Context) error {
	if err := c.mendClock(ctx); err != nil {
		return err
	}
	c.start, c.began = c.clock.now().Round(0), c.clock.elapsed()
	base, err := c.queue.Running(ctx)
	if err != nil {
		return err
	}
	c.running = base + c.idled()
	if err := c.budget(ctx); err != nil {
		return err
	}
	states, err := c.queue.ServerStates(ctx)
	if err != nil {
		return err
	}
	for i := range c.routes {
		r := &route{server: *c.set.Server(i + 1), state: states[i]}
		r.server.Number, r.state.Server = i+1, i+1
		r.paused = !c.ask.Now && r.server.Set() && !r.state.Until.IsZero() && c.pauses[i].left(c.clock, r.state.Until, pauseLimit) > 0
		c.routes[i] = r
	}
	return nil
}

// budget opens a new interval when the old one is over; Save, restart and crash find the old one still running.
func (c *check) budget(ctx context.Context) error {
	set := c.gently(c.set)
	c.left = Budget(set, 0)
	if c.ask.Message != 0 {
		c.left = 1
	}
	if c.ask.Fresh {
		return nil
	}
	c.charged = true
	p, err := c.queue.Pace(ctx)
	if err != nil {
		return err
	}
	if c.pace.left(c.clock, p, interval(c.set)) > 0 {
		c.left = Budget(set, p.Used)
		return nil
	}
	c.interval = true
	return c.queue.StartInterval(ctx, c.start)
}

// now is the wall clock, but never earlier than the start of the check: what was tried in this check stays so.
func (c *check) now() time.Time {
	if n := c.clock.now().Round(0); n.After(c.start) {
		return n
	}
	return c.start
}

// runs is the running clock now.
func (c *check) runs() time.Duration { return c.running + c.clock.elapsed() - c.began }

// send is the loop: claim, try, judge; the next claim records.
func (c *check) send(ctx, keep context.Context) error {
	for c.left > 0 && ctx.Err() == nil && (c.ask.Message != 0 || !c.enough()) {
		r, bound := c.choose()
		if r == nil {
			break
		}
		claim, err := c.claim(keep, r, bound)
		if err != nil {
			return err
		}
		if claim == nil {
			continue
		}
		if err := c.try(ctx, keep, r, claim); err != nil {
			return errors.Join(err, c.commit(keep))
		}
	}
	return c.commit(keep)
}

// choose finds the server that goes on. Server 1 first; server 2 takes everything when server 1 is in trouble, and
// otherwise only what must go through it. A cap is no trouble: what is over it is carried over.
func (c *check) choose() (r *route, bound bool) {
	one, two := c.routes[0], c.routes[1]
	switch {
	case one.open():
		return one, false
	case c.ask.Message != 0 || !two.open():
		return nil, false
	}
	return two, !one.inTrouble()
}

// want is what r would take.
func (c *check) want(r *route, bound bool) data.Want {
	now := c.now()
	w := data.Want{
		Now: now, Running: c.runs(), Server: r.server.Number, Deferred: c.turn.deferred, Horizon: now, TriedLast: c.start,
		Recipients: eachMessage, Practice: c.set.Practice, Letters: c.set.PracticeLetters, Message: c.ask.Message, Bound: bound, Counted: c.charged,
	}
	if now.Before(c.ahead) && !c.ask.Now {
		w.TriedLast = time.Time{} // by this clock every earlier try lies ahead; those of this check are not due
	}
	if c.ask.Now {
		w.Horizon = now.AddDate(100, 0, 0)
	}
	return w
}

// claim records the last result and takes the next message, in one transaction. No claim: r is dry or capped.
func (c *check) claim(keep context.Context, r *route, bound bool) (*data.Claim, error) {
	room, err := c.room(keep, r)
	if err != nil {
		return nil, errors.Join(err, c.commit(keep))
	}
	if room == 0 {
		r.capped, c.sum.Capped = true, true
		if c.ask.Message == 0 {
			return nil, nil
		}
		room = 1 // a test is told so, by failing, and nobody is dialled
	}
	w := c.want(r, bound)
	w.Recipients, w.Lease = room, w.Now.Add(slowWait(c.rand))
	claim, err := c.next(keep, &w)
	if err != nil {
		return nil, err
	}
	if claim == nil {
		r.dry = true
		return nil, nil
	}
	c.claims++
	c.turn.took(claim)
	return claim, nil
}

// commit records the last result, if there is one.
func (c *check) commit(keep context.Context) error {
	if c.result == nil {
		return nil
	}
	_, err := c.next(keep, nil)
	return err
}

func (c *check) next(keep context.Context, w *data.Want) (*data.Claim, error) {
	var claim *data.Claim
	err := c.patiently(busyTries, c.stopped, func() (err error) {
		claim, err = c.queue.Next(keep, c.result, w)
		return err
	})
	if err != nil {
		// What the server said is true, whatever the disk says: kept in mind, and nothing is sent until it is written.
		c.pending, c.result = c.result, nil
		return nil, err
	}
	if done := c.result; done != nil {
		c.result = nil
		c.tell(keep, done)
	}
	return claim, nil
}

// end counts the check and the time the service ran.
func (c *check) end(keep context.Context) error {
	if err := c.flush(keep); err != nil {
		return err
	}
	c.showTrouble()
	due, some, err := c.queue.NextDue(keep)
	if err != nil {
		return err
	}
	c.sum.Left = some && !due.After(c.now())
	if !c.interval && c.claims == 0 {
		return nil
	}
	elapsed := c.clock.elapsed()
	n, err := c.queue.EndCheck(keep, c.idled()+elapsed-c.began)
	if err != nil {
		return err
	}
	c.sum.Checks, c.counted = n, elapsed
	return nil
}

// idled is how long the service ran since the last check that was counted. More than an interval means that the
// computer slept, on systems whose monotonic clock goes on then.
func (c *check) idled() time.Duration {
	return min(c.began-c.counted, interval(c.set)+time.Minute)
}

// showTrouble puts the worst current trouble into the summary: server 1's before server 2's.
func (c *check) showTrouble() {
	for _, r := range c.routes {
		if r.server.Set() && !r.state.Since.IsZero() {
			o := r.state.Outcome
			c.sum.Trouble, c.sum.Server = &o, r.server.Number
			return
		}
	}
}
