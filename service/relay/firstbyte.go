package relay

import (
	"context"
	"crypto/tls"
	"net"
	"time"
)

// lookForTLS finds out what a server that does not greet is waiting for. One with TLS from the first byte is as silent as
// a dead one for as long as we wait for its greeting, and the port number proves nothing, so it is asked on a second
// connection: the first must stay unspoken to for a server that is just slow. found ends the search and gives the answer;
// the wait for the greeting is broken off when it is yes.
//
// A third of the time to connect, 10 s: longer than mail servers hold back their greeting to unmask senders that cannot
// wait (5 or 6 s), to whom we should look like one.
func (d *dialling) lookForTLS(ctx context.Context) (found func() bool) {
	if d.top != net.Conn(d.raw) {
		return func() bool { return false } // in TLS already
	}
	ctx, cancel := context.WithCancel(ctx)
	yes, done := false, make(chan struct{})
	look := time.AfterFunc(d.relay.o.Timeouts.Connect/3, func() {
		defer close(done)
		if !d.raw.heard.Load() && d.answersTLS(ctx) && !d.raw.heard.Load() {
			yes = true
			d.raw.cancel()
		}
	})
	return func() bool {
		cancel()
		if !look.Stop() {
			<-done
		}
		return yes
	}
}

// answersTLS reports whether the server answers an offer of TLS with TLS. Whose certificate it is and whether the
// handshake would succeed is another question: nothing is said on this connection.
func (d *dialling) answersTLS(ctx context.Context) bool {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp", d.raw.RemoteAddr().String())
	if err != nil {
		return false
	}
	first := &firstByte{Conn: newConn(c)}
	defer func() { _ = first.Close() }()
	_ = tls.Client(first, d.relay.tlsConfig(d.server, &proof{})).HandshakeContext(ctx)
	const alert, handshake = 21, 22 // RFC 8446 5.1; text of a mail server begins with a digit
	return first.seen == alert || first.seen == handshake
}

// firstByte keeps the first octet that came.
type firstByte struct {
	net.Conn
	seen byte // 0: nothing came
}

func (c *firstByte) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.seen == 0 && n > 0 {
		c.seen = p[0]
	}
	return n, err
}
