package dispatch

import (
	"context"
	"time"

	"smtpgateway/data"
)

// overdueEach bounds how many deliveries one check gives up, and so the mail that tells of them.
const overdueEach = 500

// aftermath looks after those nobody was asked about: with no server left, the next in line get the reason and their
// clock starts, and after a fresh try that failed the oldest are given up.
func (c *check) aftermath(keep context.Context) error {
	if c.ask.Message != 0 {
		return nil
	}
	if !c.set.Server2.Set() {
		if err := c.holdOrphans(keep); err != nil {
			return err
		}
	}
	one, two := c.routes[0], c.routes[1]
	stuck := func(r *route) bool { return r.server.Set() && (r.paused || r.trouble) }
	switch {
	case stuck(one) && stuck(two):
		first, second := one, two
		if two.trouble && !one.trouble {
			first, second = two, one // what either could take is judged by the one that was asked just now
		}
		if err := c.stuck(keep, first, false); err != nil {
			return err
		}
		return c.stuck(keep, second, true)
	case stuck(one):
		return c.stuck(keep, one, two.server.Set()) // server 2 takes the rest
	case stuck(two):
		return c.stuck(keep, two, true)
	}
	return nil
}

func (c *check) stuck(keep context.Context, r *route, bound bool) error {
	w := c.want(r, bound)
	w.Horizon = w.Now
	if c.left > 0 {
		if err := c.queue.Stamp(keep, w, c.left, r.state.Outcome); err != nil {
			return err
		}
	}
	if !r.trouble {
		return nil
	}
	limit := time.Duration(c.set.GiveUpHours) * time.Hour
	ids, err := c.queue.Overdue(keep, w, overdueEach, limit, givenUp(r.state.Outcome, limit))
	c.sum.Failed += len(ids)
	return err
}

// holdOrphans asks a person about deliveries that may have arrived through a server that is no longer there: nobody
// else may send them.
func (c *check) holdOrphans(keep context.Context) error {
	for {
		w := c.want(c.routes[1], true)
		w.Horizon, w.Counted = w.Now.AddDate(100, 0, 0), false
		w.Lease = w.Now.Add(slowWait(c.rand))
		claim, err := c.next(keep, &w)
		if err != nil || claim == nil {
			return err
		}
		res := &data.Result{Claim: claim, Ended: c.now()}
		for i := range claim.Deliveries {
			d := &claim.Deliveries[i]
			v := data.Verdict{Delivery: d.ID, State: data.Held, Due: w.Now, Bound: d.Bound, Outcome: lostServer(d.Bound)}
			if d.Bound == 0 {
				v.State, v.Outcome = data.Waiting, data.Outcome{Kind: data.KindUntouched, Phase: data.PhaseLocal}
			}
			res.Verdicts = append(res.Verdicts, v)
		}
		c.result = res
		c.count(false, res.Verdicts)
		if claim.Deliveries[0].Bound == 0 {
			return c.commit(keep)
		}
	}
}

// mendClock makes due what a clock running ahead had put far away. Within a run a jump back is seen at once; at the
// first check whatever waits longer than the longest wait betrays it.
func (c *check) mendClock(ctx context.Context) error {
	m := c.clock.mark()
	after := m.wall.Add(slowMost + time.Minute)
	if !c.seen.wall.IsZero() {
		jump := c.clock.jumped(c.seen)
		if jump > -time.Minute {
			c.seen = m
			return nil
		}
		after = m.wall.Add(shortMost)
		if ahead := m.wall.Add(-jump); ahead.After(c.ahead) {
			c.ahead = ahead
		}
	}
	if _, err := c.queue.Hasten(ctx, after, m.wall); err != nil {
		return err
	}
	c.seen = m
	return nil
}
