package main

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin/signintest"
)

// TestKilledWhileRenewing: the other side has rotated the refresh token, and the program dies before it could keep the
// new one. Nothing is lost, nothing goes round in circles, and a person signs in again.
func TestKilledWhileRenewing(t *testing.T) {
	exe := program(t)
	for _, c := range []struct {
		name string
		keep bool // the refresh token stays, as with Google
	}{{"a service that rotates, as Microsoft", false}, {"a service that does not, as Google", true}} {
		t.Run(c.name, func(t *testing.T) {
			s := newTokenSchool(t)
			if code, out := s.google(); code != exitOK {
				t.Fatal(out)
			}
			s.post("Overdue", "p@example.org")
			running := make(chan *proc, 1)
			s.web.Behave(func(r *signintest.Rules) {
				r.KeepRefresh = c.keep
				r.BeforeAnswer = func() {
					p := <-running
					_ = p.Process.Kill()
					<-p.over
				}
			})
			p := s.spawn(nil, exe, "--data", s.data, "once")
			running <- p
			if code := p.code(); code != -1 {
				t.Fatalf("it was to be killed, and ended with %d: %s", code, p.output())
			}
			s.web.Behave(func(r *signintest.Rules) { r.BeforeAnswer = nil })
			asked := len(s.web.Forms())
			s.run("once")
			s.retryEach() // it was claimed: what may have arrived waits long, or for a person
			for range 3 {
				s.run("once")
			}
			if !c.keep {
				n := s.states()
				if n[data.Waiting] != 1 || len(s.mail.Messages()) != 0 || !strings.Contains(s.status().Trouble, "no longer accepts") {
					t.Fatalf("%v %q", n, s.status().Trouble)
				}
				if again := len(s.web.Forms()) - asked; again > 3 {
					t.Errorf("asked %d times in 3 checks", again)
				}
				if code, out := s.google(); code != exitOK {
					t.Fatal(out)
				}
				s.retryEach()
				s.ok("once")
			}
			if len(s.mail.Messages()) != 1 {
				t.Fatalf("%d messages: %v", len(s.mail.Messages()), s.states())
			}
		})
	}
}
