package lists_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/lists"
)

const (
	pupils = "StKey,Firstname,Surname,pGroup,Email\n1,Ben,Cole,7B,ben@school.org\n2,Eve,Dunn,8A,\n"
	books  = "StKey,Title,Barcode,Due Date\n1,Dune,001,2026-11-20\n2,Emma,002,2026-12-24\n"
)

// shelf is a library with a folder for lists.
type shelf struct {
	*storetest.Library

	t   *testing.T
	dir string
	l   *lists.Lists
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{Library: storetest.New(t, time.Date(2026, 11, 23, 2, 0, 0, 0, time.Local)), t: t, dir: t.TempDir()}
	if err := s.SaveMapping(t.Context(), data.Mapping{Name: "nightly", Kind: data.RosterLoans, Complete: true, Columns: map[string]string{"StKey": "patron_key", "Title": "title", "Barcode": "barcode", "Due Date": "due"}}); err != nil {
		t.Fatal(err)
	}
	s.open()
	return s
}

func (s *shelf) open() {
	s.t.Helper()
	var err error
	if s.l, err = lists.Open(s.dir, lists.Options{Store: s.Store, Work: s.t.TempDir(), Now: s.Now}); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.l.Close() })
}

// put writes a list as of now.
func (s *shelf) put(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Chtimes(path, s.Now(), s.Now()); err != nil {
		s.t.Fatal(err)
	}
}

// look looks, and again when a list that nobody touches any more is finished.
func (s *shelf) look() lists.Report {
	s.t.Helper()
	var all lists.Report
	for range 2 {
		r, err := s.l.Look(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		all.Imported, all.Held = append(all.Imported, r.Imported...), all.Held+r.Held
		s.Set(s.Now().Add(11 * time.Minute))
	}
	return all
}

func (s *shelf) names() string {
	s.t.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestLook(t *testing.T) {
	t.Run("patrons come before the loans of the same look, and both are put aside as done", func(t *testing.T) {
		s := newShelf(t)
		s.put("a-loans.csv", books)
		s.put("patrons.csv", pupils)
		r := s.look()
		if len(r.Imported) != 2 || r.Imported[0].Kind != data.RosterPatrons || r.Imported[1].New != 2 || r.Held != 0 {
			t.Fatalf("%+v", r)
		}
		if got := s.names(); got != "a-loans.csv.done-2026-11-23 patrons.csv.done-2026-11-23" {
			t.Fatal(got)
		}
	})
	t.Run("a list that is just written is not taken before it lies still", func(t *testing.T) {
		s := newShelf(t)
		s.look()
		s.put("patrons.csv", pupils[:40])
		f, err := os.OpenFile(filepath.Join(s.dir, "patrons.csv"), os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		_, _ = f.WriteString(pupils[40:60])
		if r, err := s.l.Look(t.Context()); err != nil || r.Waiting != 1 || len(r.Imported) != 0 || r.Again.IsZero() {
			t.Fatalf("%+v %v", r, err)
		}
		_, _ = f.WriteString(pupils[60:])
		if r := s.look(); len(r.Imported) != 1 || r.Imported[0].New != 2 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a truncated list is held with the reason, changes nothing, and the next good one ends the alarm", func(t *testing.T) {
		s := newShelf(t)
		s.put("patrons.csv", pupils)
		s.put("loans.csv", books)
		s.look()
		s.Set(s.Now().Add(time.Hour))
		s.put("loans.csv", "StKey,Title,Barcode,Due Date\n")
		if r := s.look(); r.Held != 1 || len(r.Imported) != 0 {
			t.Fatalf("%+v", r)
		}
		if words, remedy := s.l.Trouble(); !strings.Contains(words, "The list is empty") || remedy == "" {
			t.Fatal(words, remedy)
		}
		text, err := os.ReadFile(filepath.Join(s.dir, "loans.csv.held.txt"))
		if err != nil || !strings.Contains(string(text), "The list is empty") {
			t.Fatalf("%v %s", err, text)
		}
		_ = s.l.Close()
		s.open()
		s.look()
		if words, _ := s.l.Trouble(); !strings.Contains(words, "The list is empty") {
			t.Fatal("after a restart: ", words)
		}
		s.put("loans.csv", books)
		s.look()
		if words, _ := s.l.Trouble(); words != "" {
			t.Fatal(words)
		}
	})
	t.Run("without a mapping it is held, and says what to do", func(t *testing.T) {
		s := newShelf(t)
		s.put("loans.csv", "Who,What,Code,When\n1,Dune,001,2026-11-20\n")
		s.look()
		if words, remedy := s.l.Trouble(); !strings.Contains(words, "No mapping is saved") || !strings.Contains(remedy, "once by hand") {
			t.Fatal(words, remedy)
		}
	})
	t.Run("links and folders are not followed, other files stay", func(t *testing.T) {
		s := newShelf(t)
		outside := filepath.Join(t.TempDir(), "patrons.csv")
		if err := os.WriteFile(outside, []byte(pupils), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(s.dir, "patrons.csv")); err != nil {
			t.Skip(err)
		}
		if err := os.Mkdir(filepath.Join(s.dir, "more.csv"), 0o700); err != nil {
			t.Fatal(err)
		}
		s.put("notes.part", pupils)
		if r := s.look(); len(r.Imported) != 0 || s.names() != "more.csv notes.part patrons.csv" {
			t.Fatalf("%+v %s", r, s.names())
		}
	})
	t.Run("what was taken in before a crash is only put aside; an older list changes nothing", func(t *testing.T) {
		s := newShelf(t)
		s.put("patrons.csv", pupils)
		s.put("loans.csv", books)
		s.look()
		if err := os.Rename(filepath.Join(s.dir, "loans.csv.done-2026-11-23"), filepath.Join(s.dir, "loans.csv")); err != nil {
			t.Fatal(err)
		}
		if r := s.look(); len(r.Imported) != 0 || r.Held != 0 || !strings.Contains(s.names(), "loans.csv.done") {
			t.Fatalf("%+v %s", r, s.names())
		}
		s.put("loans.csv", books)
		old := s.Now().AddDate(0, 0, -3)
		if err := os.Chtimes(filepath.Join(s.dir, "loans.csv"), old, old); err != nil {
			t.Fatal(err)
		}
		if r := s.look(); r.Held != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("only the last five are kept", func(t *testing.T) {
		s := newShelf(t)
		for range 7 {
			s.put("patrons.csv", pupils)
			s.look()
			s.Set(s.Now().AddDate(0, 0, 1))
		}
		if got := s.names(); strings.Count(got, "done") != 5 || strings.Contains(got, "11-24") || !strings.Contains(got, "11-29") {
			t.Fatal(got)
		}
	})
	t.Run("a folder that is gone is an error in words", func(t *testing.T) {
		s := newShelf(t)
		if err := os.RemoveAll(s.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := s.l.Look(t.Context()); data.CodeOf(err) != data.CodeNoAccess || s.l.Healthy() == nil {
			t.Fatal(err)
		}
	})
}
