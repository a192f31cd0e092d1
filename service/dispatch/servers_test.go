package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestServers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise    string
		down       func() *data.Outcome
		reply      *data.Outcome // of server 1 for the second of three recipients
		sent2      int           // recipients through server 2
		sent, fail int64
	}{
		{"server 1 dead: server 2 takes all", noAnswer, nil, 3, 3, 0},
		{"wrong password at server 1: server 2 takes all", wrongPassword, nil, 3, 3, 0},
		{"421 for the second recipient: server 2 takes what is open", nil, &data.Outcome{Kind: data.KindServer, Phase: data.PhaseRcpt, Code: 421}, 2, 3, 0},
		{"a 5xx for the second recipient is final", nil, &data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseRcpt, Code: 550, Blame: data.BlameRecipient}, 0, 2, 1},
		{"a 4xx for the second recipient is tried again by server 1", nil, busy(), 0, 2, 0},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			open(t, func(s *school) {
				s.set.Server2.Host = "backup.school.example"
				s.server[1].down = c.down
				s.server[1].reply = func(_ data.Message, to string) *data.Outcome {
					if to == "b@home.example" {
						return c.reply
					}
					return nil
				}
				s.put(data.ClassNotice, "notice", "a@home.example", "b@home.example", "c@home.example")
				s.putMany(data.ClassNotice, 1, "next")
				s.check(dispatch.Ask{})
				n := 0
				for _, y := range s.server[2].tries {
					if y.subject == "notice" {
						n++
					}
				}
				if n != c.sent2 {
					t.Errorf("%d recipients through server 2", n)
				}
				s.want(data.Sent, c.sent+1)
				s.want(data.Failed, c.fail)
				s.once()
				if len(s.server[1].dials) != 1 || len(s.server[2].dials) > 1 {
					t.Errorf("%d and %d connections", len(s.server[1].dials), len(s.server[2].dials))
				}
			})
		})
	}
	t.Run("server 1 is used again when its pause is over", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server2.Host = "backup.school.example"
			s.server[1].down = noAnswer
			s.putMany(data.ClassNotice, 10, "reader")
			s.check(dispatch.Ask{})
			s.server[1].down = nil
			pass(10 * time.Minute)
			s.putMany(data.ClassNotice, 3, "later")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 3 || sum.Trouble != nil || len(s.server[1].tries) != 3 {
				t.Errorf("%+v, %d through server 1", sum, len(s.server[1].tries))
			}
		})
	})
	t.Run("a connection the server ends politely is opened again", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			one := true
			s.server[1].reply = func(data.Message, string) *data.Outcome {
				if one = !one; one {
					return &data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseBody, Sentence: "The connection was lost."}
				}
				return nil
			}
			s.putMany(data.ClassNotice, 6, "reader")
			if sum := s.check(dispatch.Ask{}); sum.Sent != 3 || sum.Deferred != 3 || len(s.server[1].dials) != 3 {
				t.Errorf("%+v, %d connections", sum, len(s.server[1].dials))
			}
		})
	})
	t.Run("a test at a server that has had its recipients of the day says so", func(t *testing.T) {
		t.Parallel()
		open(t, func(s *school) {
			s.set.Server1.RecipientsDay = 2
			s.putMany(data.ClassNotice, 2, "reader")
			s.check(dispatch.Ask{})
			id := s.put(data.ClassTest, "test", "it@school.example")
			sum := s.check(dispatch.Ask{Message: id})
			d := s.delivery(id, "it@school.example")
			if sum.Failed != 1 || d.State != data.Failed || !strings.Contains(d.Reason, "2 recipients of the last 24 hours") {
				t.Errorf("%+v, %+v", sum, d)
			}
			if n := len(s.server[1].dials); n != 1 {
				t.Errorf("dialled %d times", n)
			}
		})
	})
	t.Run("a test has one try, through server 1, whatever is paused", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			down  func() *data.Outcome
			reply *data.Outcome
			state data.State
		}{
			{nil, nil, data.Sent}, {noAnswer, nil, data.Failed}, {wrongPassword, nil, data.Failed}, {nil, busy(), data.Failed},
		} {
			open(t, func(s *school) {
				s.set.Server2.Host = "backup.school.example"
				s.putMany(data.ClassNotice, 1, "reader")
				s.server[1].down = wrongPassword
				s.server[2].down = noAnswer
				s.check(dispatch.Ask{})
				s.server[1].down, s.server[1].reply = c.down, func(data.Message, string) *data.Outcome { return c.reply }
				s.server[2].down, s.server[2].dials = nil, nil
				id := s.put(data.ClassTest, "test", "it@school.example")
				if sum := s.check(dispatch.Ask{Message: id}); sum.Sent+sum.Failed != 1 {
					t.Errorf("%+v", sum)
				}
				if d := s.delivery(id, "it@school.example"); d.State != c.state || (c.state == data.Failed && d.Reason == "") {
					t.Errorf("%+v", d)
				}
				if len(s.server[2].dials) != 0 {
					t.Error("server 2 was asked")
				}
			})
		}
	})
}
