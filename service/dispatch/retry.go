package dispatch

import (
	"math/rand/v2"
	"time"
)

// The waits of the product's documents. Each is drawn anew, evenly, both ends included, so that tries of many messages
// spread by themselves.
const (
	shortLeast = 3 * time.Minute
	shortMost  = 9 * time.Minute
	slowLeast  = 60 * time.Minute
	slowMost   = 90 * time.Minute
)

func between(least, most time.Duration, rnd *rand.Rand) time.Duration {
	return least + time.Duration(rnd.Int64N(int64(most-least)+1))
}

func shortWait(rnd *rand.Rand) time.Duration { return between(shortLeast, shortMost, rnd) }
func slowWait(rnd *rand.Rand) time.Duration  { return between(slowLeast, slowMost, rnd) }

// Retry says when a delivery is tried again: in 3 to 9 minutes while its first try is less than short ago, in 60 to
// 90 minutes afterwards. running and first are on the running clock, which stands still while no service runs: a night
// off does not use up the quick tries. first is negative before the first try.
func Retry(now time.Time, running, first, short time.Duration, rnd *rand.Rand) time.Time {
	if age(running, first) < short {
		return now.Add(shortWait(rnd))
	}
	return now.Add(slowWait(rnd))
}

// age is how long services have run since the first try.
func age(running, first time.Duration) time.Duration {
	if first < 0 || running < first {
		return 0
	}
	return running - first
}
