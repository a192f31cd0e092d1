// Package relaytest is a mail server inside a test: it takes real messages over a real socket, does on command what bad
// servers do, and counts what it saw. Nothing in it waits for time to pass; tests wait for what happens.
//
// Start is an honest server (emersion/go-smtp) with refusals per command and per recipient. Raw is a server that answers
// each command with whatever the test says, for everything no honest server does.
package relaytest

import (
	"bytes"
	"net"
	"net/mail"
	"strings"
	"sync"
)

// Message is one message a server took, or saw.
type Message struct {
	From string   // without brackets
	To   []string // the recipients it accepted
	Raw  []byte   // as received, dots unstuffed; nil if the body was discarded
	Size int64
	Args string // what stood behind the address of MAIL, as far as it is known
}

// ID is the Message-ID with its brackets.
func (m Message) ID() string {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	return parsed.Header.Get("Message-Id")
}

// record is what both servers count.
type record struct {
	mu       sync.Mutex
	conns    int
	auths    int
	logins   []string
	mails    []string
	messages []Message
	commands []string
	open     map[net.Conn]struct{}
	closed   chan struct{} // one for each connection that ended
}

// Connections is how many connections were taken.
func (r *record) Connections() int { r.mu.Lock(); defer r.mu.Unlock(); return r.conns }

// Auths is how many sign-ins were begun.
func (r *record) Auths() int { r.mu.Lock(); defer r.mu.Unlock(); return r.auths }

// Logins lists the mechanisms of the sign-ins that ended well.
func (r *record) Logins() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.logins...)
}

// Mails lists the senders given to MAIL, accepted or not.
func (r *record) Mails() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.mails...)
}

// Commands lists the lines a Raw server read, without bodies and without what follows AUTH.
func (r *record) Commands() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.commands...)
}

// Messages lists the messages taken, in order.
func (r *record) Messages() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Message(nil), r.messages...)
}

// Counts says how often each message reached each recipient, by "Message-ID recipient".
func (r *record) Counts() map[string]int {
	counts := make(map[string]int)
	for _, m := range r.Messages() {
		for _, to := range m.To {
			counts[m.ID()+" "+strings.ToLower(to)]++
		}
	}
	return counts
}

// WaitClosed waits until n more connections have ended at the server's end.
func (r *record) WaitClosed(n int) {
	for range n {
		<-r.closed
	}
}

// note adds to the record under its lock.
func (r *record) note(f func()) { r.mu.Lock(); defer r.mu.Unlock(); f() }

// CloseConnections resets every open connection, as a cut cable or a killed server does.
func (r *record) CloseConnections() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.open {
		reset(c)
	}
}

// reset closes with RST instead of FIN.
func reset(c net.Conn) {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	if w, ok := c.(*watched); ok {
		c = w.Conn
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// watching counts the connections of a listener and knows the open ones.
type watching struct {
	net.Listener
	rec *record
}

func (l *watching) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.rec.note(func() { l.rec.conns++; l.rec.open[c] = struct{}{} })
	return &watched{Conn: c, rec: l.rec}, nil
}

type watched struct {
	net.Conn
	rec *record
}

func (c *watched) Close() error {
	c.rec.note(func() {
		if _, ok := c.rec.open[c.Conn]; ok {
			delete(c.rec.open, c.Conn)
			select {
			case c.rec.closed <- struct{}{}:
			default: // nobody waits for that many
			}
		}
	})
	return c.Conn.Close()
}
