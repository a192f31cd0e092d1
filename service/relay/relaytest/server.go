package relaytest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"smtpgateway/data"
)

// User and Password sign in at a server whose Script names none.
const (
	User     = "library"
	Password = "pa ss§word"
)

// Script is what an honest server does. The zero value takes everything in clear and wants no sign-in. The functions may
// block; they run on the connection's goroutine.
type Script struct {
	Security   data.Security // none, starttls or tls
	Identity   Identity
	TLS        *tls.Config // instead of Identity
	Auth       []string    // mechanisms offered: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2, or unknown ones
	User       string
	Password   string
	Token      func(user, token string) bool // which tokens XOAUTH2 takes; nil: none
	AuthError  error                         // answer to every sign-in
	MaxBytes   int64                         // SIZE
	SMTPUTF8   bool
	Discard    bool // keep no bodies
	AuthInTLS  bool // offer sign-in only on a protected connection
	Hello      func() error
	Mail       func(from string) error
	Rcpt       func(to string) error
	BodyBegins func()                // after 354
	Data       func(m Message) error // after the body, before the answer to the dot
	Reset      func()
	Accepted   chan<- Message // told after each message taken, before the answer leaves
}

// Reply is a refusal: Reply(550, "5.1.1", "No such user").
func Reply(code int, enhanced, text string) error {
	e := &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	if enhanced != "" {
		if n, err := fmt.Sscanf(enhanced, "%d.%d.%d", &e.EnhancedCode[0], &e.EnhancedCode[1], &e.EnhancedCode[2]); n != 3 || err != nil {
			panic("relaytest: not an enhanced code: " + enhanced)
		}
	}
	return e
}

// Server is a running server.
type Server struct {
	*record
	Host        string
	Port        int
	Certificate tls.Certificate // zero: none
	script      Script
}

// Start runs a server until the test ends.
func Start(t testing.TB, script Script) *Server {
	t.Helper()
	s := &Server{record: newRecord(), script: script}
	if s.script.User == "" {
		s.script.User, s.script.Password = User, Password
	}
	if script.Security == data.SecuritySTARTTLS || script.Security == data.SecurityTLS {
		if script.TLS == nil {
			s.Certificate = Certificate(t, script.Identity)
			s.script.TLS = &tls.Config{Certificates: []tls.Certificate{s.Certificate}, MinVersion: tls.VersionTLS12}
		} else if len(script.TLS.Certificates) > 0 {
			s.Certificate = script.TLS.Certificates[0]
		}
	}
	server := smtp.NewServer(s)
	server.Domain = "mail.school.test"
	server.AllowInsecureAuth = !script.AuthInTLS
	server.MaxMessageBytes = script.MaxBytes
	server.EnableSMTPUTF8 = script.SMTPUTF8
	server.MaxRecipients = 0
	server.MaxLineLength = 12288 // RFC 4954 4: tokens are long
	server.ErrorLog = log.New(io.Discard, "", 0)
	if script.Security == data.SecuritySTARTTLS {
		server.TLSConfig = s.script.TLS
	}
	l := listen(t, s.record)
	s.Host, s.Port = hostPort(l)
	if script.Security == data.SecurityTLS {
		l = tls.NewListener(l, s.script.TLS)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		_ = server.Close()
		s.CloseConnections()
		running.Wait()
	})
	return s
}

// Config is the setting that speaks with this server; the sign-in is filled in when the server offers one.
func (s *Server) Config() data.Server {
	c := data.Server{Number: 1, Host: s.Host, Port: s.Port, Security: s.script.Security, Auth: data.AuthAuto}
	if c.Security == "" {
		c.Security = data.SecurityNone
	}
	if len(s.script.Auth) > 0 {
		c.User, c.Password = s.script.User, data.Secret(s.script.Password)
	}
	return c
}

// NewSession is go-smtp's way of saying that somebody said EHLO.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) {
	if s.script.Hello != nil {
		if err := s.script.Hello(); err != nil {
			return nil, err
		}
	}
	base := session{Server: s}
	if len(s.script.Auth) > 0 {
		return &authSession{base}, nil
	}
	return &base, nil
}

type session struct {
	*Server
	current Message
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.note(func() { s.mails = append(s.mails, from) })
	if s.script.Mail != nil {
		if err := s.script.Mail(from); err != nil {
			return err
		}
	}
	s.current = Message{From: from, Args: fmt.Sprintf("SIZE=%d BODY=%s SMTPUTF8=%v", o.Size, o.Body, o.UTF8)}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.script.Rcpt != nil {
		if err := s.script.Rcpt(to); err != nil {
			return err
		}
	}
	s.current.To = append(s.current.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	if s.script.BodyBegins != nil {
		s.script.BodyBegins()
	}
	m := s.current
	var keep strings.Builder
	var w io.Writer = &keep
	if s.script.Discard {
		w = io.Discard
	}
	n, err := io.Copy(w, r)
	if err != nil {
		return err
	}
	m.Size = n
	if !s.script.Discard {
		m.Raw = []byte(keep.String())
	}
	if s.script.Data != nil {
		if err := s.script.Data(m); err != nil {
			return err
		}
	}
	s.note(func() { s.messages = append(s.messages, m) })
	if s.script.Accepted != nil {
		s.script.Accepted <- m
	}
	return nil
}

func (s *session) Reset() {
	s.current = Message{}
	if s.script.Reset != nil {
		s.script.Reset()
	}
}

func (s *session) Logout() error { return nil }

type authSession struct{ session }

func (s *authSession) AuthMechanisms() []string { return s.script.Auth }

func (s *authSession) Auth(name string) (sasl.Server, error) {
	s.note(func() { s.auths++ })
	if s.script.AuthError != nil {
		return nil, s.script.AuthError
	}
	ok := func() { s.note(func() { s.logins = append(s.logins, name) }) }
	if name == "XOAUTH2" {
		return &tokenServer{good: s.script.Token, ok: ok}, nil
	}
	return mechanism(name, s.script.User, s.script.Password, ok)
}

func newRecord() *record {
	return &record{open: make(map[net.Conn]struct{}), closed: make(chan struct{}, 1<<16)}
}

func listen(t testing.TB, rec *record) net.Listener {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return &watching{Listener: l, rec: rec}
}

func hostPort(l net.Listener) (string, int) {
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		panic(errors.New("relaytest: not a TCP listener"))
	}
	return a.IP.String(), a.Port
}
