package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// reopened closes nothing: it is the store as another program sees it.
func reopened(t *testing.T, s *store.Store) *store.Store {
	t.Helper()
	b, err := store.Open(t.Context(), s.Path(), store.Options{})
	ok(t, err)
	t.Cleanup(func() { shut(t, b) })
	return b
}

func TestHeartbeat(t *testing.T) {
	s := made(t)
	h, err := s.Heartbeat(t.Context())
	ok(t, err)
	wantEqual(t, "before any", h, data.Heartbeat{})
	said := data.Heartbeat{PID: 42, Version: "1", Started: noon, NextCheck: noon.Add(time.Minute), Revision: 3, Trouble: "No server.", Remedy: "Enter one."}
	ok(t, s.Beat(t.Context(), said))
	h, err = reopened(t, s).Heartbeat(t.Context())
	ok(t, err)
	wantEqual(t, "as others see it", h, said)
}

func TestPace(t *testing.T) {
	s := made(t)
	p, err := s.Pace(t.Context())
	ok(t, err)
	wantEqual(t, "never begun", p, data.Pace{})
	ok(t, s.StartInterval(t.Context(), noon))
	p, err = reopened(t, s).Pace(t.Context())
	ok(t, err)
	wantEqual(t, "begun", p, data.Pace{Start: noon})
}

func TestRunningClock(t *testing.T) {
	s := made(t)
	for i, ran := range []time.Duration{time.Hour, 90 * time.Second, -time.Hour} {
		n, err := s.EndCheck(t.Context(), ran)
		ok(t, err)
		wantEqual(t, "checks", n, int64(i)+1)
	}
	b := reopened(t, s)
	running, err := b.Running(t.Context())
	ok(t, err)
	wantEqual(t, "it goes on over a restart and never back", running, time.Hour+90*time.Second)
	checks, err := b.Checks(t.Context())
	ok(t, err)
	wantEqual(t, "checks", checks, 3)
}

func TestServerStates(t *testing.T) {
	s := made(t)
	states, err := s.ServerStates(t.Context())
	ok(t, err)
	wantEqual(t, "nothing known", states, [2]data.ServerState{{Server: 1}, {Server: 2}})
	sick := data.ServerState{
		Server: 2, Until: noon.Add(time.Hour), Pause: data.PauseAuth, Step: 2, Since: noon,
		Outcome: data.Outcome{Kind: data.KindServer, Phase: data.PhaseAuth, Code: 535, Sentence: "Wrong password."},
	}
	ok(t, s.SaveServerState(t.Context(), data.ServerState{Server: 2, Step: 9}))
	ok(t, s.SaveServerState(t.Context(), sick))
	states, err = reopened(t, s).ServerStates(t.Context())
	ok(t, err)
	wantEqual(t, "after a restart", states, [2]data.ServerState{{Server: 1}, sick})
}

func TestLastTest(t *testing.T) {
	s := made(t)
	at, good, result, err := s.LastTest(t.Context())
	ok(t, err)
	if !at.IsZero() || good || result != "" {
		t.Errorf("before any: %v %v %q", at, good, result)
	}
	ok(t, s.SetLastTest(t.Context(), noon, true, "Delivered."))
	at, good, result, err = reopened(t, s).LastTest(t.Context())
	ok(t, err)
	if at != noon || !good || result != "Delivered." {
		t.Errorf("after: %v %v %q", at, good, result)
	}
}

func TestSyntheticClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Create(t.Context(), t.TempDir()+"/gateway.db", store.Options{})
		ok(t, err)
		begin := time.Now()
		<-time.After(100 * time.Hour)
		ok(t, s.Note(t.Context(), data.JournalLine{Text: "100 hours later"}))
		lines, err := s.Journal(t.Context(), 0, 0, 1)
		ok(t, err)
		wantEqual(t, "the store goes by the clock of the bubble", lines[0].At, begin.Add(100*time.Hour).UTC())
		ok(t, s.Close())
	})
}
