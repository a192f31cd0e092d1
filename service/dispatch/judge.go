package dispatch

import (
	"fmt"
	"math/rand/v2"
	"time"

	"smtpgateway/data"
)

// Case is all that is known when one recipient's outcome is judged.
type Case struct {
	Delivery data.Delivery
	Outcome  data.Outcome
	Server   int // that was tried
	Now      time.Time
	Running  time.Duration // running clock
	Short    time.Duration // length of the short range
	GiveUp   time.Duration // running time after which a delivery is given up
	Handover bool          // the other server takes, in this same check, what this one left open
	StepBack time.Time     // no earlier than this again if the conversation got as far as the message
	Single   bool          // Test: one try, and whatever stops it is its end
	Stopping bool          // the service stops: what was cut short is nobody's fault
}

// Judge decides what an outcome means for a delivery. It is pure but for the dice.
func Judge(c Case, rnd *rand.Rand) data.Verdict {
	v := data.Verdict{Delivery: c.Delivery.ID, State: data.Waiting, Due: c.Now, Bound: c.Delivery.Bound, Outcome: c.Outcome}
	old := age(c.Running, c.Delivery.FirstTried) >= c.GiveUp
	switch {
	case c.Outcome.Kind == data.KindSent:
		v.State, v.Charged = data.Sent, true
	case c.Single:
		v.State, v.Charged = data.Failed, true
	case c.Outcome.Kind == data.KindPermanent:
		v.State, v.Charged = data.Failed, true
	case c.Outcome.Kind == data.KindUncertain:
		v.Charged, v.Bound = true, c.Server
		if c.Delivery.Uncertain > 0 {
			v.State, v.Outcome = data.Held, heldOutcome(c.Outcome)
			break
		}
		v.Due = c.Now.Add(slowWait(rnd))
	case c.Stopping && c.Outcome.Code == 0, c.Outcome.Kind == data.KindUntouched:
		// Nobody was asked about this recipient: as if it had not been claimed.
	case c.Outcome.Kind == data.KindServer:
		switch {
		case c.Handover && c.Delivery.Bound == 0:
		case old:
			v.State, v.Outcome = data.Failed, givenUp(c.Outcome, c.GiveUp)
		case reachedMessage(c.Outcome.Phase):
			// It may be this message that troubles the server: let others go first when the pause is over.
			v.Due = Retry(c.Now, c.Running, c.Delivery.FirstTried, c.Short, rnd)
			if v.Due.Before(c.StepBack) {
				v.Due = c.StepBack
			}
		}
	case old:
		v.State, v.Charged, v.Outcome = data.Failed, true, givenUp(c.Outcome, c.GiveUp)
	default: // temporary, and anything unknown
		v.Charged = true
		v.Due = Retry(c.Now, c.Running, c.Delivery.FirstTried, c.Short, rnd)
	}
	return v
}

// reachedMessage reports whether a conversation got past signing in, so that the message had a part in its end.
func reachedMessage(p data.Phase) bool {
	switch p {
	case data.PhaseMail, data.PhaseRcpt, data.PhaseData, data.PhaseBody, data.PhaseDot:
		return true
	case data.PhaseDNS, data.PhaseConnect, data.PhaseTLS, data.PhaseGreeting, data.PhaseEHLO, data.PhaseAuth, data.PhaseLocal:
	}
	return false
}

// ofThisMessage turns a refusal of MAIL with the null sender into trouble of that one message: return mails alone have
// it, so a server that will not take it says nothing of its mood towards the rest. Paused for it, the most urgent mail
// of all would stop every other one, check after check.
func ofThisMessage(m data.Message, o data.Outcome) data.Outcome {
	if o.Kind == data.KindServer && o.Phase == data.PhaseMail && m.Sender == "" && o.Code != 0 && o.Code != 421 &&
		o.Pause != data.PauseQuota {
		o.Kind, o.Pause = data.KindTemporary, data.PauseNone
	}
	return o
}

func givenUp(o data.Outcome, limit time.Duration) data.Outcome {
	o.Sentence = fmt.Sprintf("Given up after %d hours of trying. The last answer: %s", int(limit.Hours()), o.Sentence)
	if o.Remedy == "" {
		o.Remedy = "Send it again when the reason is gone."
	}
	return o
}

func heldOutcome(o data.Outcome) data.Outcome {
	o.Sentence = "The connection was lost twice just after the message had been sent, so it may have arrived; send again?"
	o.Remedy = "Ask the recipient. If it did not arrive, send it again; if it did, cancel it."
	return o
}

func lostServer(n int) data.Outcome {
	return data.Outcome{
		Kind: data.KindServer, Phase: data.PhaseLocal, Blame: data.BlameSettings,
		Sentence: fmt.Sprintf("This message may have arrived through %s, which is no longer in the settings; send again?", data.ServerName(n)),
		Remedy:   "Ask the recipient. If it did not arrive, send it again; if it did, cancel it.",
	}
}

func capped(s data.Server) data.Outcome {
	return data.Outcome{
		Kind: data.KindTemporary, Phase: data.PhaseLocal, Blame: data.BlameSettings,
		Sentence: fmt.Sprintf("%s has had its %d recipients of the last 24 hours.", s.Host, s.RecipientsDay),
		Remedy:   "Try again later, or raise the recipients a day if the provider allows more.",
	}
}

func damaged(err error) data.Outcome {
	return data.Outcome{
		Kind: data.KindPermanent, Phase: data.PhaseLocal, Blame: data.BlameIT, Sentence: err.Error(),
		Remedy: "Hand the message in again.",
	}
}
