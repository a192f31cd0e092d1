package dispatch

import (
	"sync"
	"time"
)

// clock is the two clocks of a check: the wall clock, which people set, and the monotonic one, which only runs.
type clock struct {
	now     func() time.Time
	elapsed func() time.Duration
}

// mark is one moment on both clocks.
type mark struct {
	wall    time.Time
	elapsed time.Duration
}

func (c clock) mark() mark { return mark{wall: c.now().Round(0), elapsed: c.elapsed()} }

// jumped is how far the wall clock was set, forwards or back, since m.
func (c clock) jumped(m mark) time.Duration {
	n := c.mark()
	return n.wall.Sub(m.wall) - (n.elapsed - m.elapsed)
}

// timer follows a moment that is stored by the wall clock on the monotonic one, from when it is first seen: so neither
// a clock that jumps nor daylight saving shortens a back-off or stretches an interval while the service runs.
type timer struct {
	mu     sync.Mutex
	stored int64 // milliseconds, as in the store
	at     time.Duration
	known  bool
}

// left is how long it is until stored. More than longest means that a clock running ahead wrote it: then it is over.
func (t *timer) left(c clock, stored time.Time, longest time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := c.mark()
	if !t.known || t.stored != stored.UnixMilli() {
		wait := stored.Sub(m.wall)
		if wait > longest {
			wait = 0
		}
		t.stored, t.at, t.known = stored.UnixMilli(), m.elapsed+wait, true
	}
	return max(0, t.at-m.elapsed)
}
