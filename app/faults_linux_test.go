package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

// served is the screens of a window that looks by itself, with the real service as a process beside it.
type served struct {
	*screentest.Bench
	t        *testing.T
	service  *ownService
	settings *screen.Settings
	overview *screen.Overview
}

// serve opens the window on a data folder with settings and starts the service.
func serve(t *testing.T) *served {
	t.Helper()
	s := &served{t: t, service: own(t, usable)}
	if err := s.service.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Bench = screentest.NewServed(t, s.service.place, s.service)
	s.settings, s.overview = screen.NewSettings(s.Desk), screen.NewOverview(s.Desk)
	s.Watch(s.overview.Refresh)
	s.Watch(func(screen.Change) { s.listen() })
	go s.Run()
	s.Until(func() bool { return s.Facts().Service.Running() })
	return s
}

// listen notes what is said, and fails on words that were written for programmers.
func (s *served) listen() {
	s.t.Helper()
	said := []string{s.settings.Said().Words, s.overview.Service().Words, s.overview.ServiceNote(), s.overview.OrderSaid().Words, s.overview.SendSaid().Words, s.settings.Note("folder").Text}
	for _, n := range s.overview.Needs() {
		said = append(said, n.Words, n.Next)
	}
	for _, one := range said {
		if raw := screentest.Raw(one); len(raw) > 0 {
			s.t.Errorf("%q is shown: %s", raw, one)
		}
	}
}

func (s *served) pid() int {
	s.t.Helper()
	beat, err := s.service.beat(s.t.Context())
	if err != nil || beat.PID <= 1 {
		s.t.Fatalf("%+v, %v", beat, err)
	}
	return beat.PID
}

// freeze stops the service where it stands, as a debugger or a computer without memory does, but not while it writes into
// the database: that would be another test.
func (s *served) freeze(pid int) {
	s.t.Helper()
	s.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	db, err := sql.Open("sqlite", "file:"+s.Place().Database()+"?_txlock=immediate&_pragma=busy_timeout(0)")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for range 1000 {
		s.signal(pid, syscall.SIGSTOP)
		if tx, err := db.BeginTx(s.t.Context(), nil); err == nil {
			_ = tx.Rollback()
			return
		}
		s.signal(pid, syscall.SIGCONT)
	}
	s.t.Fatal("it writes without end")
}

func (s *served) signal(pid int, what syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(pid, what); err != nil {
		s.t.Fatal(err)
	}
}

// kill ends the service without a word and waits until the system has forgotten it.
func (s *served) kill(pid int) {
	s.t.Helper()
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = unix.Close(process) }()
	s.signal(pid, syscall.SIGKILL)
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(process), Events: unix.POLLIN}}, 20_000); err != nil { //nolint:gosec // a descriptor is small
		s.t.Fatal(err)
	}
	s.Wake()
}

func (s *served) says(got string, want ...string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			s.t.Errorf("%q does not say %q", got, w)
		}
	}
	if raw := screentest.Raw(got); len(raw) > 0 {
		s.t.Errorf("%q is shown: %s", raw, got)
	}
}

const waits = "Saved. Waiting for the service to take it over."

// saves saves something, with the service frozen, until Save waits for it.
func (s *served) saves(pid int) {
	s.t.Helper()
	s.freeze(pid)
	s.settings.Set("from.name", "The Library")
	s.settings.Save(nil)
	s.Until(func() bool { return s.settings.Said().Words == waits })
}

func TestServiceFaults(t *testing.T) {
	t.Run("killed while Save waits: told at once; started from there, it confirms and every screen follows", func(t *testing.T) {
		s := serve(t)
		pid := s.pid()
		s.saves(pid)
		s.kill(pid)
		s.Until(func() bool { return !s.settings.Busy() })
		s.says(s.settings.Said().Words, "Saved, but the service has stopped.", "Start it to use the new settings.")
		if !s.settings.Said().Start || s.settings.Dirty() {
			t.Errorf("%+v", s.settings.Said())
		}
		s.Until(func() bool { return s.Facts().Service.State == screen.ServiceStopped })
		s.says(s.overview.ServiceNote(), "It ended without a word.", "What it was sending is not lost.")
		s.settings.StartService()
		s.Until(func() bool { return !s.settings.Busy() })
		s.says(s.settings.Said().Words, "Saved. The service runs with the new settings since ")
		s.Until(func() bool { return s.Facts().Service.Running() && s.Facts().Beat.PID != pid })
		if got := s.pid(); got == pid {
			t.Error("it is still the one that was killed")
		}
	})
	t.Run("killed while Test waits for it: told, with what to do, and tested again after a start", func(t *testing.T) {
		s := serve(t)
		pid := s.pid()
		s.freeze(pid)
		test := screen.NewServerTest(s.Desk, s.settings, 1)
		test.Test()
		s.Until(func() bool { return test.Stage() == screen.TestWaiting })
		s.kill(pid)
		s.Until(func() bool { return test.Stage() == screen.TestEnded })
		ok, result, remedy := test.End()
		s.says(result+" "+remedy, "the service is not running", "Start the service again, then test again.")
		if ok || test.Running() {
			t.Error("it is called a success, or still waited for")
		}
		test.Test() // starts the service itself
		s.Until(func() bool { return test.Stage() == screen.TestEnded })
		_, result, remedy = test.End()
		s.says(result + " " + remedy) // nobody listens at the server's port, and that is what it says now
		if strings.Contains(result, "service") {
			t.Errorf("%q is about the service", result)
		}
	})
	t.Run("frozen while Save waits: not waited for without end, and asked again when it goes on", func(t *testing.T) {
		s := serve(t)
		pid := s.pid()
		s.settings.Patience = time.Second
		s.saves(pid)
		s.Until(func() bool { return !s.settings.Busy() })
		s.says(s.settings.Said().Words, "Saved, but the service did not answer within 1 seconds.")
		if !s.settings.Said().Again {
			t.Errorf("%+v", s.settings.Said())
		}
		s.signal(pid, syscall.SIGCONT)
		s.settings.Patience = 15 * time.Second
		s.settings.TryAgain()
		s.Until(func() bool { return !s.settings.Busy() })
		s.says(s.settings.Said().Words, "Saved. The service runs with the new settings since ")
	})
	t.Run("killed and started by somebody else: the window follows by itself", func(t *testing.T) {
		s := serve(t)
		pid := s.pid()
		s.kill(pid)
		s.Until(func() bool { return s.Facts().Service.State == screen.ServiceStopped })
		if err := s.service.Start(t.Context()); err != nil { // nobody pressed anything in the window
			t.Fatal(err)
		}
		s.Until(func() bool { return s.Facts().Service.Running() && s.Facts().Beat.PID != pid })
		s.says(s.overview.Service().Words, "The service is running")
	})
}

// TestFolderFaults has the real service watch a folder that goes away under it, and the window say so.
func TestFolderFaults(t *testing.T) {
	for _, c := range []struct {
		name     string
		spoil    func(t *testing.T, path string)
		overview string
		settings string
	}{
		{"gone", func(*testing.T, string) {}, "it is not there", "This folder is not there."},
		{"a file in its place", func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path, []byte("no folder"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "another one stands in its place", "it is a file"},
		{"another folder in its place", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, "another one stands in its place", "The service cannot reach this folder."},
		{"a link that leads nowhere in its place", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Symlink(path+"-nowhere", path); err != nil {
				t.Fatal(err)
			}
		}, "folder", "This folder is not there."},
		{"a link in a circle in its place", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Symlink(path, path); err != nil {
				t.Fatal(err)
			}
		}, "folder", "lead in a circle"},
	} {
		t.Run(c.name+": words on the Overview and beside the setting, and it clears by itself", func(t *testing.T) {
			s := serve(t)
			path := filepath.Join(t.TempDir(), "mail")
			if err := os.Mkdir(path, 0o755); err != nil { //nolint:gosec // of the test
				t.Fatal(err)
			}
			s.settings.Set("folder", path)
			s.settings.Save(nil)
			s.Until(func() bool { return !s.settings.Busy() })
			s.says(s.settings.Said().Words, "Saved. The service runs")
			s.check()
			if err := os.Rename(path, path+"-away"); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, path)
			s.check()
			s.Until(func() bool { return s.Facts().Beat.Trouble != "" })
			folder := screen.NewFolder(s.Desk, s.settings)
			done := false
			folder.OnChange = func() { done = true }
			folder.Edited()
			s.Until(func() bool { return done })
			_, words := folder.Words()
			s.says(words, c.settings)
			s.says(s.needs(), "folder", c.overview)
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path+"-away", path); err != nil {
				t.Fatal(err)
			}
			s.check()
			s.Until(func() bool { return s.Facts().Beat.Trouble == "" })
		})
	}
}

// check has the service look at folder and queue now, and waits until it has.
func (s *served) check() {
	s.t.Helper()
	s.overview.SendNow(nil)
	s.Until(func() bool { return s.overview.CanSend() })
}

func (s *served) needs() string {
	var all []string
	for _, n := range s.overview.Needs() {
		all = append(all, n.Words, n.Next)
	}
	return strings.Join(all, " ")
}
