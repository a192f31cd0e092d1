package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestUncertain(t *testing.T) {
	t.Parallel()
	lost := func() *data.Outcome {
		return &data.Outcome{Kind: data.KindUncertain, Phase: data.PhaseDot, Sentence: "It may have arrived."}
	}
	t.Run("lost after the dot: once more in the slow range through the same server, then a person decides", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server2.Host = "backup.school.example"
			s.server[1].reply = func(data.Message, string) *data.Outcome { return lost() }
			id := s.put(data.ClassNotice, "notice", "reader@home.example")
			s.run(30 * time.Minute)
			if d := s.delivery(id, "reader@home.example"); d.State != data.Waiting || d.Bound != 1 || d.Uncertain != 1 {
				t.Errorf("%+v", d)
			}
			s.server[1].down = noAnswer
			s.run(3 * time.Hour)
			if n := len(s.server[2].tries); n != 0 {
				t.Errorf("went through server 2 %d times", n)
			}
			s.server[1].down = nil
			s.run(3 * time.Hour)
			d := s.delivery(id, "reader@home.example")
			if d.State != data.Held || !strings.Contains(d.Reason, "may have arrived") {
				t.Errorf("%+v", d)
			}
			if n := len(s.server[1].tries); n != 2 {
				t.Errorf("tried %d times", n)
			}
		})
	})
	t.Run("what was lost at server 2 goes there again although server 1 is well", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server2.Host = "backup.school.example"
			s.server[1].down = noAnswer
			s.server[2].reply = func(data.Message, string) *data.Outcome { return lost() }
			s.put(data.ClassNotice, "notice", "reader@home.example")
			s.check(dispatch.Ask{})
			s.server[1].down, s.server[2].reply = nil, nil
			s.run(30 * time.Minute)
			s.putMany(data.ClassNotice, 5, "other")
			s.run(90 * time.Minute)
			s.want(data.Sent, 6)
			if n := len(s.server[1].tries); n != 5 {
				t.Errorf("server 1 got %d", n)
			}
		})
	})
	t.Run("what was lost at a server that is gone from the settings is held", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server2.Host = "backup.school.example"
			s.server[1].down = noAnswer
			s.server[2].reply = func(data.Message, string) *data.Outcome { return lost() }
			id := s.put(data.ClassNotice, "notice", "reader@home.example")
			s.check(dispatch.Ask{})
			s.set.Server2 = data.Server{Number: 2}
			s.server[1].down = nil
			if err := s.d.Lift(s.t.Context()); err != nil {
				t.Fatal(err)
			}
			s.run(3 * time.Hour)
			if d := s.delivery(id, "reader@home.example"); d.State != data.Held {
				t.Errorf("%+v", d)
			}
			if n := len(s.server[1].tries); n != 0 {
				t.Errorf("server 1 got %d", n)
			}
		})
	})
	t.Run("two in a row leave the server alone: no queue is put in doubt", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(data.Message, string) *data.Outcome { return lost() }
			s.putMany(data.ClassNotice, 10, "reader")
			sum := s.check(dispatch.Ask{})
			if sum.Uncertain != 2 || sum.Trouble == nil {
				t.Errorf("%+v", sum)
			}
		})
	})
	t.Run("what a killed program had in its hands is uncertain and waits in the slow range", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			id := s.put(data.ClassNotice, "notice", "reader@home.example")
			now := s.now()
			w := data.Want{Now: now, Server: 1, Horizon: now, Lease: now, Recipients: 100}
			if c, err := s.store.Next(s.t.Context(), nil, &w); err != nil || c == nil {
				t.Fatal(c, err)
			}
			s.restart()
			d := s.delivery(id, "reader@home.example")
			if wait := d.Due.Sub(now); d.State != data.Waiting || d.Bound != 1 || wait < time.Hour || wait > 90*time.Minute {
				t.Errorf("%+v", d)
			}
		})
	})
}
