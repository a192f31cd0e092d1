package dispatch_test

import (
	"context"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	t.Run("a full disk between the server's yes and ours: kept in mind, nothing sent meanwhile, nothing twice", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 5, "reader")
			s.queue.full = func(res *data.Result) bool { return res != nil }
			for i := range 4 {
				_, err := s.d.Check(s.t.Context(), s.set, dispatch.Ask{Now: i == 2})
				if data.CodeOf(err) != data.CodeDiskFull {
					t.Errorf("check %d: %v", i, err)
				}
				if n := len(s.server[1].tries); n != 1 {
					t.Errorf("%d sent while the disk is full", n)
				}
				if wait := s.next(); wait > 30*time.Second {
					t.Errorf("looks again in %v only", wait)
				}
			}
			if err := s.d.Flush(s.t.Context()); data.CodeOf(err) != data.CodeDiskFull {
				t.Errorf("flush: %v", err)
			}
			s.want(data.Sending, 1)
			s.queue.full = nil
			s.check(dispatch.Ask{})
			s.want(data.Sent, 5)
			s.once()
			if len(s.recorded) != 5 {
				t.Errorf("%d results were told", len(s.recorded))
			}
		})
	})
	t.Run("another program holds the database for a while: it is waited for, and nothing is uncertain", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 5, "reader")
			n := 0
			s.queue.busy = func(*data.Result) bool { n++; return n%4 != 0 }
			if sum := s.check(dispatch.Ask{}); sum.Sent != 5 || sum.Uncertain != 0 {
				t.Errorf("%+v", sum)
			}
			s.want(data.Sent, 5)
			s.once()
			if n := len(s.server[1].dials); n != 1 {
				t.Errorf("dialled %d times", n)
			}
		})
	})
	t.Run("and for long: kept in mind, nothing sent meanwhile, recorded as soon as it can be", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 5, "reader")
			s.queue.busy = func(res *data.Result) bool { return res != nil }
			for range 3 {
				if _, err := s.d.Check(s.t.Context(), s.set, dispatch.Ask{Now: true}); data.CodeOf(err) != data.CodeBusy {
					t.Errorf("got %v", err)
				}
			}
			if n := len(s.server[1].tries); n != 1 {
				t.Errorf("%d sent while nothing can be recorded", n)
			}
			n := 0
			s.queue.busy = func(*data.Result) bool { n++; return n < 3 }
			if err := s.d.Flush(s.t.Context()); err != nil {
				t.Errorf("flush: %v", err)
			}
			s.want(data.Sent, 1)
			s.check(dispatch.Ask{})
			s.want(data.Sent, 5)
			s.once()
		})
	})
	t.Run("a stop does not wait for the database longer than for one try, and loses nothing", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			ctx, stop := context.WithCancel(s.t.Context())
			s.put(data.ClassNotice, "notice", "a@home.example")
			tries := 0
			s.queue.busy = func(res *data.Result) bool {
				if res == nil {
					return false
				}
				stop()
				tries++
				return tries == 1
			}
			if _, err := s.d.Check(ctx, s.set, dispatch.Ask{}); data.CodeOf(err) != data.CodeBusy || tries != 1 {
				t.Errorf("%v, %d tries", err, tries)
			}
			if err := s.d.Flush(s.t.Context()); err != nil {
				t.Error(err)
			}
			s.want(data.Sent, 1)
		})
	})
	t.Run("nobody is dialled for what cannot be marked", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 5, "reader")
			s.queue.full = func(*data.Result) bool { return true }
			if _, err := s.d.Check(s.t.Context(), s.set, dispatch.Ask{}); err == nil {
				t.Error("no word of it")
			}
			if n := len(s.server[1].dials); n != 0 {
				t.Errorf("dialled %d times", n)
			}
		})
	})
	t.Run("a stop in the middle of a message records what is true", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			promise   string
			reply     data.Outcome
			state     data.State
			uncertain int
		}{
			{"finished", data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot, Code: 250}, data.Sent, 0},
			{"cut before the dot", data.Outcome{Kind: data.KindServer, Phase: data.PhaseBody, Pause: data.PauseShort}, data.Waiting, 0},
			{"cut after the dot", data.Outcome{Kind: data.KindUncertain, Phase: data.PhaseDot}, data.Waiting, 1},
		} {
			t.Run(c.promise, func(t *testing.T) {
				t.Parallel()
				open(t, func(s *school) {
					ctx, stop := context.WithCancel(s.t.Context())
					s.server[1].during = func(context.Context, data.Message) { stop() }
					s.server[1].reply = func(data.Message, string) *data.Outcome { return &c.reply }
					id := s.put(data.ClassDirect, "direct", "reader@home.example")
					s.putMany(data.ClassNotice, 3, "later")
					if _, err := s.d.Check(ctx, s.set, dispatch.Ask{}); err != nil {
						t.Error(err)
					}
					d := s.delivery(id, "reader@home.example")
					if d.State != c.state || d.Uncertain != c.uncertain {
						t.Errorf("%+v", d)
					}
					if d.State == data.Waiting && d.Uncertain == 0 && d.Attempts != 0 {
						t.Errorf("charged for our own stop: %+v", d)
					}
					s.want(data.Sending, 0)
					if n := len(s.server[1].tries); n != 1 {
						t.Errorf("%d tries after the stop", n)
					}
					states, err := s.store.ServerStates(s.t.Context())
					if err != nil || !states[0].Until.IsZero() {
						t.Errorf("the server is blamed for our stop: %+v, %v", states[0], err)
					}
				})
			})
		}
	})
	t.Run("three recipients, one put off: two sent now and never again", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			first := true
			s.server[1].reply = func(_ data.Message, to string) *data.Outcome {
				if to == "b@home.example" && first {
					first = false
					return busy()
				}
				return nil
			}
			id := s.put(data.ClassNotice, "notice", "a@home.example", "b@home.example", "c@home.example")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 2 || sum.Deferred != 1 {
				t.Errorf("%+v", sum)
			}
			if d := s.delivery(id, "b@home.example"); d.State != data.Waiting || d.Attempts != 1 {
				t.Errorf("%+v", d)
			}
			s.run(15 * time.Minute)
			s.want(data.Sent, 3)
			s.once()
			if n := len(s.server[1].tries); n != 4 {
				t.Errorf("%d tries", n)
			}
		})
	})
	t.Run("recipients not offered are offered in the same check", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			n := 0
			s.server[1].reply = func(data.Message, string) *data.Outcome {
				if n++; n == 2 {
					return &data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseRcpt, Sentence: "The connection was lost."}
				}
				return nil
			}
			s.put(data.ClassNotice, "notice", "a@home.example", "b@home.example", "c@home.example")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 2 || sum.Deferred != 1 {
				t.Errorf("%+v", sum)
			}
		})
	})
	t.Run("a server that never gets to the recipients does not make us go round in circles", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(data.Message, string) *data.Outcome {
				return &data.Outcome{Kind: data.KindUntouched, Phase: data.PhaseRcpt}
			}
			s.putMany(data.ClassNotice, 5, "reader")
			s.check(dispatch.Ask{})
			if n := len(s.server[1].tries); n != 1 {
				t.Errorf("%d tries", n)
			}
		})
	})
	t.Run("practice mode sends nothing for real", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Practice = true
			s.putMany(data.ClassNotice, 5, "reader")
			s.put(data.ClassLog, "log", "library@school.example")
			s.check(dispatch.Ask{Now: true})
			if n := len(s.server[1].tries); n != 1 || s.server[1].tries[0].subject != "log" {
				t.Errorf("%+v", s.server[1].tries)
			}
		})
	})
	t.Run("while letters are practised no real one leaves", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.PracticeLetters = true
			s.putMany(data.ClassNotice, 3, "reader")
			s.put(data.ClassDropped, "dropped", "reader@school.example")
			s.check(dispatch.Ask{Now: true})
			if n := len(s.server[1].tries); n != 1 || s.server[1].tries[0].subject != "dropped" {
				t.Errorf("%+v", s.server[1].tries)
			}
		})
	})
	t.Run("without a server nothing is tried and the next step is named", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server1.Host = ""
			if _, err := s.d.Check(s.t.Context(), s.set, dispatch.Ask{}); data.CodeOf(err) != data.CodeNotConfigured {
				t.Error(err)
			}
		})
	})
}
