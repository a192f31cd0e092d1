package dispatch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestPace(t *testing.T) {
	t.Parallel()
	t.Run("10 messages every 3 minutes, exactly, over one connection each time", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 105, "reader")
			began := s.now()
			s.run(30 * time.Minute)
			s.want(data.Sent, 100)
			per := map[int]int{}
			for _, y := range s.server[1].tries {
				per[int(y.at.Sub(began)/(3*time.Minute))]++
			}
			for i := range 10 {
				if per[i] != 10 {
					t.Errorf("%d in interval %d", per[i], i+1)
				}
			}
			if n := len(s.server[1].dials); n != 10 {
				t.Errorf("%d connections", n)
			}
			s.run(3 * time.Minute)
			s.want(data.Sent, 105)
			s.once()
		})
	})
	t.Run("restart, crash and Save grant no second budget", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 50, "reader")
			s.set.MessagesEachCheck = 4
			if sum := s.check(dispatch.Ask{}); sum.Handed != 4 || !sum.Left {
				t.Errorf("%+v", sum)
			}
			for range 5 {
				pass(20 * time.Second)
				s.restart()
				if err := s.d.Lift(s.t.Context()); err != nil { // Save
					t.Fatal(err)
				}
				if sum := s.check(dispatch.Ask{}); sum.Handed != 0 || !sum.Left {
					t.Errorf("after a restart: %+v", sum)
				}
			}
			s.set.MessagesEachCheck = 6
			if sum := s.check(dispatch.Ask{}); sum.Handed != 2 {
				t.Errorf("raised by two: %+v", sum)
			}
			pass(s.next())
			if sum := s.check(dispatch.Ask{}); sum.Handed != 6 {
				t.Errorf("in the next interval: %+v", sum)
			}
		})
	})
	t.Run("a server that thinks we send too fast gets half as many, and half of that, until a day has passed without complaint", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 60, "reader")
			s.set.MessagesEachCheck = 8
			tooFast := func() *data.Outcome {
				return &data.Outcome{Kind: data.KindServer, Phase: data.PhaseMail, Code: 421, Enhanced: "4.7.0", Pause: data.PauseShort, Advice: data.AdviceSlower, Sentence: "Too fast."}
			}
			for _, want := range []int{4, 2, 1, 1, 1, 1, 1} {
				s.server[1].down = tooFast
				s.check(dispatch.Ask{Now: true})
				s.server[1].down = nil
				if sum := s.check(dispatch.Ask{Now: true}); sum.Handed != want {
					t.Errorf("%d handed, not %d", sum.Handed, want)
				}
			}
			pass(23 * time.Hour)
			if sum := s.check(dispatch.Ask{Now: true}); sum.Handed != 1 {
				t.Errorf("%d handed before the day was over", sum.Handed)
			}
			pass(2 * time.Hour)
			if sum := s.check(dispatch.Ask{Now: true}); sum.Handed != 8 {
				t.Errorf("%d handed a day later", sum.Handed)
			}
		})
	})
	t.Run("once and send now get a fresh budget and leave the interval's alone", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 50, "reader")
			for i, ask := range []dispatch.Ask{{}, {Fresh: true}, {Now: true}, {}} {
				want := 10
				if i == 3 {
					want = 0
				}
				if sum := s.check(ask); sum.Handed != want {
					t.Errorf("check %d: %+v", i, sum)
				}
			}
		})
	})
	t.Run("send now tries everything once, not the same thing again and again", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(data.Message, string) *data.Outcome { return busy() }
			s.putMany(data.ClassNotice, 4, "reader")
			for range 3 {
				s.server[1].tries = nil
				if sum := s.check(dispatch.Ask{Now: true}); sum.Deferred != 4 || len(s.server[1].tries) != 4 {
					t.Errorf("%+v, %d tries", sum, len(s.server[1].tries))
				}
				pass(time.Second)
			}
		})
	})
	t.Run("a message that comes in the middle of an interval goes at once while there is budget", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.check(dispatch.Ask{})
			pass(time.Minute)
			s.putMany(data.ClassNotice, 12, "reader")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 10 {
				t.Errorf("%+v", sum)
			}
			if wait := s.next(); wait != 2*time.Minute {
				t.Errorf("the interval ends in %v", wait)
			}
		})
	})
	t.Run("what is refused by a rule of ours costs no budget", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = noAnswer
			s.putMany(data.ClassNotice, 2, "reader")
			s.check(dispatch.Ask{})
			p, err := s.store.Pace(s.t.Context())
			if err != nil || p.Used != 0 {
				t.Errorf("%+v, %v", p, err)
			}
		})
	})
	t.Run("a check that is told enough ends after the message in hand", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.putMany(data.ClassNotice, 9, "reader")
			s.enough = func() bool { return len(s.server[1].tries) == 4 }
			if sum := s.check(dispatch.Ask{}); sum.Sent != 4 || !sum.Left {
				t.Errorf("%+v", sum)
			}
			s.want(data.Sending, 0)
			s.enough = nil
			if sum := s.check(dispatch.Ask{}); sum.Sent != 5 || sum.Left {
				t.Errorf("%+v", sum)
			}
		})
	})
}

func TestCap(t *testing.T) {
	t.Parallel()
	t.Run("no more recipients in any 24 hours than the cap, the rest is carried over, server 2 is not asked", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server1.RecipientsDay, s.set.Server2.Host = 25, "backup.school.example"
			s.putMany(data.ClassNotice, 20, "reader")
			var many []string
			for i := range 40 {
				many = append(many, fmt.Sprintf("guardian%d@home.example", i))
			}
			s.put(data.ClassNotice, "many", many...)
			s.putMany(data.ClassNotice, 5, "late")
			capped := false
			s.run(75*time.Hour, func(sum dispatch.Summary) { capped = capped || sum.Capped })
			s.want(data.Sent, 65)
			s.once()
			if !capped || len(s.server[2].tries) != 0 {
				t.Errorf("capped %v, %d through server 2", capped, len(s.server[2].tries))
			}
			tries := s.server[1].tries
			for i := range tries {
				n := 0
				for _, y := range tries[i:] {
					if y.at.Sub(tries[i].at) < 24*time.Hour-time.Minute {
						n++
					}
				}
				if n > 25 {
					t.Fatalf("%d recipients in 24 hours from %v", n, tries[i].at)
				}
			}
			if tries[24].at.Sub(tries[0].at) > 10*time.Minute {
				t.Errorf("the cap was not used up at once")
			}
		})
	})
	t.Run("recipients that were refused do not use it up", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server1.RecipientsDay = 2
			s.server[1].reply = func(_ data.Message, to string) *data.Outcome {
				if strings.HasPrefix(to, "no") {
					return &data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseRcpt, Code: 550, Enhanced: "5.1.1", Blame: data.BlameRecipient}
				}
				return nil
			}
			s.putMany(data.ClassNotice, 6, "no")
			s.putMany(data.ClassLetter, 3, "yes")
			if sum := s.check(dispatch.Ask{}); sum.Failed != 6 || sum.Sent != 2 || !sum.Capped {
				t.Errorf("%+v", sum)
			}
		})
	})
}

func TestOrder(t *testing.T) {
	t.Parallel()
	t.Run("the most urgent goes first", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			for i := range 8 {
				s.put(data.Class(7-i), data.Class(7-i).String(), "reader@home.example")
			}
			s.check(dispatch.Ask{})
			var order []string
			for _, y := range s.server[1].tries {
				order = append(order, y.subject)
			}
			if got := strings.Join(order, " "); got != "test return log direct notice dropped letter bulk" {
				t.Error(got)
			}
		})
	})
	t.Run("300 deferred do not hold back today's mail, nor it them", func(t *testing.T) {
		t.Parallel()
		for _, each := range []int{10, 1} {
			t.Run(fmt.Sprint(each, " each check"), func(t *testing.T) {
				t.Parallel()
				open(t, func(s *school) {
					s.server[1].reply = func(data.Message, string) *data.Outcome { return busy() }
					s.putMany(data.ClassNotice, 300, "old")
					s.set.MessagesEachCheck = 300
					s.check(dispatch.Ask{})
					s.set.MessagesEachCheck = each
					s.server[1].reply, s.server[1].tries = nil, nil
					pass(15 * time.Minute)
					s.putMany(data.ClassNotice, 20, "new")
					s.run(time.Duration(40/each*3) * time.Minute)
					olds, news := 0, 0
					for _, y := range s.server[1].tries {
						if strings.HasPrefix(y.subject, "new") {
							news++
						} else {
							olds++
						}
						if d := news - olds; d > 1 || d < -1 {
							t.Fatalf("%d new and %d old", news, olds)
						}
					}
					if news != 20 || olds != 20 {
						t.Errorf("%d new and %d old", news, olds)
					}
				})
			})
		}
	})
	t.Run("network down for three days, then up: everything once, at the pace, urgent first", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = noAnswer
			s.putMany(data.ClassLetter, 120, "letter")
			s.putMany(data.ClassNotice, 60, "notice")
			s.run(72 * time.Hour)
			s.want(data.Waiting, 180)
			s.putMany(data.ClassDirect, 5, "direct")
			s.server[1].down = nil
			s.run(12 * time.Minute)
			s.run(60 * time.Minute)
			s.want(data.Sent, 185)
			s.once()
			rank, at := map[string]int{"direct": 0, "notice": 1, "letter": 2}, map[int64]int{}
			last := 0
			for _, y := range s.server[1].tries {
				class, _, _ := strings.Cut(y.subject, " ")
				if rank[class] < last {
					t.Fatalf("%s comes too late", class)
				}
				last = rank[class]
				at[y.at.Unix()/180]++
			}
			for i, n := range at {
				if n > 10 {
					t.Errorf("%d in interval %d", n, i)
				}
			}
		})
	})
}
