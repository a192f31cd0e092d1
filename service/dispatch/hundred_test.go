package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

// waits gives the time between two tries of every recipient, with the age of the delivery at the first of the two.
func (s *school) waits(f func(to string, age, wait time.Duration)) {
	first, last := map[string]time.Time{}, map[string]time.Time{}
	for _, y := range s.server[1].tries {
		if at, ok := last[y.to]; ok {
			f(y.to, at.Sub(first[y.to]), y.at.Sub(at))
		} else {
			first[y.to] = y.at
		}
		last[y.to] = y.at
	}
}

func TestHundredHours(t *testing.T) {
	t.Parallel()
	t.Run("a reader put off for 100 hours is tried in both ranges and given up once", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(data.Message, string) *data.Outcome { return busy() }
			s.putMany(data.ClassNotice, 5, "reader")
			s.run(99 * time.Hour)
			s.want(data.Failed, 0)
			s.run(6 * time.Hour)
			s.want(data.Failed, 5)
			short, slow := 0, 0
			s.waits(func(to string, age, wait time.Duration) {
				low, high := 3*time.Minute, 9*time.Minute
				if age >= time.Hour {
					low, high = 60*time.Minute, 90*time.Minute
					slow++
				} else {
					short++
				}
				if wait < low || wait >= high+3*time.Minute { // the next check may be an interval away
					t.Errorf("%s waited %v at age %v", to, wait, age)
				}
			})
			t.Logf("%d short and %d slow waits of 5 readers", short, slow)
			if short < 5*6 || slow < 5*60 {
				t.Errorf("%d short and %d slow waits", short, slow)
			}
			failed := map[int64]int{}
			for _, r := range s.recorded {
				for _, v := range r.Verdicts {
					if v.State == data.Failed {
						failed[v.Delivery]++
						if !strings.Contains(v.Outcome.Sentence, "100 hours") {
							t.Errorf("the reason does not say so: %q", v.Outcome.Sentence)
						}
					}
				}
			}
			for id, n := range failed {
				if n != 1 {
					t.Errorf("delivery %d was given up %d times", id, n)
				}
			}
			if len(failed) != 5 {
				t.Errorf("%d given up", len(failed))
			}
		})
	})
	t.Run("a server dead for 100 hours gives up every delivery once, after a fresh try", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = noAnswer
			s.set.MinutesBetweenChecks = 20
			s.putMany(data.ClassNotice, 40, "reader")
			s.run(99 * time.Hour)
			s.want(data.Failed, 0)
			s.want(data.Waiting, 40)
			failed := 0
			s.run(4*time.Hour, func(sum dispatch.Summary) {
				failed += sum.Failed
				if sum.Failed > 0 && !s.server[1].dials[len(s.server[1].dials)-1].After(s.now().Add(-time.Minute)) {
					t.Error("given up without a fresh try")
				}
			})
			s.want(data.Failed, 40)
			if failed != 40 {
				t.Errorf("%d given up", failed)
			}
		})
	})
	for promise, night := range map[string]func(*school){
		"only hours of running count: nights off give nobody up": (*school).restart,
		// Some systems let the monotonic clock run on while the computer sleeps.
		"nor do nights in which the computer slept": func(*school) {},
	} {
		t.Run(promise, func(t *testing.T) {
			t.Parallel()
			open(t, func(s *school) {
				s.server[1].reply = func(data.Message, string) *data.Outcome { return busy() }
				s.put(data.ClassNotice, "notice", "reader@home.example")
				s.set.MinutesBetweenChecks = 20
				for range 12 { // 8 hours a day
					s.run(8 * time.Hour)
					pass(16 * time.Hour)
					night(s)
				}
				s.want(data.Waiting, 1)
				s.run(16 * time.Hour)
				s.want(data.Failed, 1)
			})
		})
	}
	t.Run("a clock set a year ahead or a day back gives nobody up and stops nothing", func(t *testing.T) {
		t.Parallel()
		for _, jump := range []time.Duration{365 * 24 * time.Hour, -24 * time.Hour, -40 * time.Minute, time.Hour} {
			t.Run(jump.String(), func(t *testing.T) {
				t.Parallel()
				open(t, func(s *school) {
					s.server[1].reply = func(data.Message, string) *data.Outcome { return busy() }
					s.putMany(data.ClassNotice, 8, "reader")
					s.run(2 * time.Hour)
					s.putMany(data.ClassNotice, 3, "new")
					s.ahead += jump
					before := len(s.server[1].tries)
					s.run(12 * time.Minute)
					if n := len(s.server[1].tries) - before; n < 3 {
						t.Errorf("%d tries in 12 minutes: it stands still", n)
					}
					if n := len(s.server[1].tries) - before; n > 8+3*4 {
						t.Errorf("%d tries in 12 minutes: it hammers", n)
					}
					s.run(3 * time.Hour)
					s.want(data.Failed, 0)
					s.want(data.Waiting, 11)
					s.server[1].reply = nil
					s.run(2 * time.Hour)
					s.want(data.Sent, 11)
					s.once()
				})
			})
		}
	})
	t.Run("a back-off is as long as it was, whatever is done to the clock", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = wrongPassword
			s.putMany(data.ClassNotice, 3, "reader")
			s.check(dispatch.Ask{})
			s.ahead += 365 * 24 * time.Hour
			s.run(14 * time.Minute)
			if n := len(s.server[1].dials); n != 1 {
				t.Errorf("signed in %d times within 15 minutes", n)
			}
			s.ahead -= 2 * 365 * 24 * time.Hour
			s.run(6 * time.Minute)
			if n := len(s.server[1].dials); n != 2 {
				t.Errorf("signed in %d times in 20 minutes", n)
			}
		})
	})
}
