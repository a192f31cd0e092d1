package screentest

import (
	"bytes"
	"context"
	"io"
	"sync"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

// Sender pretends to read what the school's domain tells the world.
type Sender struct {
	mu       sync.Mutex
	real     screen.SenderChecker
	report   data.SenderReport
	evidence data.Evidence
	wait     chan struct{}
	asked    []data.SenderQuestion
	read     []string
}

// Use lets another one do it.
func (s *Sender) Use(other screen.SenderChecker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.real = other
}

// Finds sets what is found from now on. wait, unless it is nil, holds the answer back until it is closed.
func (s *Sender) Finds(r data.SenderReport, wait chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report, s.wait = r, wait
}

// Reads sets what a received mail shows from now on.
func (s *Sender) Reads(e data.Evidence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.evidence = e
}

// Asked lists what was asked.
func (s *Sender) Asked() []data.SenderQuestion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]data.SenderQuestion(nil), s.asked...)
}

// Mails lists the mails that were read.
func (s *Sender) Mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.read...)
}

// Check gives what was set.
func (s *Sender) Check(ctx context.Context, q data.SenderQuestion) data.SenderReport {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	r, wait, other := s.report, s.wait, s.real
	s.mu.Unlock()
	if other != nil {
		return other.Check(ctx, q)
	}
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
		}
	}
	if r.From == "" {
		r.From = q.From
	}
	return r
}

// Received gives what was set.
func (s *Sender) Received(mail io.Reader) data.Evidence {
	text, _ := io.ReadAll(mail)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = append(s.read, string(text))
	if s.real != nil {
		return s.real.Received(bytes.NewReader(text))
	}
	return s.evidence
}
