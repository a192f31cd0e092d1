package dispatch

import (
	"time"

	"smtpgateway/data"
)

// A server that thinks we send too fast gets half as many messages in each check from then on; half of that when it says
// so again. A day without complaint gives the settings back. A restart forgets it: a server that still minds says so.
const (
	slowDay      = 24 * time.Hour
	halvingsMost = 5 // halvings: 10 messages become 1 after four
)

// slowdown is how often the number of messages is halved.
type slowdown struct {
	times int
	since time.Duration // on the monotonic clock: the last complaint
}

// complained counts a complaint.
func (s *slowdown) complained(c clock) {
	s.times, s.since = min(s.of(c)+1, halvingsMost), c.elapsed()
}

// of is how many halvings hold now.
func (s *slowdown) of(c clock) int {
	if s.times > 0 && c.elapsed()-s.since >= slowDay {
		s.times = 0
	}
	return s.times
}

// gently is the settings with as many messages in each check as the servers bear.
func (d *Dispatcher) gently(s data.Settings) data.Settings {
	s.MessagesEachCheck = max(min(1, s.MessagesEachCheck), s.MessagesEachCheck>>d.slow.of(d.clock))
	return s
}
