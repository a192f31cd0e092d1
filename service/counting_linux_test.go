package main

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
)

// moment is a point of the conversation at which somebody may pull the plug.
type moment string

const (
	atMail     moment = "MAIL"
	atRcpt     moment = "RCPT"
	inBody     moment = "the body"
	afterDot   moment = "after the dot"
	afterReply moment = "after 250"
)

// countingServer is a mail server that counts what it took, by Message-ID, and can be told to call when a
// conversation reaches a moment. A message counts as taken when its final dot was read, whatever happens then: the
// worst case.
type countingServer struct {
	port int

	mu    sync.Mutex
	taken map[string]int
	at    moment
	skip  int    // messages to let through before
	call  func() // at the moment, before the server says another word
}

func startCounting(t *testing.T) *countingServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &countingServer{port: l.Addr().(*net.TCPAddr).Port, taken: make(map[string]int)}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return s
}

// trap sets what happens next; a nil call disarms it.
func (s *countingServer) trap(at moment, skip int, call func()) {
	s.mu.Lock()
	s.at, s.skip, s.call = at, skip, call
	s.mu.Unlock()
}

func (s *countingServer) count(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken[id]
}

// reach is told of every moment; the trap springs once.
func (s *countingServer) reach(m moment) {
	s.mu.Lock()
	call := s.call
	if call == nil || m != s.at {
		s.mu.Unlock()
		return
	}
	if s.skip > 0 {
		s.skip--
		s.mu.Unlock()
		return
	}
	s.call = nil
	s.mu.Unlock()
	call()
}

func (s *countingServer) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	r := bufio.NewReader(c)
	say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) }
	say("220 counting ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(line[:min(4, len(line))]); verb {
		case "EHLO":
			say("250-counting\r\n250 8BITMIME")
		case "MAIL":
			s.reach(atMail)
			say("250 ok")
		case "RCPT":
			s.reach(atRcpt)
			say("250 ok")
		case "DATA":
			say("354 go on")
			id, whole := s.body(r)
			if !whole {
				return
			}
			s.mu.Lock()
			s.taken[id]++
			s.mu.Unlock()
			s.reach(afterDot)
			say("250 taken")
			s.reach(afterReply)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *countingServer) body(r *bufio.Reader) (id string, whole bool) {
	for first := true; ; first = false {
		line, err := r.ReadString('\n')
		if err != nil {
			return id, false
		}
		if first {
			s.reach(inBody)
		}
		if line == ".\r\n" {
			return id, true
		}
		if v, ok := strings.CutPrefix(strings.ToLower(line), "message-id:"); ok && id == "" {
			id = strings.TrimSpace(v)
		}
	}
}
