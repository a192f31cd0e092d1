package lists_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/roster"
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

	t    *testing.T
	dir  string
	l    *lists.Lists
	take lists.Taker // nil: this process
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

// byHand takes a list in as a person does, as of an hour ago.
func (s *shelf) byHand(text string) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "first.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	ctx := s.t.Context()
	f, err := roster.Open(path, roster.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	b, _, err := f.Read(ctx, f.Propose("").Mapping, s.Today())
	if err != nil {
		s.t.Fatal(err)
	}
	b.Taken = s.Now().Add(-time.Hour)
	base, err := s.RosterRevision(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	old, err := s.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: true})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Import(ctx, roster.Diff(b, old, base, s.Today()), nil); err != nil {
		s.t.Fatal(err)
	}
}

// newSchool is a shelf of a library that took its first lists in by hand.
func newSchool(t *testing.T) *shelf {
	t.Helper()
	s := newShelf(t)
	s.byHand(pupils)
	s.byHand(books)
	return s
}

func (s *shelf) open() {
	s.t.Helper()
	var err error
	if s.l, err = lists.Open(s.dir, lists.Options{Store: s.Store, Work: s.t.TempDir(), Now: s.Now, Take: s.take}); err != nil {
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
		s := newSchool(t)
		s.put("a-loans.csv", books+"3,Momo,003,2026-12-24\n")
		s.put("patrons.csv", pupils+"3,Kim,East,8A,\n")
		r := s.look()
		if len(r.Imported) != 2 || r.Imported[0].Kind != data.RosterPatrons || r.Imported[1].New != 1 || r.Held != 0 {
			t.Fatalf("%+v", r)
		}
		if got := s.names(); got != "a-loans.csv.done-2026-11-23-loans patrons.csv.done-2026-11-23-patrons" {
			t.Fatal(got)
		}
	})
	t.Run("a list that is just written is not taken before it lies still", func(t *testing.T) {
		s := newSchool(t)
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
		if err := os.Chtimes(f.Name(), s.Now(), s.Now()); err != nil { // the clock of this library
			t.Fatal(err)
		}
		if r := s.look(); len(r.Imported) != 1 || r.Imported[0].Same != 2 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a truncated list is held with the reason, changes nothing, and the next good one ends the alarm", func(t *testing.T) {
		s := newSchool(t)
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
		s := newSchool(t)
		s.put("loans.csv", "Who,What,Code,When\n1,Dune,001,2026-11-20\n")
		s.look()
		if words, remedy := s.l.Trouble(); !strings.Contains(words, "No mapping is saved") || !strings.Contains(remedy, "once by hand") {
			t.Fatal(words, remedy)
		}
	})
	t.Run("the first list of a kind is held, also where its mapping is saved; once one was taken in by hand, they flow", func(t *testing.T) {
		s := newShelf(t)
		s.put("patrons.csv", pupils)
		s.put("loans.csv", books)
		if r := s.look(); r.Held != 2 || len(r.Imported) != 0 {
			t.Fatalf("%+v", r)
		}
		if words, remedy := s.l.Trouble(); !strings.Contains(words, "It is the first list of") || !strings.Contains(remedy, "once by hand") {
			t.Fatal(words, remedy)
		}
		s.Set(s.Now().Add(time.Hour))
		s.byHand(pupils)
		s.byHand(books)
		s.put("loans.csv", books)
		if r := s.look(); len(r.Imported) != 1 {
			t.Fatalf("%+v", r)
		}
		if words, _ := s.l.Trouble(); words != "" {
			t.Fatal(words)
		}
	})
	t.Run("a layout that is known flows in as it was taken in by hand: not as complete after one that was not", func(t *testing.T) {
		s := newSchool(t)
		s.Class(0) // lists some only
		s.Set(s.Now().Add(time.Hour))
		s.put("patrons.csv", pupils)
		if r := s.look(); r.Held != 1 {
			t.Fatalf("%+v", r)
		}
		if words, _ := s.l.Trouble(); !strings.Contains(words, "would count as complete") {
			t.Fatal(words)
		}
	})
	t.Run("links and folders are not followed, other files stay", func(t *testing.T) {
		s := newSchool(t)
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
		s := newSchool(t)
		s.put("patrons.csv", pupils)
		s.put("loans.csv", books)
		s.look()
		if err := os.Rename(filepath.Join(s.dir, "loans.csv.done-2026-11-23-loans"), filepath.Join(s.dir, "loans.csv")); err != nil {
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
	t.Run("only the last five of each kind are kept, whatever their names; of the held ones with their reasons", func(t *testing.T) {
		s := newSchool(t)
		for range 7 {
			day := s.Today().String()
			s.put("patrons_"+day+".csv", pupils)
			s.put("loans-"+day+".csv", books)
			s.look()
			s.put("cut-"+day+".csv", "StKey,Title,Barcode,Due Date\n")
			s.look()
			s.Set(s.Now().AddDate(0, 0, 1))
		}
		got := s.names()
		for _, one := range []string{"-patrons", "-loans", ".held ", ".held.txt"} {
			if n := strings.Count(got+" ", one); n != 5 {
				t.Errorf("%d of %q: %s", n, one, got)
			}
		}
		if strings.Contains(got, "11-24") || !strings.Contains(got, "11-29") {
			t.Fatal(got)
		}
	})
	t.Run("the same list exported anew is a new list, though nothing changes", func(t *testing.T) {
		s := newSchool(t)
		for range 3 {
			s.Set(s.Now().AddDate(0, 0, 1))
			s.put("loans.csv", books)
			at := s.Now()
			if r := s.look(); len(r.Imported) != 1 || r.Imported[0].Same != 2 || !r.Imported[0].Taken.Equal(at) {
				t.Fatalf("%+v", r)
			}
		}
	})
	t.Run("a list that is held is told to who asks without the service, and its reason goes when a person takes it away", func(t *testing.T) {
		s := newSchool(t)
		s.Set(s.Now().Add(time.Hour))
		s.put("loans.csv", "StKey,Title,Barcode,Due Date\n")
		s.look()
		st, err := lists.Stands(t.Context(), s.dir, s.Store)
		if err != nil || len(st.Held) != 1 || st.Held[0].Name != "loans.csv" || st.Held[0].Kind != data.RosterLoans || !strings.Contains(st.Held[0].Sentence, "empty") || st.Left != 0 {
			t.Fatalf("%+v %v", st, err)
		}
		if err := os.Remove(filepath.Join(s.dir, "loans.csv.held")); err != nil {
			t.Fatal(err)
		}
		s.look()
		if words, _ := s.l.Trouble(); words != "" || s.names() != "" {
			t.Fatal(words, s.names())
		}
	})
	t.Run("a folder that is gone is an error in words", func(t *testing.T) {
		s := newSchool(t)
		if err := os.RemoveAll(s.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := s.l.Look(t.Context()); data.CodeOf(err) != data.CodeNoAccess || s.l.Healthy() == nil {
			t.Fatal(err)
		}
	})
}
