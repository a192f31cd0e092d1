package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
)

// nightShift is a service in a process of its own, with a folder for lists.
type nightShift struct {
	*desk

	exe, lists string
	service    *exec.Cmd
}

// newNightShift has n pupils, K0 with a notice that waits because no server answers, and a mapping for lists of loans.
func newNightShift(t *testing.T, n int) *nightShift {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and kills the real program")
	}
	s := &nightShift{exe: program(t), lists: t.TempDir()}
	s.desk = newDesk(t, "server1.host=127.0.0.1", "server1.port=1", "server1.security=none", "from.address=library@example.org",
		"test_to=me@example.org", "log.daily_at=", "practice.letters=false", "overdue.at=00:00", "overdue.enabled=true", "overdue.stages=+1", "imports.folder="+s.lists)
	s.withLibrary(func(l *storetest.Library) {
		ids := l.Class(n)
		l.Lent(data.Loan{Patron: ids[0], Key: data.LoanKey("K0", "b0"), Title: "Dune", Due: l.Today() - 1})
		if err := l.Approve(t.Context(), l.Now()); err != nil {
			t.Fatal(err)
		}
		m := data.Mapping{Name: "nightly", Kind: data.RosterLoans, Complete: true, Columns: map[string]string{"Pupil": "patron_key", "Title": "title", "Barcode": "barcode", "Due": "due"}}
		if err := l.SaveMapping(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	})
	s.ok("notices", "run")
	s.want(map[data.State]string{data.Waiting: "kim0@school.org"})
	return s
}

// want looks who gets mail, by its state.
func (s *nightShift) want(all map[data.State]string) {
	s.t.Helper()
	s.withLibrary(func(l *storetest.Library) {
		for _, state := range []data.State{data.Waiting, data.Cancelled, data.Held, data.Sent} {
			var got []string
			for _, e := range l.In(state) {
				got = append(got, e.Recipient)
			}
			if strings.Join(got, " ") != all[state] {
				s.t.Fatalf("%s: %v, want %q", state, got, all[state])
			}
		}
	})
}

// begin starts the service and waits until it watches.
func (s *nightShift) begin() {
	s.t.Helper()
	s.service = exec.Command(s.exe, "--data", s.data, "run") //nolint:gosec // our own program
	s.service.Stdout, s.service.Stderr = io.Discard, io.Discard
	if err := s.service.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.kill)
	info, err := os.Stat(s.lists)
	if err != nil {
		s.t.Fatal(err)
	}
	watch := fmt.Sprintf(" ino:%x ", info.Sys().(*syscall.Stat_t).Ino) //nolint:errcheck,forcetypeassert // of Linux
	s.until("it watches", func() bool {
		all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", s.service.Process.Pid))
		return slices.ContainsFunc(all, func(one string) bool {
			text, err := os.ReadFile(one) //nolint:gosec // of the system
			return err == nil && strings.Contains(string(text), "inotify wd:") && strings.Contains(string(text), watch)
		})
	})
}

// kill ends the service as a power cut does.
func (s *nightShift) kill() {
	_ = s.service.Process.Kill()
	_ = s.service.Wait()
}

// put moves a list into the folder, as of now.
func (s *nightShift) put(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.lists, name+".part")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.rename(name+".part", name)
}

func (s *nightShift) rename(from, to string) {
	s.t.Helper()
	if err := os.Rename(filepath.Join(s.lists, from), filepath.Join(s.lists, to)); err != nil {
		s.t.Fatal(err)
	}
}

// child waits for the process that takes lists in.
func (s *nightShift) child() int {
	s.t.Helper()
	pid := 0
	s.until("a list is taken in", func() bool {
		all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.service.Process.Pid))
		for _, one := range all {
			if text, err := os.ReadFile(one); err == nil {
				if words := strings.Fields(string(text)); len(words) > 0 {
					pid, _ = strconv.Atoi(words[0])
				}
			}
		}
		return pid != 0
	})
	return pid
}

func gone(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(text), ") Z ")
}

// imports are those of the folder, the newest first.
func (s *nightShift) imports() []data.ImportRecord {
	s.t.Helper()
	var all []data.ImportRecord
	s.withLibrary(func(l *storetest.Library) {
		got, err := l.Imports(s.t.Context(), 100)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, r := range got {
			if r.Origin != "" {
				all = append(all, r)
			}
		}
	})
	return all
}

func (s *nightShift) counts() (n data.PatronCounts) {
	s.t.Helper()
	s.withLibrary(func(l *storetest.Library) {
		var err error
		if n, err = l.PatronCounts(s.t.Context(), l.Today()); err != nil {
			s.t.Fatal(err)
		}
	})
	return n
}

func (s *nightShift) putAside() bool {
	all, _ := filepath.Glob(filepath.Join(s.lists, "*.done-*-loans"))
	return len(all) == 1
}

// committed waits a while for an import that may never come, as nobody ordered it.
func (s *nightShift) committed() bool {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	limit := time.After(10 * time.Second)
	for len(s.imports()) == 0 {
		select {
		case <-look.C:
		case <-limit:
			return false
		}
	}
	return true
}

// TestListsKilled kills the service around an import. What it left is taken in once, and nobody is told twice or of a book that
// is back.
func TestListsKilled(t *testing.T) {
	const people, loans = 4000, 30_000
	t.Run("while a list is taken in: all of it or nothing, and once in the end", func(t *testing.T) {
		s := newNightShift(t, people)
		var text strings.Builder
		text.WriteString("Pupil,Title,Barcode,Due\n")
		for i := range loans {
			fmt.Fprintf(&text, "K%d,A book,n%d,%s\n", i%people, i, data.DateOf(time.Now())+7)
		}
		name := "loans-0.csv"
		half, done := 0, false
		for round := 0; round < 4 && !done; round++ {
			s.begin()
			if round == 0 {
				s.put(name, text.String())
			} else {
				s.rename(name, fmt.Sprintf("loans-%d.csv", round)) // a program that was killed does not know any more that it was finished
				name = fmt.Sprintf("loans-%d.csv", round)
			}
			pid := s.child()
			wal := filepath.Join(s.data, "gateway.db-wal")
			begun := int64(0)
			if info, err := os.Stat(wal); err == nil {
				begun = info.Size()
			}
			s.until("rows are written", func() bool {
				info, err := os.Stat(wal)
				return gone(pid) || round == 0 || err == nil && info.Size() >= begun+int64(round)<<18
			})
			s.kill()
			s.until("the process that takes lists in ends with the service", func() bool { return gone(pid) })
			switch n, out := len(s.imports()), s.counts().Loans; {
			case n == 0 && out == 1:
				half++
			case n == 1 && out == loans:
				done = true
			default:
				t.Fatalf("round %d: %d imports, %d loans", round, n, out)
			}
		}
		if half == 0 {
			t.Fatal("it was never killed in the middle")
		}
		s.begin()
		if !s.putAside() {
			s.rename(name, "loans-last.csv")
		}
		s.until("put aside", s.putAside)
		if n := s.imports(); len(n) != 1 || n[0].New != loans || n[0].Gone != 1 || n[0].Notices != 1 {
			t.Fatalf("%+v", n)
		}
		s.want(map[data.State]string{data.Cancelled: "kim0@school.org"})
	})
	t.Run("between the commit and putting the list aside: it is only put aside, and notices go out once", func(t *testing.T) {
		s, pid := newNightShift(t, 20), 0
		for round := 1; ; round++ {
			s.begin()
			s.put("loans.csv", fmt.Sprintf("Pupil,Title,Barcode,Due\nK1,Emma,b1,%s\n", data.DateOf(time.Now())-1))
			pid = s.child()
			if err := s.service.Process.Signal(syscall.SIGSTOP); err != nil { // it hears of the commit no more
				t.Fatal(err)
			}
			if s.committed() && !s.putAside() {
				break
			}
			// Stopped before it had said what to take in, or after it heard of the commit.
			if s.kill(); round == 10 {
				t.Fatal("it was never stopped in between")
			}
			s = newNightShift(t, 20)
		}
		s.kill()
		s.until("the process that takes lists in ends", func() bool { return gone(pid) })
		s.begin()
		s.rename("loans.csv", "loans-again.csv")
		s.until("put aside", s.putAside)
		if n := s.imports(); len(n) != 1 || n[0].Notices != 1 {
			t.Fatalf("%+v", n)
		}
		s.want(map[data.State]string{data.Cancelled: "kim0@school.org"})
		for range 2 {
			s.ok("notices", "run")
		}
		s.want(map[data.State]string{data.Cancelled: "kim0@school.org", data.Waiting: "kim1@school.org"})
	})
}
