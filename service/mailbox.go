package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// mailbox is the demo's school: a real SMTP server on loopback that keeps every message as an .eml file. It knows
// nobody whose name begins with user-unknown, and asks once to come back later for Cordelia.
type mailbox struct {
	dir    string
	server *smtp.Server
	port   string

	mu    sync.Mutex
	n     int
	asked map[string]bool
}

func openMailbox(ctx context.Context, dir string) (*mailbox, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, err
	}
	m := &mailbox{dir: dir, port: port, asked: make(map[string]bool)}
	m.server = smtp.NewServer(m)
	m.server.Domain = "mail.example.org"
	m.server.ReadTimeout, m.server.WriteTimeout = time.Minute, time.Minute
	m.server.MaxMessageBytes = 64 << 20
	m.server.ErrorLog = quietLog{}
	go func() { _ = m.server.Serve(l) }()
	return m, nil
}

// Close ends the server; what it kept stays.
func (m *mailbox) Close() error { return m.server.Close() }

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}

// NewSession begins a conversation.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailboxSession{box: m}, nil }

type mailboxSession struct {
	box *mailbox
	to  []string
}

func (s *mailboxSession) Mail(string, *smtp.MailOptions) error { return nil }

func (s *mailboxSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "user-unknown"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user here"}
	case strings.HasPrefix(to, "cordelia"):
		s.box.mu.Lock()
		asked := s.box.asked[to]
		s.box.asked[to] = true
		s.box.mu.Unlock()
		if !asked {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, come back later"}
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *mailboxSession) Data(r io.Reader) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	name := filepath.Join(s.box.dir, fmt.Sprintf("%03d.eml", s.box.n+1))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- our own folder and number
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	s.box.n++
	return nil
}

func (s *mailboxSession) Reset()        { s.to = nil }
func (s *mailboxSession) Logout() error { return nil }

// quietLog: the demo shows what the gateway says, not what the server says of its clients.
type quietLog struct{}

func (quietLog) Printf(string, ...any) {}
func (quietLog) Println(...any)        {}
