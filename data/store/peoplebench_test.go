package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// How many people the benchmarks have, each with four loans; SMTP_GATEWAY_BENCH_PATRONS says otherwise.
func benchPatrons() int {
	if n, err := strconv.Atoi(os.Getenv("SMTP_GATEWAY_BENCH_PATRONS")); err == nil {
		return n
	}
	return 50_000
}

var (
	syllables = []string{"an", "ber", "ca", "do", "el", "fi", "gu", "ho", "i", "jo", "ka", "lin", "ma", "no", "o", "pe", "ra", "sa", "ti", "ul", "ve", "wil", "y", "za", "é", "ø"}
	benchDay  = data.NewDate(2026, time.November, 23)
)

// bigSchool is people and loans as a large system exports them, in an order of its own; the same each time.
func bigSchool(n int) ([]data.Changed, []data.Changed) {
	r := rand.New(rand.NewPCG(1, 2))
	name := func() string {
		s := ""
		for range 2 + r.IntN(2) {
			s += syllables[r.IntN(len(syllables))]
		}
		return s
	}
	people, loans := make([]data.Changed, n), make([]data.Changed, 0, 4*n)
	for i, k := range r.Perm(n) {
		first, last := name(), name()
		p := &data.Patron{
			Key: fmt.Sprintf("S%07d", k), Card: fmt.Sprintf("2%08d", k*7), First: first, Last: last, Group: fmt.Sprintf("%d%c", 1+k%12, 'A'+k%9),
			Level: strconv.Itoa(1 + k%12), Email: fmt.Sprintf("%s.%s%d@students.school.org", first, last, k%100), AutoOverdue: true,
			Guardians: []data.Guardian{{Name: name() + " " + last, Email: fmt.Sprintf("%s%d@mail.org", last, k), Notices: true}},
		}
		people[i] = data.Changed{After: p, Row: i + 2}
		for j := range 4 {
			barcode := fmt.Sprintf("3%09d", (k*4+j)*13)
			loans = append(loans, data.Changed{Owner: p.Key, Row: len(loans) + 2, Is: &data.Loan{
				Key: data.LoanKey(p.Key, barcode), Barcode: barcode, Title: "The " + name() + " of " + name() + " and " + name(), Author: name() + ", " + name(),
				CallNumber: "FIC " + name(), Due: benchDay + data.Date(r.IntN(60)-12), Issued: benchDay - 30, Price: "12.95",
			}})
		}
	}
	return people, loans
}

func importInto(b *testing.B, s *store.Store, kind data.RosterKind, fill func(*data.ChangeSet)) time.Duration {
	b.Helper()
	base, err := s.RosterRevision(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	set := &data.ChangeSet{Batch: &data.Batch{Kind: kind, Complete: true}, Base: base}
	fill(set)
	begin := time.Now()
	if _, err := s.Import(b.Context(), set, nil); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}

// peopled is a store with a large school; with SMTP_GATEWAY_BENCH_DIR it is kept there for the next run.
func peopled(b *testing.B) *store.Store {
	b.Helper()
	dir := os.Getenv("SMTP_GATEWAY_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := store.Create(b.Context(), filepath.Join(dir, "people.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if c, err := s.PatronCounts(b.Context(), benchDay); err != nil || c.Patrons > 0 {
		return s
	}
	people, loans := bigSchool(benchPatrons())
	importInto(b, s, data.RosterPatrons, func(set *data.ChangeSet) { set.New = people })
	importInto(b, s, data.RosterLoans, func(set *data.ChangeSet) { set.New = loans })
	return s
}

// A large school's lists, new; then lists of them in which nothing changed.
func BenchmarkImport(b *testing.B) {
	people, loans := bigSchool(benchPatrons())
	var took [4]time.Duration
	for range b.N {
		s := benchStore(b)
		took[0] += importInto(b, s, data.RosterPatrons, func(set *data.ChangeSet) { set.New = people })
		took[1] += importInto(b, s, data.RosterLoans, func(set *data.ChangeSet) { set.New = loans })
		took[2] += importInto(b, s, data.RosterPatrons, func(set *data.ChangeSet) { set.Same = len(people) })
		took[3] += importInto(b, s, data.RosterLoans, func(set *data.ChangeSet) { set.Same = len(loans) })
		_ = s.Close()
	}
	for i, name := range []string{"ms/patrons", "ms/loans", "ms/same-patrons", "ms/same-loans"} {
		b.ReportMetric(float64(took[i].Microseconds())/1000/float64(b.N), name)
	}
}

// What planning reads: everybody, and those with something due in a few days.
func BenchmarkRoster(b *testing.B) {
	s := peopled(b)
	for _, c := range []struct {
		name string
		q    data.RosterQuery
	}{
		{"all", data.RosterQuery{Loans: true}},
		{"without loans", data.RosterQuery{}},
		{"due on a day", data.RosterQuery{Loans: true, DueFrom: benchDay, DueTo: benchDay}},
		{"a group", data.RosterQuery{Loans: true, Groups: []string{"4A"}}},
		{"one", data.RosterQuery{Loans: true, Patrons: []int64{77}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			n, out := 0, 0
			for range b.N {
				r, err := s.Roster(b.Context(), c.q)
				if err != nil {
					b.Fatal(err)
				}
				n, out = len(r.Patrons), len(r.Loans)
			}
			b.ReportMetric(float64(n), "patrons")
			b.ReportMetric(float64(out), "borrowers")
		})
	}
}

// The list of patrons as somebody types, and in every way it is filtered.
func BenchmarkPatrons(b *testing.B) {
	s := peopled(b)
	middle, err := s.Patrons(b.Context(), data.PatronQuery{Search: "ma", Limit: 100})
	if err != nil || len(middle) == 0 {
		b.Fatal(err)
	}
	after := &middle[len(middle)-1].Patron
	for _, c := range []struct {
		name string
		q    data.PatronQuery
	}{
		{"first page", data.PatronQuery{}},
		{"middle", data.PatronQuery{After: after}},
		{"search a", data.PatronQuery{Search: "a"}},
		{"search s", data.PatronQuery{Search: "s"}},
		{"search a, middle", data.PatronQuery{Search: "a", After: after}},
		{"search two letters", data.PatronQuery{Search: "be"}},
		{"search name", data.PatronQuery{Search: after.Last}},
		{"search two words", data.PatronQuery{Search: "a b"}},
		{"search everybody", data.PatronQuery{Search: "school"}},
		{"search card", data.PatronQuery{Search: after.Card}},
		{"search nothing", data.PatronQuery{Search: "nowhere"}},
		{"group", data.PatronQuery{Group: "4A"}},
		{"group, search", data.PatronQuery{Group: "4A", Search: "a"}},
		{"overdue", data.PatronQuery{Filter: data.FilterOverdue}},
		{"overdue, search", data.PatronQuery{Filter: data.FilterOverdue, Search: "a"}},
		{"no address", data.PatronQuery{Filter: data.FilterNoAddress}},
		{"held", data.PatronQuery{Filter: data.FilterHeld}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.q.Limit, c.q.WithOut, c.q.Today = 100, true, benchDay
			rows := 0
			for range b.N {
				page, err := s.Patrons(b.Context(), c.q)
				if err != nil {
					b.Fatal(err)
				}
				rows = len(page)
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
	b.Run("counts", func(b *testing.B) {
		for range b.N {
			if _, err := s.PatronCounts(b.Context(), benchDay); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("groups", func(b *testing.B) {
		for range b.N {
			if _, err := s.Groups(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
