// Package relay is in charge of speaking SMTP with a mail server of the school: it connects, proves who answers, signs
// in, hands over messages, and comes back with one outcome per recipient, in words a librarian can read. It decides
// nothing about when or how often; that is dispatch.
//
// A caller dials once per check (Dial), sends any number of messages one after the other (Session.Send) and closes.
// Probe walks the same way step by step and sends nothing.
package relay

import (
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"
)

// Timeouts are how long each part of a conversation may take. They are absolute: a server that sends one byte a second
// gains nothing by it.
type Timeouts struct {
	Connect  time.Duration // looking up the name; connecting; the TLS handshake of implicit TLS
	Greeting time.Duration // the greeting; the answer to EHLO
	Command  time.Duration // each of STARTTLS, AUTH as a whole, MAIL, RCPT, RSET
	Data     time.Duration // the answer to DATA; also the base for the body
	Body     time.Duration // added to Data for each MiB of body begun
	Dot      time.Duration // the answer to the final dot
}

// DefaultTimeouts are those of RFC 5321 4.5.3.2. The one after the final dot is long on purpose: giving up early there
// makes doubles.
func DefaultTimeouts() Timeouts {
	return Timeouts{
		Connect: 30 * time.Second, Greeting: 5 * time.Minute, Command: 5 * time.Minute,
		Data: 2 * time.Minute, Body: time.Minute, Dot: 10 * time.Minute,
	}
}

// Resolver finds the addresses of a host name; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// SevenBit writes a message anew for a server without 8BITMIME. It takes the header block with the blank line that ends
// it, and the body as often as it is opened.
type SevenBit func(header []byte, body func() (io.ReadCloser, error)) (newHeader []byte, newBody io.ReadCloser, err error)

// Options are what a Relay stands on. The zero value works, but cannot rewrite 8-bit messages.
type Options struct {
	Timeouts  Timeouts // zero: DefaultTimeouts
	Log       *slog.Logger
	LocalName func() string  // this computer's name; nil: the system's host name
	RootCAs   *x509.CertPool // who may vouch for a server; nil: the system's
	Resolver  Resolver       // nil: the system's
	SevenBit  SevenBit       // nil: an 8-bit message fails in words at a server without 8BITMIME
}

// Relay speaks with mail servers. It keeps no state between conversations and may be used by several at a time.
type Relay struct {
	o Options
}

// New prepares a Relay.
func New(o Options) *Relay {
	if o.Timeouts == (Timeouts{}) {
		o.Timeouts = DefaultTimeouts()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.LocalName == nil {
		o.LocalName = func() string {
			name, err := os.Hostname()
			if err != nil {
				return "" // the address literal will do
			}
			return name
		}
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	return &Relay{o: o}
}
