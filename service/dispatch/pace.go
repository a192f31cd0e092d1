package dispatch

import (
	"sync"
	"time"

	"smtpgateway/data"
)

// afterError is how soon a check is tried again that the store would not let happen: a full disk is looked at often,
// because a result may be waiting to be recorded.
const afterError = 30 * time.Second

// pace follows the interval in which the budget holds.
type pace struct {
	mu     sync.Mutex
	start  int64         // milliseconds, as in the store: the interval that begun belongs to
	begun  time.Duration // on the monotonic clock
	known  bool
	retry  time.Duration // on the monotonic clock: not before, the last check could not be finished
	failed bool
}

// left is how much of the interval remains; 0: it is over. An interval that has not begun yet was written by a clock
// running ahead and is over.
func (p *pace) left(c clock, stored data.Pace, interval time.Duration) time.Duration {
	if stored.Start.IsZero() {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	m := c.mark()
	if !p.known || p.start != stored.Start.UnixMilli() {
		since := m.wall.Sub(stored.Start)
		if since < 0 {
			since = interval
		}
		p.start, p.begun, p.known = stored.Start.UnixMilli(), m.elapsed-since, true
	}
	return max(0, interval-(m.elapsed-p.begun))
}

// done notes how a check ended.
func (p *pace) done(c clock, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.retry = err != nil, c.elapsed()+afterError
}

// NextCheck is when the next check is due: when the interval of stored is over, or half a minute after a check that
// could not be finished. It is never in the past.
func (d *Dispatcher) NextCheck(s data.Settings, stored data.Pace) time.Time {
	wait := d.pace.left(d.clock, stored, interval(s))
	d.pace.mu.Lock()
	defer d.pace.mu.Unlock()
	if d.pace.failed {
		wait = max(0, d.pace.retry-d.clock.elapsed())
	}
	return d.clock.now().Add(wait)
}

func interval(s data.Settings) time.Duration {
	return time.Duration(max(1, s.MinutesBetweenChecks)) * time.Minute
}

// Budget is how many messages may still go in the interval.
func Budget(s data.Settings, used int) int { return max(0, s.MessagesEachCheck-used) }
