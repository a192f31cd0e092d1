package dispatch_test

import (
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestPauseFor(t *testing.T) {
	t.Parallel()
	auth := data.Outcome{Kind: data.KindServer, Phase: data.PhaseAuth, Code: 535, Pause: data.PauseAuth}
	t.Run("a wrong password is tried after 15 minutes, doubling to 4 hours", func(t *testing.T) {
		t.Parallel()
		s := data.ServerState{Server: 1}
		for i, want := range []int{15, 30, 60, 120, 240, 240, 240} {
			now := start.Add(time.Duration(i) * 5 * time.Hour)
			s = dispatch.PauseFor(s, auth, now, false, dice())
			if got := s.Until.Sub(now); got != time.Duration(want)*time.Minute {
				t.Errorf("pause %d is %v, want %d minutes", i+1, got, want)
			}
			if !s.Since.Equal(start) || s.Server != 1 {
				t.Errorf("pause %d: trouble since %v of server %d", i+1, s.Since, s.Server)
			}
		}
	})
	t.Run("a person's try does not lengthen it", func(t *testing.T) {
		t.Parallel()
		s := dispatch.PauseFor(data.ServerState{Server: 1}, auth, start, false, dice())
		for range 5 {
			s = dispatch.PauseFor(s, auth, start, true, dice())
		}
		if got := s.Until.Sub(start); got != 15*time.Minute {
			t.Errorf("left alone for %v", got)
		}
	})
	t.Run("another kind of trouble begins anew", func(t *testing.T) {
		t.Parallel()
		s := dispatch.PauseFor(data.ServerState{Server: 1, Pause: data.PauseAuth, Step: 5, Since: start}, data.Outcome{Kind: data.KindServer}, start, false, dice())
		if s.Step != 1 || s.Pause != data.PauseShort {
			t.Errorf("%+v", s)
		}
		if wait := s.Until.Sub(start); wait < 3*time.Minute || wait > 9*time.Minute {
			t.Errorf("left alone for %v", wait)
		}
	})
	t.Run("a used-up allowance waits an hour", func(t *testing.T) {
		t.Parallel()
		for _, s := range []data.ServerState{{}, {Pause: data.PauseQuota, Step: 9}} {
			s = dispatch.PauseFor(s, data.Outcome{Kind: data.KindServer, Pause: data.PauseQuota}, start, false, dice())
			if s.Until.Sub(start) != time.Hour {
				t.Errorf("left alone for %v", s.Until.Sub(start))
			}
		}
	})
	t.Run("a step beyond counting is still 4 hours", func(t *testing.T) {
		t.Parallel()
		s := dispatch.PauseFor(data.ServerState{Pause: data.PauseAuth, Step: 1 << 30}, auth, start, false, dice())
		if s.Until.Sub(start) != 4*time.Hour {
			t.Errorf("left alone for %v", s.Until.Sub(start))
		}
	})
}
