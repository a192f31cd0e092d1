package sendercheck

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
)

// maxReply is the longest answer read from a server, in octets.
const maxReply = 16 << 10

// Ports looks on which of the usual ports a mail server answers, and how it is protected there: 587, 465 and 25, one after the
// other. It looks at the one host a person named, signs in nowhere and sends nothing; who the server is it does not prove.
func (c *Checker) Ports(ctx context.Context, host string) data.PortsLook {
	host = data.Clean(host, 255)
	l := data.PortsLook{Host: host}
	best := -1
	for _, port := range []int{587, 465, 25} {
		one := c.port(ctx, host, port)
		l.Ports = append(l.Ports, one)
		if one.Answers && (best < 0 || protected(one.Security) && !protected(l.Ports[best].Security)) {
			best = len(l.Ports) - 1
		}
	}
	switch {
	case best < 0:
		l.Sentence = "Nothing answers at " + host + " on port 587, 465 or 25."
		l.Next = "Look for a typing mistake. If the name is right, ask IT whether the firewall lets this computer out to it."
	case !protected(l.Ports[best].Security):
		l.Best, l.Security = l.Ports[best].Port, data.SecurityNone
		l.Sentence = fmt.Sprintf("%s answers on port %d, but without protection: everybody on the way can read the mail.", host, l.Best)
		l.Next = "Ask IT for a port with protection. Only inside the school's own network is this acceptable."
	default:
		l.Best, l.Security = l.Ports[best].Port, l.Ports[best].Security
		l.Sentence = fmt.Sprintf("%s answers on port %d with %s. Use that.", host, l.Best, securityWords(l.Security))
	}
	return l
}

func protected(s data.Security) bool { return s == data.SecuritySTARTTLS || s == data.SecurityTLS }

func securityWords(s data.Security) string {
	switch s {
	case data.SecurityTLS:
		return "TLS from the first byte"
	case data.SecuritySTARTTLS:
		return "STARTTLS"
	default:
		return "no protection"
	}
}

func (c *Checker) port(ctx context.Context, host string, port int) data.PortLook {
	ctx, cancel := context.WithTimeout(ctx, c.o.Each)
	defer cancel()
	p := data.PortLook{Port: port}
	conn, err := c.o.Dial(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		p.Sentence, p.Detail = fmt.Sprintf("Nothing answers on port %d.", port), data.Clean(err.Error(), 200)
		return p
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if port == 465 {
		secure := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: true}) //nolint:gosec // only whether it speaks TLS; nothing is handed over
		if err := secure.HandshakeContext(ctx); err != nil {
			p.Sentence, p.Detail = fmt.Sprintf("Something answers on port %d, but does not speak TLS.", port), data.Clean(err.Error(), 200)
			return p
		}
		conn = secure
	}
	greeting, starttls, err := greet(conn)
	p.Detail = data.Clean(greeting, 200)
	switch {
	case err != nil:
		p.Sentence = fmt.Sprintf("Something answers on port %d, but it is no mail server that takes mail.", port)
		if p.Detail == "" {
			p.Detail = data.Clean(err.Error(), 200)
		}
		return p
	case port == 465:
		p.Security = data.SecurityTLS
	case starttls:
		p.Security = data.SecuritySTARTTLS
	default:
		p.Security = data.SecurityNone
	}
	p.Answers = true
	p.Sentence = fmt.Sprintf("A mail server answers on port %d with %s.", port, securityWords(p.Security))
	return p
}

// greet hears a server's greeting and what it offers, and leaves.
func greet(conn net.Conn) (greeting string, starttls bool, err error) {
	t := textproto.NewReader(bufio.NewReader(io.LimitReader(conn, maxReply)))
	_, greeting, err = t.ReadResponse(220)
	if err != nil {
		return reply(err), false, err
	}
	greeting = "220 " + greeting
	if _, err = fmt.Fprintf(conn, "EHLO %s\r\n", literal(conn.LocalAddr())); err != nil {
		return greeting, false, err
	}
	_, offers, err := t.ReadResponse(250)
	if err != nil {
		return greeting, false, err
	}
	for line := range strings.SplitSeq(offers, "\n") {
		starttls = starttls || strings.EqualFold(strings.TrimSpace(line), "STARTTLS")
	}
	_, _ = io.WriteString(conn, "QUIT\r\n") // the answer is not waited for
	return greeting, starttls, nil
}

func reply(err error) string {
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return e.Error()
	}
	return ""
}

// literal is how a computer without a name of its own greets (RFC 5321 4.1.3).
func literal(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	ip := net.ParseIP(host)
	switch {
	case err != nil || ip == nil:
		return "[127.0.0.1]"
	case ip.To4() != nil:
		return "[" + ip.String() + "]"
	default:
		return "[IPv6:" + ip.String() + "]"
	}
}
