package dispatch

import (
	"context"
	"errors"
	"time"

	"smtpgateway/data"
)

// try has one claimed message sent and judges what was said to each recipient. The result waits for the next claim to
// record it. An error is the store's.
func (c *check) try(ctx, keep context.Context, r *route, claim *data.Claim) error {
	c.left--
	outcomes, handed, err := c.offer(ctx, r, claim)
	if !handed {
		c.left++
	}
	verdicts, saved := c.judge(ctx, keep, r, claim, outcomes)
	c.result = &data.Result{Claim: claim, Host: r.server.Address(), Ended: c.now(), Handed: handed, Verdicts: verdicts}
	c.count(handed, verdicts)
	if err != nil {
		return err
	}
	return saved
}

// offer gets the bytes, the connection and the server's answers. Without bytes nobody is dialled.
func (c *check) offer(ctx context.Context, r *route, claim *data.Claim) (outcomes []data.Outcome, handed bool, err error) {
	all := func(o data.Outcome) []data.Outcome {
		list := make([]data.Outcome, len(claim.Deliveries))
		for i := range list {
			list[i] = o
		}
		return list
	}
	body, err := c.body(ctx, claim)
	if data.CodeOf(err) == data.CodeDamaged {
		return all(damaged(err)), false, nil
	}
	if err != nil {
		return all(data.Outcome{Kind: data.KindUntouched, Phase: data.PhaseLocal, Sentence: "The message could not be read just now."}), false, err
	}
	if r.capped {
		return all(capped(r.server)), false, nil
	}
	if o, ok := r.connect(ctx, c.dial); !ok {
		return all(o), false, nil
	}
	outcomes, handed = r.session.Send(ctx, claim, body)
	for len(outcomes) < len(claim.Deliveries) {
		// A session that says too little leaves it open whether the rest arrived.
		kind := data.KindUntouched
		if handed {
			kind = data.KindUncertain
		}
		outcomes = append(outcomes, data.Outcome{Kind: kind, Phase: data.PhaseDot, Sentence: "It is not known what became of this recipient."})
	}
	return outcomes, handed, nil
}

// body is what came with the claim, else what the store has.
func (c *check) body(ctx context.Context, claim *data.Claim) (data.Body, error) {
	if claim.Body != nil {
		return claim.Body, nil
	}
	return c.queue.Body(ctx, claim.Message)
}

// judge turns outcomes into verdicts, one by one and as a whole: the server may be in trouble, well again, or refuse
// everything alike.
func (c *check) judge(ctx, keep context.Context, r *route, claim *data.Claim, outcomes []data.Outcome) ([]data.Verdict, error) {
	stopping := ctx.Err() != nil
	for i := range outcomes {
		outcomes[i] = ofThisMessage(claim.Message, outcomes[i])
	}
	var saved error
	if !stopping {
		saved = c.observe(keep, r, outcomes)
	}
	now, runs := c.now(), c.runs()
	giveUp := time.Duration(c.set.GiveUpHours) * time.Hour
	handover := c.ask.Message == 0 && r.server.Number == 1 && c.routes[1].open()
	verdicts := make([]data.Verdict, len(claim.Deliveries))
	final := make([]data.Verdict, 0, len(verdicts)) // the breaker takes back nothing that would be given up now
	moved := false
	for i := range claim.Deliveries {
		v := Judge(Case{
			Delivery: claim.Deliveries[i], Outcome: outcomes[i], Server: r.server.Number, Now: now, Running: runs,
			Short: time.Duration(c.set.ShortMinutes) * time.Minute, GiveUp: giveUp, Handover: handover,
			StepBack: r.state.Until.Add(interval(c.set)), Single: c.ask.Message != 0, Stopping: stopping,
		}, c.rand)
		verdicts[i] = v
		moved = moved || v.Charged || v.State != data.Waiting
		if v.State != data.Failed || age(runs, claim.Deliveries[i].FirstTried) < giveUp {
			final = append(final, v)
		}
	}
	if !moved && !r.trouble {
		r.resting = true // nothing came of it: asking again at once would go round in circles
	}
	if c.ask.Message == 0 && !stopping && r.breaker.See(claim.Message.ID, final) {
		if err := c.trip(keep, r, verdicts, final); err != nil {
			saved = err
		}
	}
	return verdicts, saved
}

// observe draws the conclusions about the server: paused when it is in trouble, forgiven when it is not.
func (c *check) observe(keep context.Context, r *route, outcomes []data.Outcome) error {
	for i := range outcomes {
		if outcomes[i].Kind == data.KindServer {
			return c.pause(keep, r, outcomes[i])
		}
	}
	if o, many := r.ended(outcomes); many {
		return c.pause(keep, r, o)
	}
	if r.state.Since.IsZero() {
		return nil
	}
	for i := range outcomes {
		if wellAgain(r.state, outcomes[i]) {
			return c.save(keep, r, data.ServerState{Server: r.server.Number})
		}
	}
	return nil
}

// pause leaves the server alone from now on; what it has not taken goes to the other one.
func (c *check) pause(keep context.Context, r *route, o data.Outcome) error {
	r.trouble = true
	r.close()
	if o.Advice == data.AdviceSlower {
		c.slow.complained(c.clock)
	}
	return c.save(keep, r, PauseFor(r.state, o, c.now(), c.ask.Now, c.rand))
}

func (c *check) save(keep context.Context, r *route, state data.ServerState) error {
	r.state = state
	if err := c.queue.SaveServerState(keep, state); err != nil {
		return err
	}
	if !state.Until.IsZero() {
		c.pauses[r.server.Number-1].left(c.clock, state.Until, pauseLimit) // followed on the monotonic clock from here
	}
	if c.changed != nil {
		c.changed(keep, state)
	}
	return nil
}

// trip is the breaker falling: the refusals of this check go back to waiting, for as long as the slow range says, so
// that the three do not meet again at the head of the next check.
func (c *check) trip(keep context.Context, r *route, verdicts, final []data.Verdict) error {
	due := c.now().Add(slowWait(c.rand))
	var o data.Outcome
	for i := range final {
		if !counts(&final[i]) {
			continue
		}
		o = final[i].Outcome
		for k := range verdicts {
			if verdicts[k].Delivery == final[i].Delivery {
				verdicts[k].State, verdicts[k].Due = data.Waiting, due
			}
		}
	}
	c.reopen = &reopening{deliveries: r.breaker.Failed(), due: due, reason: o.Sentence, remedy: o.Remedy}
	c.sum.Failed -= len(c.reopen.deliveries)
	c.sum.Deferred += len(c.reopen.deliveries)
	r.breaker = Breaker{}
	o.Kind = data.KindServer
	return errors.Join(c.flush(keep), c.pause(keep, r, o))
}

// count adds to the summary.
func (c *check) count(handed bool, verdicts []data.Verdict) {
	if handed {
		c.sum.Handed++
	}
	for i := range verdicts {
		v := &verdicts[i]
		switch v.State {
		case data.Sent:
			c.sum.Sent++
		case data.Failed:
			c.sum.Failed++
		case data.Held:
			c.sum.Held++
		case data.Waiting:
			if v.Charged {
				c.sum.Deferred++
			}
		case data.Sending, data.Cancelled:
		}
		if v.Outcome.Kind == data.KindUncertain && v.State != data.Failed {
			c.sum.Uncertain++
		}
	}
}
