package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"smtpgateway/data"
)

// Names of the steps of Dial and Probe, in the order of a server with implicit TLS; with STARTTLS the greeting comes
// before the protection.
const (
	stepName       = "name"
	stepConnection = "connection"
	stepProtection = "protection"
	stepGreeting   = "greeting"
	stepSender     = "sender"
)

// StepSignIn is the step in which the mail server lets us in or not.
const StepSignIn = "sign-in"

// Dial connects to s, proves who answers and signs in. The session is nil when the outcome is KindServer; else the
// outcome is KindSent and says how the connection is protected. Every step is told to report as it ends, if it is not
// nil. ctx ends the dialling, not the session.
func (r *Relay) Dial(ctx context.Context, s data.Server, report func(data.Step)) (*Session, data.Outcome) {
	d := &dialling{relay: r, server: s, report: report}
	stop := context.AfterFunc(ctx, d.cancel)
	defer stop()
	if o, ok := d.run(ctx); !ok {
		d.close()
		r.o.Log.Debug("dial", "server", s.Number, "phase", o.Phase, "code", o.Code, "sentence", o.Sentence)
		return nil, o
	}
	if !stop() {
		d.close()
		return nil, d.judge(ctx, data.PhaseAuth, errStopped)
	}
	session := &Session{
		timeouts: r.o.Timeouts, sevenBit: r.o.SevenBit, log: r.o.Log,
		server: s, client: d.client, raw: d.raw, alive: true, protection: d.proof.protection(),
	}
	return session, data.Outcome{Kind: data.KindSent, Phase: data.PhaseAuth, Sentence: "Connected to " + s.Host + ", " + session.protection + "."}
}

// dialling is one way from nothing to a session.
type dialling struct {
	relay  *Relay
	server data.Server
	from   string // sender, if one is tried
	report func(data.Step)

	addresses []netip.Addr
	raw       *conn    // below TLS; kept so that it can be closed, which the SMTP client leaves out on several errors
	top       net.Conn // raw, or TLS on it
	client    *smtp.Client
	proof     proof
	lock      sync.Mutex // over raw, which cancel reads from another goroutine
}

// run goes all the way; ok is false when it got stuck, and the outcome says where.
func (d *dialling) run(ctx context.Context) (o data.Outcome, ok bool) {
	steps := []step{
		{stepName, data.PhaseDNS, d.lookUp},
		{stepConnection, data.PhaseConnect, d.connect},
	}
	if d.server.Security == data.SecurityTLS {
		steps = append(steps, step{stepProtection, data.PhaseTLS, d.protect}, step{stepGreeting, data.PhaseGreeting, d.greet})
	} else {
		steps = append(steps, step{stepGreeting, data.PhaseGreeting, d.greet}, step{stepProtection, data.PhaseTLS, d.startTLS})
	}
	steps = append(steps, step{StepSignIn, data.PhaseAuth, d.signIn})
	for _, one := range steps {
		if o, ok := d.take(ctx, one); !ok {
			return o, false
		}
	}
	return data.Outcome{}, true
}

type step struct {
	name  string
	phase data.Phase
	do    func(context.Context) (text, detail string, err error)
}

// phaseError moves an error to the phase in which it was really seen.
type phaseError struct {
	phase data.Phase
	err   error
}

func (e *phaseError) Error() string { return string(e.phase) + ": " + e.err.Error() }
func (e *phaseError) Unwrap() error { return e.err }

// take does one step and tells of it.
func (d *dialling) take(ctx context.Context, one step) (data.Outcome, bool) {
	start := time.Now()
	text, detail, err := one.do(ctx)
	told := data.Step{Name: one.name, OK: err == nil, Text: text, Detail: detail, Took: time.Since(start)}
	var o data.Outcome
	if err != nil {
		o = d.judge(ctx, one.phase, err)
		told.Text, told.Remedy, told.Advice = o.Sentence, o.Remedy, o.Advice
		if told.Detail == "" {
			told.Detail = o.Line
		}
	}
	if d.report != nil {
		d.report(told)
	}
	return o, err == nil
}

func (d *dialling) judge(ctx context.Context, phase data.Phase, err error) data.Outcome {
	if moved, ok := errors.AsType[*phaseError](err); ok {
		phase = moved.phase
	}
	if ctx.Err() != nil {
		err = errStopped
	}
	o, _ := judge(place{phase: phase, server: d.server, from: d.from}, err)
	return o
}

// cancel ends what is under way, from another goroutine. The connection is guarded by its own lock; before there is one,
// ctx itself ends the step.
func (d *dialling) cancel() {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.raw != nil {
		d.raw.cancel()
	}
}

func (d *dialling) close() {
	if d.raw != nil {
		_ = d.raw.Close() // nothing was promised on it
	}
}

func (d *dialling) lookUp(ctx context.Context) (text, detail string, err error) {
	host := d.server.Host
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		d.addresses = []netip.Addr{ip}
		return host + " is an internet address.", "", nil
	}
	ctx, done := context.WithTimeout(ctx, d.relay.o.Timeouts.Connect)
	defer done()
	found, err := d.relay.o.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return "", "", fmt.Errorf("looking up %s: %w", host, err)
	}
	if len(found) == 0 {
		return "", "", errNoAddress
	}
	list := make([]string, 0, len(found))
	for _, ip := range found {
		d.addresses = append(d.addresses, ip.Unmap())
		list = append(list, ip.Unmap().String())
	}
	return host + " has the address " + list[0] + ".", strings.Join(list, ", "), nil
}

// connect takes the addresses one after the other: a dead first one must not hide a living second. Each has its share
// of the time.
func (d *dialling) connect(ctx context.Context) (text, detail string, err error) {
	end := time.Now().Add(d.relay.o.Timeouts.Connect)
	var dialer net.Dialer
	for i, ip := range d.addresses {
		share := time.Until(end) / time.Duration(len(d.addresses)-i)
		attempt, done := context.WithTimeout(ctx, share)
		target := net.JoinHostPort(ip.String(), strconv.Itoa(d.server.Port))
		var c net.Conn
		c, err = dialer.DialContext(attempt, "tcp", target)
		done()
		if err != nil {
			continue
		}
		d.lock.Lock()
		d.raw = newConn(c)
		d.lock.Unlock()
		if ctx.Err() != nil { // cancelled before there was something to cancel
			return "", "", errStopped
		}
		d.top = d.raw
		return "Something answers at " + target + ".", "", nil
	}
	return "", "", fmt.Errorf("connecting: %w", err)
}

// protect does the handshake of implicit TLS. The SMTP client must be given the *tls.Conn itself to know of it.
func (d *dialling) protect(ctx context.Context) (text, detail string, err error) {
	d.raw.within(d.relay.o.Timeouts.Connect)
	c := tls.Client(d.raw, d.relay.tlsConfig(d.server, &d.proof))
	if err := c.HandshakeContext(ctx); err != nil {
		return "", d.proof.describe(), fmt.Errorf("handshake: %w", err)
	}
	d.proof.state = c.ConnectionState()
	d.top = c
	return "The connection is " + d.proof.protection() + ".", d.proof.describe(), nil
}

// greet lets go-mail hear the greeting and say EHLO. It gets the connection ready-made, so that it neither dials nor
// falls back to another port by itself.
func (d *dialling) greet(ctx context.Context) (text, detail string, err error) {
	c, err := mail.NewClient(d.server.Host,
		mail.WithPort(d.server.Port),
		mail.WithTimeout(d.relay.o.Timeouts.Greeting),
		mail.WithHELO(ehloName(d.server.EHLO, d.relay.o.LocalName(), d.raw.LocalAddr())),
		mail.WithTLSPolicy(mail.NoTLS), // STARTTLS is a step of its own
		mail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return d.top, nil }))
	if err != nil {
		return "", "", fmt.Errorf("preparing: %w", err)
	}
	d.raw.wrote = false // the handshake wrote, but we did not speak yet
	wantsTLS := d.lookForTLS(ctx)
	d.client, err = c.DialToSMTPClientWithContext(ctx)
	if wantsTLS() && err != nil {
		return "", "", errTLSFirst
	}
	if err != nil {
		if d.raw.wrote {
			return "", "", &phaseError{data.PhaseEHLO, err}
		}
		return "", "", fmt.Errorf("greeting: %w", err)
	}
	return "The mail server greets.", cleanLine(d.client.HelloResponse(), d.server), nil
}

// startTLS switches to protection when the settings want it, and also when they allow to go without but the server
// offers it.
func (d *dialling) startTLS(context.Context) (text, detail string, err error) {
	offered, _ := d.client.Extension("STARTTLS")
	switch {
	case d.server.Security == data.SecurityNone && !d.server.AllowInsecure:
		return "The connection is not encrypted, as the settings want it.", "", nil
	case !offered && d.server.AllowInsecure:
		return "The connection is not encrypted: the server offers no protection (allowed in the settings).", "", nil
	case !offered:
		return "", "", errNoSTARTTLS
	}
	d.raw.within(d.relay.o.Timeouts.Command)
	if err := d.client.StartTLS(d.relay.tlsConfig(d.server, &d.proof)); err != nil {
		if state, ok := d.client.TLSConnectionState(); ok && state.HandshakeComplete {
			return "", d.proof.describe(), &phaseError{data.PhaseEHLO, err}
		}
		return "", d.proof.describe(), fmt.Errorf("starttls: %w", err)
	}
	d.proof.state, _ = d.client.TLSConnectionState()
	return "The connection is " + d.proof.protection() + ".", d.proof.describe(), nil
}

func (d *dialling) signIn(context.Context) (text, detail string, err error) {
	if !d.server.Login() {
		return "No sign-in is set.", "", nil
	}
	name, err := mechanism(d.server, offeredLogins(d.client), d.proof.state.HandshakeComplete)
	if err != nil {
		return "", "", err
	}
	d.raw.within(d.relay.o.Timeouts.Command)
	way := authenticator(name, d.server)
	if err := d.client.Auth(way); err != nil {
		err = fmt.Errorf("sign-in: %w", err)
		if token, ok := way.(*tokenAuth); ok && token.refusal != "" {
			err = &tokenRefusedError{said: token.refusal, err: err}
		}
		return "", "", err
	}
	return "Signed in.", name, nil
}
