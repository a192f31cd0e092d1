package dispatch

import (
	"time"

	"smtpgateway/data"
)

// breakerAt messages refused alike, one after the other, are no longer the fault of three messages.
const breakerAt = 3

// Breaker watches one server during one check. Three messages running refused for good, alike, for a reason nobody
// blames on the recipient, mean that the server refuses us: a blocked sender must not turn a whole queue BAD.
type Breaker struct {
	alike    string
	messages []int64
	failed   []int64
}

// See takes what was decided about one message's recipients and reports whether that was one refusal too many. A
// message that went starts the count again; one refused for its recipient, put off or kept by a rule of ours says
// nothing either way.
func (b *Breaker) See(message int64, verdicts []data.Verdict) bool {
	refusals := make([]int64, 0, len(verdicts))
	alike := ""
	for i := range verdicts {
		v := &verdicts[i]
		if v.State == data.Sent {
			*b = Breaker{}
			return false
		}
		if !counts(v) || (alike != "" && alike != v.Outcome.Alike()) {
			continue
		}
		alike = v.Outcome.Alike()
		refusals = append(refusals, v.Delivery)
	}
	if len(refusals) == 0 {
		return false
	}
	if alike != b.alike {
		*b = Breaker{alike: alike}
	}
	if n := len(b.messages); n == 0 || b.messages[n-1] != message {
		b.messages = append(b.messages, message)
	}
	if len(b.messages) >= breakerAt {
		return true
	}
	b.failed = append(b.failed, refusals...)
	return false
}

// Failed lists the deliveries that were failed on the way here, without those of the message that was too many.
func (b *Breaker) Failed() []int64 { return b.failed }

// counts reports whether a verdict is a refusal that may be about us. A message too large is about the message,
// whoever may change that (RFC 1870, enhanced codes 5.3.4 and 5.2.3).
func counts(v *data.Verdict) bool {
	o := v.Outcome
	return v.State == data.Failed && o.Kind == data.KindPermanent && o.Blame != data.BlameRecipient &&
		o.Phase != data.PhaseLocal && o.Enhanced != "5.3.4" && o.Enhanced != "5.2.3"
}

// reopening is what the breaker takes back.
type reopening struct {
	deliveries     []int64
	due            time.Time
	reason, remedy string
}
