package dispatch_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestServerInTrouble(t *testing.T) {
	t.Parallel()
	t.Run("a wrong password for an hour with 300 waiting: one sign-in a step, nobody failed, all sent after the repair", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = wrongPassword
			s.putMany(data.ClassNotice, 300, "reader")
			begin := s.now()
			s.run(60*time.Minute, func(sum dispatch.Summary) {
				if sum.Trouble == nil || sum.Trouble.Code != 535 || sum.Server != 1 || sum.Failed != 0 || sum.Handed != 0 {
					t.Errorf("%+v", sum)
				}
			})
			var at []int
			for _, d := range s.server[1].dials {
				at = append(at, int(d.Sub(begin).Minutes()))
			}
			if !slices.Equal(at, []int{0, 15, 45}) {
				t.Errorf("signed in at minutes %v", at)
			}
			s.want(data.Waiting, 300)
			for i := range 100 {
				if d := s.delivery(int64(i+1), list(s, int64(i+1))); d.Attempts != 0 || d.Reason != "User name or password is wrong." {
					t.Fatalf("%+v", d)
				}
			}
			s.server[1].down = nil // somebody saves the right password
			if err := s.d.Lift(s.t.Context()); err != nil {
				t.Fatal(err)
			}
			s.run(89 * time.Minute)
			s.want(data.Sent, 300)
			s.want(data.Failed, 0)
			s.once()
			if sum := s.check(dispatch.Ask{}); sum.Trouble != nil {
				t.Errorf("still in trouble: %+v", sum.Trouble)
			}
		})
	})
	t.Run("a restart does not shorten the back-off", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = wrongPassword
			s.putMany(data.ClassNotice, 3, "reader")
			for range 14 {
				s.check(dispatch.Ask{})
				s.restart()
				pass(time.Minute)
			}
			if n := len(s.server[1].dials); n != 1 {
				t.Errorf("signed in %d times in 14 minutes", n)
			}
		})
	})
	t.Run("send now tries at once", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].down = wrongPassword
			s.putMany(data.ClassNotice, 3, "reader")
			s.check(dispatch.Ask{})
			s.server[1].down = nil
			if sum := s.check(dispatch.Ask{Now: true}); sum.Sent != 3 || sum.Trouble != nil {
				t.Errorf("%+v", sum)
			}
		})
	})
	t.Run("421 in the middle charges nobody and asks nobody twice", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			for _, phase := range []data.Phase{data.PhaseMail, data.PhaseRcpt, data.PhaseData, data.PhaseDot} {
				s.server[1].tries = nil
				s.server[1].reply = func(data.Message, string) *data.Outcome {
					return &data.Outcome{Kind: data.KindServer, Phase: phase, Code: 421, Pause: data.PauseShort, Sentence: "The mail server is busy."}
				}
				id := s.put(data.ClassDirect, "direct", "a@home.example", "b@home.example", "c@home.example")
				s.putMany(data.ClassNotice, 4, "reader")
				sum := s.check(dispatch.Ask{Now: true})
				if sum.Failed != 0 || sum.Deferred != 0 || len(s.server[1].tries) != 3 {
					t.Errorf("%s: %+v, %d tries", phase, sum, len(s.server[1].tries))
				}
				if d := s.delivery(id, "b@home.example"); d.State != data.Waiting || d.Attempts != 0 {
					t.Errorf("%s: %+v", phase, d)
				}
				s.server[1].reply = nil
				s.run(30 * time.Minute)
				s.want(data.Waiting, 0)
			}
			s.once()
		})
	})
	t.Run("one message that always ends the conversation does not stop the others", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(m data.Message, _ string) *data.Outcome {
				if m.Subject == "poison" {
					return &data.Outcome{Kind: data.KindServer, Phase: data.PhaseDot, Code: 421, Pause: data.PauseShort, Sentence: "The mail server is busy."}
				}
				return nil
			}
			id := s.put(data.ClassDirect, "poison", "x@home.example")
			s.putMany(data.ClassNotice, 60, "reader")
			s.check(dispatch.Ask{})
			states, err := s.store.ServerStates(s.t.Context())
			if d := s.delivery(id, "x@home.example"); err != nil || d.Due.Before(states[0].Until.Add(3*time.Minute)) {
				t.Errorf("due %v, first again after a pause until %v", d.Due, states[0].Until)
			}
			s.run(3 * time.Hour)
			s.want(data.Sent, 60)
			s.want(data.Waiting, 1)
		})
	})
	t.Run("a return mail the server does not want stops nobody", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(m data.Message, _ string) *data.Outcome {
				if m.Sender == "" {
					return &data.Outcome{Kind: data.KindServer, Phase: data.PhaseMail, Code: 550, Pause: data.PauseShort, Sentence: "Sender refused."}
				}
				return nil
			}
			s.put(data.ClassReturn, "return", "library@school.example")
			s.putMany(data.ClassNotice, 5, "reader")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 5 || sum.Trouble != nil {
				t.Errorf("%+v", sum)
			}
		})
	})
	t.Run("three refused alike go back to waiting and the server is left alone", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(data.Message, string) *data.Outcome {
				return &data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseDot, Code: 550, Enhanced: "5.7.26", Blame: data.BlameIT, Sentence: "Not verified."}
			}
			s.putMany(data.ClassNotice, 30, "reader")
			sum := s.check(dispatch.Ask{})
			if sum.Handed != 3 || sum.Failed != 0 || sum.Trouble == nil || sum.Trouble.Enhanced != "5.7.26" {
				t.Errorf("%+v", sum)
			}
			s.want(data.Failed, 0)
			s.want(data.Waiting, 30)
			s.run(5 * time.Hour)
			s.want(data.Failed, 0)
			s.server[1].reply = nil
			s.run(3 * time.Hour)
			s.want(data.Sent, 30)
			s.once()
		})
	})
	t.Run("three bad messages do not stop the good ones behind them", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.server[1].reply = func(m data.Message, _ string) *data.Outcome {
				if strings.HasPrefix(m.Subject, "bad") {
					return &data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseDot, Code: 554, Enhanced: "5.7.1", Blame: data.BlameIT, Sentence: "Unwanted."}
				}
				return nil
			}
			s.putMany(data.ClassDirect, 3, "bad")
			s.putMany(data.ClassLetter, 40, "good")
			s.run(time.Hour)
			s.want(data.Sent, 40)
		})
	})
}

func list(s *school, message int64) string {
	s.t.Helper()
	l, err := s.store.Deliveries(s.t.Context(), message)
	if err != nil || len(l) == 0 {
		s.t.Fatal(err)
	}
	return l[0].Recipient
}
