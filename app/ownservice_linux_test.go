package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// builtService builds the real service once for all tests of the package.
var builtService = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "smtp-gateway-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	path := filepath.Join(dir, programName)
	c := exec.Command("go", "build", "-o", path, "smtpgateway/service")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

var builtIn string // where it was built; empty: not yet

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// own is a service on a data folder of its own, with settings.
func own(t *testing.T, settings map[string]string) *ownService {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs the real service")
	}
	p := place.At(filepath.Join(t.TempDir(), "data"))
	st, err := house.Open(t.Context(), p, true, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if len(settings) > 0 {
		if _, err := st.SaveSettings(t.Context(), settings, store.AnyRevision); err != nil {
			t.Fatal(err)
		}
	}
	s := newOwnService(p)
	s.program = builtService
	t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("the service stays: %v", err)
		}
	})
	return s
}

var usable = map[string]string{
	"server1.host": "127.0.0.1", "server1.port": "9", "server1.security": "none", "server1.allow_insecure": "true",
	"from.address": "library@school.test", "test_to": "it@school.test", "log.daily_at": "",
}

func state(t *testing.T, s *ownService) screen.ServiceState {
	t.Helper()
	st, err := s.Status(t.Context())
	if err != nil || !st.ByHand || st.Auto {
		t.Fatalf("%+v, %v", st, err)
	}
	return st.State
}

func TestOwnService(t *testing.T) {
	t.Run("it starts, says so, and stops", func(t *testing.T) {
		s := own(t, usable)
		if got := state(t, s); got != screen.ServiceStopped {
			t.Fatalf("before: %s", got)
		}
		for range 2 { // the second is no mistake
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := state(t, s); got != screen.ServiceRunning {
				t.Fatalf("after the start: %s", got)
			}
		}
		for range 2 {
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := state(t, s); got != screen.ServiceStopped {
				t.Fatalf("after the stop: %s", got)
			}
		}
		beat, err := s.beat(t.Context())
		if err != nil || beat.Stopped.IsZero() {
			t.Errorf("it was not asked but ended: %+v, %v", beat, err)
		}
	})
	t.Run("without settings it says in words what is missing", func(t *testing.T) {
		s := own(t, nil)
		e := data.AsError(s.Start(t.Context()))
		if e == nil || !strings.Contains(e.Sentence, "server") || e.Next == "" {
			t.Fatalf("%+v", e)
		}
		if got := state(t, s); got != screen.ServiceStopped {
			t.Errorf("state %s", got)
		}
	})
	t.Run("with a damaged database it gives the service's own last words", func(t *testing.T) {
		s := own(t, nil)
		for _, name := range []string{"gateway.db", "gateway.db-wal", "gateway.db-shm"} {
			if err := os.Remove(filepath.Join(s.place.Data, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(s.place.Database(), []byte(strings.Repeat("this is no database", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		e := data.AsError(s.Start(t.Context()))
		if e == nil || !strings.Contains(e.Error(), "database") || strings.HasPrefix(e.Sentence, "E2") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a program that is missing is said", func(t *testing.T) {
		s := own(t, usable)
		s.program = func() (string, error) { return filepath.Join(t.TempDir(), "none"), nil }
		if e := data.AsError(s.Start(t.Context())); e == nil || e.Next == "" {
			t.Fatalf("%+v", e)
		}
		if got := state(t, s); got != screen.ServiceStopped {
			t.Errorf("state %s", got)
		}
	})
	t.Run("what is not ours is not ended", func(t *testing.T) {
		for _, pid := range []int{0, 1, os.Getpid()} {
			if err := askToStop(pid); data.CodeOf(err) != data.CodeNotNow {
				t.Errorf("process %d: %v", pid, err)
			}
		}
	})
	t.Run("looking leaves no trace", func(t *testing.T) {
		p := place.At(filepath.Join(t.TempDir(), "data"))
		if got := state(t, newOwnService(p)); got != screen.ServiceStopped {
			t.Errorf("state %s", got)
		}
		if _, err := os.Stat(p.Data); err == nil {
			t.Error("the folder was made")
		}
	})
	t.Run("it has no startup type", func(t *testing.T) {
		if err := own(t, nil).SetStartup(t.Context(), true); data.CodeOf(err) != data.CodeNotNow {
			t.Error(err)
		}
	})
	t.Run("a folder of this person needs no administrator", func(t *testing.T) {
		s := own(t, nil)
		if err := s.UseFolder(t.Context(), t.TempDir()); err != nil {
			t.Error(err)
		}
		if err := s.UseFolder(t.Context(), s.place.Data); data.CodeOf(err) != data.CodeBadSettings {
			t.Error(err)
		}
	})
}
