package relaytest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
)

// Answers that are more than text.
const (
	Default = ""         // what an ordinary server answers
	Drop    = "\x00drop" // close the connection
	Abort   = "\x00rst"  // reset the connection
	Silence = "\x00hush" // never answer; ends when the client leaves or the test ends
	Drip    = "\x00drip" // begin the usual answer and add an octet now and then, without end
)

// Verbs for what no command asks for.
const (
	Greeting = "GREETING" // a connection was taken
	Body     = "BODY"     // 354 was sent; Drop, Abort and Silence happen before a byte is read
	Dot      = "DOT"      // the body has come with its final dot
	AuthLine = "AUTHLINE" // a line that continues a sign-in
)

// RawScript is what a Raw server does.
type RawScript struct {
	Security   data.Security
	TLS        *tls.Config
	Extensions []string // of EHLO; STARTTLS is not added by itself
	// Answer gives the octets to send for a verb, without the last line end; line is the whole command.
	// An answer that begins with an exclamation mark goes out as it is, without any line end.
	Answer func(verb, line string) string
}

// RawServer is a running one.
type RawServer struct {
	*record
	Host        string
	Port        int
	Certificate tls.Certificate
	script      RawScript
	quit        chan struct{}
}

// Raw runs a server until the test ends.
func Raw(t testing.TB, script RawScript) *RawServer {
	t.Helper()
	s := &RawServer{record: newRecord(), script: script, quit: make(chan struct{})}
	if script.TLS == nil {
		s.Certificate = Certificate(t, Identity{})
		s.script.TLS = &tls.Config{Certificates: []tls.Certificate{s.Certificate}, MinVersion: tls.VersionTLS12}
	}
	l := listen(t, s.record)
	s.Host, s.Port = hostPort(l)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		close(s.quit)
		_ = l.Close()
		s.CloseConnections()
		running.Wait()
	})
	return s
}

// Config is the setting that speaks with this server, without sign-in.
func (s *RawServer) Config() data.Server {
	c := data.Server{Number: 1, Host: s.Host, Port: s.Port, Security: s.script.Security, Auth: data.AuthAuto}
	if c.Security == "" {
		c.Security = data.SecurityNone
	}
	return c
}

type talk struct {
	*RawServer
	conn net.Conn
	r    *bufio.Reader
	m    Message
}

func (s *RawServer) serve(c net.Conn) {
	if s.script.Security == data.SecurityTLS {
		c = tls.Server(c, s.script.TLS)
	}
	t := &talk{RawServer: s, conn: c, r: bufio.NewReader(c)}
	defer func() { _ = t.conn.Close() }()
	if !t.answer(Greeting, "", "220 mail.school.test ESMTP") {
		return
	}
	for {
		line, err := t.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if !t.command(line) {
			return
		}
	}
}

// command handles one line; false ends the connection.
func (t *talk) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	known := line
	if verb == "AUTH" {
		mech, _, _ := strings.Cut(rest, " ")
		known = "AUTH " + mech
	}
	t.note(func() { t.commands = append(t.commands, known) })
	switch verb {
	case "EHLO":
		return t.answer(verb, line, "250-mail.school.test\r\n"+lines(append(t.script.Extensions, "HELP")))
	case "STARTTLS":
		if !t.answer(verb, line, "220 go ahead") {
			return false
		}
		t.conn = tls.Server(t.conn, t.script.TLS)
		t.r = bufio.NewReader(t.conn)
	case "AUTH":
		t.note(func() { t.auths++ })
		return t.answer(verb, line, "235 2.7.0 welcome")
	case "MAIL":
		t.m = Message{From: between(line), Args: strings.TrimSpace(line[strings.IndexByte(line, '>')+1:])}
		t.note(func() { t.mails = append(t.mails, t.m.From) })
		return t.answer(verb, line, "250 2.1.0 ok")
	case "RCPT":
		ok := t.answerWith(verb, line, "250 2.1.5 ok", func(sent string) {
			if strings.HasPrefix(sent, "25") {
				t.m.To = append(t.m.To, between(line))
			}
		})
		return ok
	case "DATA":
		return t.data(line)
	case "RSET", "NOOP":
		return t.answer(verb, line, "250 2.0.0 ok")
	case "QUIT":
		_ = t.answer(verb, line, "221 2.0.0 bye")
		return false
	default:
		return t.answer(AuthLine, line, "500 5.5.1 what?")
	}
	return true
}

func (t *talk) data(line string) bool {
	begun := false
	if !t.answerWith("DATA", line, "354 go on", func(sent string) { begun = strings.HasPrefix(sent, "354") }) {
		return false
	}
	if !begun {
		return true
	}
	if !t.answerWith(Body, line, "", func(string) {}) {
		return false
	}
	var raw strings.Builder
	for {
		one, err := t.r.ReadString('\n')
		if err != nil {
			return false
		}
		if one == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(one, "."))
	}
	t.m.Raw, t.m.Size = []byte(raw.String()), int64(raw.Len())
	return t.answerWith(Dot, line, "250 2.0.0 queued", func(sent string) {
		if strings.HasPrefix(sent, "250") {
			t.note(func() { t.messages = append(t.messages, t.m) })
		}
	})
}

func (t *talk) answer(verb, line, usual string) bool {
	return t.answerWith(verb, line, usual, func(string) {})
}

// answerWith tells before what is about to be sent; so a message is on record before the client hears of it.
func (t *talk) answerWith(verb, line, usual string, before func(sent string)) bool {
	text := Default
	if t.script.Answer != nil {
		text = t.script.Answer(verb, line)
	}
	switch text {
	case Drop:
		return false
	case Abort:
		reset(t.conn)
		return false
	case Silence:
		t.hush()
		return false
	case Drip:
		t.drip(usual)
		return false
	case Default:
		text = usual
	}
	before(text)
	if text == "" {
		return true
	}
	if raw, ok := strings.CutPrefix(text, "!"); ok {
		_, err := io.WriteString(t.conn, raw)
		return err == nil
	}
	_, err := fmt.Fprintf(t.conn, "%s\r\n", text)
	return err == nil
}

// hush reads on without a word until the client leaves.
func (t *talk) hush() {
	_, _ = io.Copy(io.Discard, t.r)
}

// drip is never silent and never done, until the client leaves.
func (t *talk) drip(usual string) {
	_, err := io.WriteString(t.conn, usual[:min(3, len(usual))]+"-")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for err == nil {
		<-tick.C
		_, err = io.WriteString(t.conn, "x")
	}
}

// lines writes the lines of a reply to EHLO.
func lines(all []string) string {
	var b strings.Builder
	for i, one := range all {
		mark := "-"
		if i == len(all)-1 {
			mark = " "
		}
		b.WriteString("250" + mark + one)
		if i < len(all)-1 {
			b.WriteString("\r\n")
		}
	}
	return b.String()
}

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}
