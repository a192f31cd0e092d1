package dispatch

import (
	"context"
	"time"
)

const (
	capWindow = 24 * time.Hour // a provider's day: sliding, so that midnight grants nothing
	// eachMessage is the most recipients of one transaction: every server must take 100 (RFC 5321 section 4.5.3.1.8).
	eachMessage = 100
)

// Room is how many recipients of one message may go now to a server that takes at most limit in 24 hours and had used
// of them. 0 limit: none is set. 0 room: the rest is carried over.
func Room(limit int, used int64) int {
	if limit <= 0 {
		return eachMessage
	}
	return int(min(max(0, int64(limit)-used), eachMessage))
}

// room asks the store how many recipients r may still take. What the result in hand gives back is recorded first
// when everything depends on it.
func (c *check) room(ctx context.Context, r *route) (int, error) {
	if r.server.RecipientsDay <= 0 {
		return eachMessage, nil
	}
	for {
		used, err := c.queue.Used(ctx, r.server.Number, c.now().Add(-capWindow))
		if err != nil {
			return 0, err
		}
		room := Room(r.server.RecipientsDay, used)
		if room > 0 || c.result == nil {
			return room, nil
		}
		if err := c.commit(ctx); err != nil {
			return 0, err
		}
	}
}
