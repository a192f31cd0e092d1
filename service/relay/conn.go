package relay

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// replyLimit is the most octets a server may send in answer to one of ours. Longest honest replies are a few hundred;
// a chain of certificates is a few thousand.
const replyLimit = 64 << 10

var errReplyTooLong = errors.New("the reply has no end")

// conn is the connection below TLS and below the SMTP client, which has neither a limit for replies nor a way to be
// interrupted: both are kept here.
type conn struct {
	net.Conn

	left  int   // octets the server may still send before we write again
	wrote bool  // anything was ever written
	lost  error // first error of a write: what was written then did not leave whole
	heard atomic.Bool

	mu        sync.Mutex
	cancelled bool
}

func newConn(c net.Conn) *conn { return &conn{Conn: c, left: replyLimit} }

// Read gives what the server sent, up to the limit.
func (c *conn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errReplyTooLong
	}
	if len(p) > c.left {
		p = p[:c.left]
	}
	n, err := c.Conn.Read(p)
	c.left -= n
	if n > 0 && !c.heard.Load() {
		c.heard.Store(true)
	}
	return n, err
}

// Write sends, and from here on the server may answer anew.
func (c *conn) Write(p []byte) (int, error) {
	c.left, c.wrote = replyLimit, true
	n, err := c.Conn.Write(p)
	if err != nil && c.lost == nil {
		c.lost = err
	}
	return n, err
}

// SetDeadline moves the deadline, unless the conversation was cancelled: then it stays in the past.
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancelled {
		return nil
	}
	return c.Conn.SetDeadline(t)
}

// SetWriteDeadline is SetDeadline for writes; TLS uses it to say goodbye.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancelled {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}

// within gives what follows this long, all in all.
func (c *conn) within(d time.Duration) { _ = c.SetDeadline(time.Now().Add(d)) }

// cancel ends every read and write now and for ever. The SMTP client's own way waits for a lock that a running command
// holds.
func (c *conn) cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancelled = true
	_ = c.Conn.SetDeadline(time.Unix(1, 0))
}
