package dispatch_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"smtpgateway/service/dispatch"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func dice() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func TestRetry(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for _, c := range []struct {
		promise               string
		running, first, short time.Duration
		least, most           time.Duration
	}{
		{"the first wait is short", 0, 0, hour, 3 * time.Minute, 9 * time.Minute},
		{"what was never tried counts as tried now", 500 * hour, -1, hour, 3 * time.Minute, 9 * time.Minute},
		{"the short range lasts to its last moment", 11*hour - 1, 10 * hour, hour, 3 * time.Minute, 9 * time.Minute},
		{"then the waits are long", 11 * hour, 10 * hour, hour, 60 * time.Minute, 90 * time.Minute},
		{"without a short range every wait is long", 0, 0, 0, 60 * time.Minute, 90 * time.Minute},
		{"a running clock that was put back does no harm", 1 * hour, 5 * hour, hour, 3 * time.Minute, 9 * time.Minute},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			rnd := dice()
			low, high := c.most, c.least
			for range 4000 {
				wait := dispatch.Retry(start, c.running, c.first, c.short, rnd).Sub(start)
				if wait < c.least || wait > c.most {
					t.Fatalf("waits %v, want %v to %v", wait, c.least, c.most)
				}
				low, high = min(low, wait), max(high, wait)
			}
			if spread := c.most - c.least; low > c.least+spread/50 || high < c.most-spread/50 {
				t.Errorf("the waits do not fill the range: %v to %v", low, high)
			}
		})
	}
}

// TestLadder prints what a message goes through that nobody takes; see it with go test -v -run TestLadder.
func TestLadder(t *testing.T) {
	t.Parallel()
	rnd, now, try := dice(), start, 0
	for ; now.Sub(start) < 100*time.Hour; try++ {
		next := dispatch.Retry(now, now.Sub(start), 0, time.Hour, rnd)
		if try < 16 || try%20 == 0 {
			t.Logf("try %3d after %9v, next in %v", try+1, now.Sub(start).Round(time.Second), next.Sub(now).Round(time.Second))
		}
		now = next
	}
	t.Logf("try %3d after %9v is the last: given up", try+1, now.Sub(start).Round(time.Second))
	if try < 70 || try > 120 {
		t.Errorf("%d tries in 100 hours", try+1)
	}
}
