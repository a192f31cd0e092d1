package dispatch

import (
	"math/rand/v2"
	"time"

	"smtpgateway/data"
)

// How long a server in trouble is left alone.
const (
	authFirst  = 15 * time.Minute // doubled each time, so that no account is locked out
	authMost   = 4 * time.Hour
	quotaWait  = 60 * time.Minute // not a day: allowances are of the last 24 hours, so some of it comes back all the time
	pauseLimit = authMost         // no pause is longer: one that seems to be was written by a clock running ahead
)

// PauseFor is the state of a server after trouble: left alone for 3 to 9 minutes, for 15 minutes doubling to 4 hours
// when signing in failed, for 60 minutes when its allowance is used up. person says that the try was asked for by
// somebody: it begins the pause anew but does not lengthen it, or three tests in a row would cost an hour.
func PauseFor(state data.ServerState, o data.Outcome, now time.Time, person bool, rnd *rand.Rand) data.ServerState {
	kind := o.Pause
	if kind == data.PauseNone {
		kind = data.PauseShort
	}
	next := data.ServerState{Server: state.Server, Pause: kind, Step: 1, Since: state.Since, Outcome: o}
	if next.Since.IsZero() {
		next.Since = now
	}
	if state.Pause == kind && state.Step > 0 {
		next.Step = state.Step
		if !person {
			next.Step++
		}
	}
	switch kind {
	case data.PauseAuth:
		next.Until = now.Add(authWait(next.Step))
	case data.PauseQuota:
		next.Until = now.Add(quotaWait)
	case data.PauseNone, data.PauseShort:
		next.Until = now.Add(shortWait(rnd))
	}
	return next
}

func authWait(step int) time.Duration {
	wait := authFirst
	for range step - 1 {
		if wait *= 2; wait >= authMost {
			return authMost
		}
	}
	return wait
}

// wellAgain reports whether an answer shows that the server is no longer in the trouble it was paused for: it took a
// message, or refused one for another reason.
func wellAgain(state data.ServerState, o data.Outcome) bool {
	switch o.Kind {
	case data.KindSent:
		return true
	case data.KindTemporary, data.KindPermanent:
		return o.Phase != data.PhaseLocal && o.Code != 0 && o.Alike() != state.Outcome.Alike()
	case data.KindUncertain, data.KindServer, data.KindUntouched:
	}
	return false
}
